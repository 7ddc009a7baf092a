#include "git/packed_refs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::git {
namespace {

constexpr std::size_t hex_digits = 40;

[[noreturn]] void throw_unreadable(std::string_view line) {
  throw Error(
      ErrorKind::fatal,
      fmt::format("unexpected line in packed-refs: '{}'", text::printable(line.substr(0, 80))),
      Hint{"to find what is damaged, run: git fsck"});
}

}  // namespace

PackedRefs PackedRefs::open(const std::string& common_dir) {
  const std::string path = join_path(common_dir, "packed-refs");
  PackedRefs refs;
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return refs;
  if (!fd || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::fatal, fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  refs.map(fd, static_cast<std::size_t>(status.st_size));
  refs.read_header();
  return refs;
}

PackedRefs PackedRefs::of_text(std::string_view text) {
  PackedRefs refs;
  refs.text_ = text;
  refs.read_header();
  return refs;
}

PackedRefs::PackedRefs(PackedRefs&& other) noexcept
    : text_(std::exchange(other.text_, {})),
      first_(other.first_),
      sorted_(other.sorted_),
      mapped_(std::exchange(other.mapped_, nullptr)) {}

PackedRefs::~PackedRefs() {
  if (mapped_ != nullptr) munmap(mapped_, text_.size());
}

void PackedRefs::map(const Fd& fd, std::size_t size) {
  if (size == 0) return;
  void* address = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (address == MAP_FAILED) {  // NOLINT: the macro casts
    throw Error(ErrorKind::fatal, fmt::format("cannot map packed-refs: {}", std::strerror(errno)));
  }
  mapped_ = address;
  text_ = {static_cast<const char*>(address), size};
}

void PackedRefs::read_header() {
  if (!text_.starts_with('#')) return;
  const auto end = text_.find('\n');
  const std::string_view header = text_.substr(0, end);
  sorted_ = header.starts_with("# pack-refs with:") &&
            (header.find(" sorted ") != std::string_view::npos || header.ends_with(" sorted"));
  first_ = end == std::string_view::npos ? text_.size() : end + 1;
}

PackedRefs::Record PackedRefs::record_at(std::size_t position) const {
  const auto line_end = std::min(text_.find('\n', position), text_.size());
  const std::string_view line = text_.substr(position, line_end - position);
  const auto target = Oid::parse(line.substr(0, hex_digits));
  if (!target || line.size() < hex_digits + 2 || line[hex_digits] != ' ') throw_unreadable(line);
  Record record{line.substr(hex_digits + 1), *target, std::min(line_end + 1, text_.size())};
  while (record.next < text_.size() && text_[record.next] == '^') {
    record.next = std::min(text_.find('\n', record.next), text_.size() - 1) + 1;
  }
  return record;
}

/// The start of the record that the byte at `position` belongs to.
std::size_t PackedRefs::record_start(std::size_t position) const {
  for (;;) {
    while (position > first_ && text_[position - 1] != '\n') --position;
    if (position == first_ || text_[position] != '^') return position;
    --position;
  }
}

/// Where the first record whose name is not less than `name` starts.
std::size_t PackedRefs::lower_bound(std::string_view name) const {
  std::size_t low = first_;
  std::size_t high = text_.size();
  while (low < high) {
    const std::size_t middle = record_start(low + (high - low) / 2);
    const Record record = record_at(middle);
    if (record.name < name) {
      low = record.next;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<Oid> PackedRefs::find(std::string_view name) const {
  for (std::size_t at = sorted_ ? lower_bound(name) : first_; at < text_.size();) {
    const Record record = record_at(at);
    if (record.name == name) return record.target;
    if (sorted_) return std::nullopt;
    at = record.next;
  }
  return std::nullopt;
}

std::string_view PackedRefs::text_of(const std::string& prefix) const {
  if (!sorted_ || prefix.empty()) return text_;
  std::string after = prefix;
  ++after.back();  // the first name that can follow all of them
  const std::size_t begin = lower_bound(prefix);
  return text_.substr(begin, lower_bound(after) - begin);
}

void PackedRefs::for_each(
    std::string_view prefix,
    const std::function<void(std::string_view name, const Oid& target)>& visit) const {
  for (std::size_t at = sorted_ ? lower_bound(prefix) : first_; at < text_.size();) {
    const Record record = record_at(at);
    const bool matches = record.name.starts_with(prefix);
    if (matches) visit(record.name, record.target);
    if (sorted_ && !matches) return;
    at = record.next;
  }
}

}  // namespace gitplan::git
