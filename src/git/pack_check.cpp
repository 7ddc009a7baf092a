#include "git/pack_check.hpp"

#include <endian.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

// Of gitformat-pack(5), version 2: magic, version, 256 counts; then for each object its id, its
// checksum, its offset; then offsets of eight bytes; then two checksums.
constexpr std::string_view magic{"\377tOc\0\0\0\2", 8};
constexpr std::size_t counts = 256;
constexpr std::size_t hash_size = 20;
constexpr std::size_t head_size = 8 + counts * 4;
constexpr std::uint32_t is_long = 0x80000000U;

class Mapped {
 public:
  explicit Mapped(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0 || status.st_size == 0) return;
    size_ = static_cast<std::size_t>(status.st_size);
    start_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() {
    if (start_ != MAP_FAILED) munmap(start_, size_);
  }
  [[nodiscard]] std::string_view text() const {
    return start_ == MAP_FAILED ? "" : std::string_view(static_cast<const char*>(start_), size_);
  }

 private:
  void* start_ = MAP_FAILED;
  std::size_t size_ = 0;
};

std::uint32_t number_at(std::string_view text, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, text.data() + at, sizeof number);
  return be32toh(number);
}

std::uint64_t long_number_at(std::string_view text, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, text.data() + at, sizeof number);
  return be64toh(number);
}

/// The highest offset; nothing if the index is too short for its objects.
std::optional<std::uint64_t> highest_offset(std::string_view index) {
  const std::size_t objects = number_at(index, head_size - 4);
  const std::size_t offsets = head_size + objects * (hash_size + 4);
  const std::size_t long_offsets = offsets + objects * 4;
  if (index.size() < long_offsets + 2 * hash_size) return std::nullopt;
  const std::size_t long_count = (index.size() - 2 * hash_size - long_offsets) / 8;
  std::uint64_t highest = 0;
  for (std::size_t i = 0; i < objects; ++i) {
    const std::uint32_t offset = number_at(index, offsets + i * 4);
    const std::size_t at = offset & ~is_long;
    if (offset < is_long) {
      highest = std::max<std::uint64_t>(highest, offset);
    } else if (at >= long_count) {
      return std::nullopt;
    } else {
      highest = std::max(highest, long_number_at(index, long_offsets + at * 8));
    }
  }
  return highest;
}

/// Other versions than the one that all gits of today write are left to libgit2.
bool leads_out_of_pack(const std::string& index_path) {
  const Mapped index(index_path);
  if (index.text().size() < head_size || !index.text().starts_with(magic)) return false;
  std::error_code error;
  const auto pack_size = fs::file_size(fs::path(index_path).replace_extension(".pack"), error);
  if (error) return false;
  const auto highest = highest_offset(index.text());
  return !highest || *highest + hash_size >= pack_size;
}

}  // namespace

std::string damaged_pack(const std::vector<std::string>& objects_folders) {
  for (const std::string& folder : objects_folders) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder + "/pack", error)) {
      const std::string path = entry.path();
      if (path.ends_with(".idx") && leads_out_of_pack(path)) {
        return fmt::format("pack index '{}' is corrupt: it leads out of its pack",
                           text::printable(path));
      }
    }
  }
  return "";
}

}  // namespace gitplan::git
