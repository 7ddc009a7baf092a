#include "git/index_marks.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace gitplan::git {
namespace {

// An index, as gitformat-index(5) has it; numbers are big-endian:
//
//   "DIRC", version, count of entries            4 bytes each
//   entry: stat data and id (60 bytes), flags (2), from version 3 on perhaps more flags (2), path
//     up to version 3: the path, and 1 to 8 NUL that make the entry a multiple of 8 bytes long
//     version 4: how much of the path before it to cut off, and what comes instead up to a NUL
//   extension: name (4), size (4), content
//   checksum (20)
constexpr std::size_t mode_offset = 24;
constexpr std::size_t from_mode_to_flags = 32;
constexpr std::size_t longest_path_told = 0xfff;  // in the flags: this long, or longer
constexpr std::uint32_t kind_of_file = 0170000;
constexpr std::uint32_t submodule = 0160000;
constexpr std::size_t checksum_size = 20;
constexpr std::uint32_t assume_unchanged = 0x8000;
constexpr std::uint32_t extended = 0x4000;
constexpr std::uint32_t skip_worktree = 0x4000;  // among the further flags
constexpr std::uint32_t most_versions = 4;

/// Takes an index apart. Past the end `ok` is false.
class IndexReader {
 public:
  explicit IndexReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  [[nodiscard]] std::size_t position() const { return at_; }

  std::string_view take(std::size_t size) {
    if (size > left()) {
      ok_ = false;
      at_ = bytes_.size();
      return {};
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  std::uint32_t number(std::size_t size) {
    std::uint32_t value = 0;
    for (const char byte : take(size)) value = value << 8U | static_cast<unsigned char>(byte);
    return value;
  }
  /// Seven bits a byte, the largest first, each but the last one more than it says.
  std::size_t offset() {
    std::size_t value = 0;
    for (bool more = true; more && ok_;) {
      const std::uint32_t byte = number(1);
      value = (value << 7U) + (byte & 0x7fU);
      more = (byte & 0x80U) != 0;
      if (more) ++value;
    }
    return value;
  }
  std::string_view until_nul() {
    const std::string_view text = take(std::min(bytes_.find('\0', at_), bytes_.size()) - at_);
    take(1);
    return text;
  }
  /// The same where it is known how long it is.
  std::string_view until_nul(std::size_t size) {
    const std::string_view text = take(size);
    if (number(1) != 0) ok_ = false;
    return text;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

struct Entry {
  std::string path;
  bool is_marked = false;
  bool is_submodule = false;
};

/// `entry` is the one before it.
void read_entry(IndexReader& in, std::uint32_t version, Entry& entry) {
  const std::size_t begin = in.position();
  in.take(mode_offset);
  entry.is_submodule = (in.number(4) & kind_of_file) == submodule;
  in.take(from_mode_to_flags);
  const std::uint32_t flags = in.number(2);
  const bool has_more = version > 2 && (flags & extended) != 0;
  const std::uint32_t more = has_more ? in.number(2) : 0;
  if (version < most_versions) {
    const std::size_t size = flags & longest_path_told;
    entry.path = size < longest_path_told ? in.until_nul(size) : in.until_nul();
    constexpr std::size_t alignment = 8;
    in.take((alignment - (in.position() - begin) % alignment) % alignment);
  } else {
    const std::size_t cut = in.offset();
    entry.path.resize(entry.path.size() - std::min(cut, entry.path.size()));
    entry.path += in.until_nul();
  }
  entry.is_marked = (flags & assume_unchanged) != 0 || (more & skip_worktree) != 0;
}

/// An extension whose name begins with a small letter must be understood: other files, or folders
/// in place of their files, belong to such an index.
bool tells_alone(IndexReader& in) {
  while (in.ok() && in.left() > checksum_size) {
    const std::string_view name = in.take(4);
    if (name.empty() || name.front() < 'A' || name.front() > 'Z') return false;
    in.take(in.number(4));
  }
  return in.ok() && in.left() == checksum_size;
}

void skip_extensions(IndexReader& in) {
  while (in.ok() && in.left() > checksum_size) {
    in.take(4);
    in.take(in.number(4));
  }
}

}  // namespace

// The smallest has no entries, but a checksum.
bool has_index_header(std::string_view first_bytes) {
  return first_bytes.size() >= index_header_size && first_bytes.starts_with("DIRC");
}

bool is_whole_index(std::string_view index) {
  if (!has_index_header(index)) return false;
  IndexReader in(index.substr(4));
  const std::uint32_t version = in.number(4);
  const std::uint32_t count = in.number(4);
  if (version < 2 || version > most_versions) return version > most_versions;
  bool has_nameless = false;  // of a split index: they stand for entries of the shared one
  Entry entry;
  for (std::uint32_t i = 0; i < count; ++i) {
    read_entry(in, version, entry);
    if (!in.ok()) return false;
    has_nameless = has_nameless || entry.path.empty();
  }
  if (IndexReader rest = in; has_nameless && tells_alone(rest)) return false;
  skip_extensions(in);
  return in.ok() && in.left() == checksum_size;
}

std::optional<SpecialEntries> special_in_index(std::string_view index) {
  IndexReader in(index);
  const bool is_index = in.take(4) == "DIRC";
  const std::uint32_t version = in.number(4);
  const std::uint32_t count = in.number(4);
  if (!is_index || version < 2 || version > most_versions) return std::nullopt;
  SpecialEntries special;
  Entry entry;
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    read_entry(in, version, entry);
    if (entry.is_marked) special.marked.push_back(entry.path);
    if (entry.is_submodule) special.submodules.push_back(entry.path);
  }
  if (!tells_alone(in)) return std::nullopt;
  return special;
}

}  // namespace gitplan::git
