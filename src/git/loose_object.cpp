#include "git/loose_object.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan::git {
namespace {

constexpr std::size_t kLongestHeader = 32;      // "commit <20 digits>" and NUL, as git takes it
constexpr std::size_t kBestCompression = 1032;  // of deflate: a larger size is a lie

[[noreturn]] void refuse(std::string_view why) { throw Error(ErrorKind::fatal, std::string(why)); }

std::optional<std::size_t> parse_size(std::string_view digits) {
  const bool is_plain = !digits.empty() && (digits.front() != '0' || digits.size() == 1);
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (!is_plain || error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return size;
}

// "<type> <size>", the NUL behind it left out.
LooseHeader parse_header(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) refuse("bad header");
  const auto size = parse_size(text.substr(space + 1));
  const std::string name(text.substr(0, space));
  const git_object_t type = git_object_string2type(name.c_str());
  // libgit2 takes every name that begins with a type's.
  const bool is_type = git_object_typeisloose(type) != 0 && name == git_object_type2string(type);
  if (!size || !is_type) refuse("bad header");
  return {type, *size};
}

Fd open_file(const std::string& path) {
  // Without waiting, should somebody have put a pipe there.
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && errno != ENOENT && errno != ENOTDIR) refuse(std::strerror(errno));
  return file;
}

std::size_t size_of(const Fd& file) {
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) refuse("not a file");
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

/// The file, inflated as far as asked for.
class LooseObject::Stream {
 public:
  explicit Stream(Fd file) : file_(std::move(file)), file_size_(size_of(file_)) {
    if (inflateInit(&zlib_) != Z_OK) refuse("out of memory");
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { inflateEnd(&zlib_); }

  /// The header's text. What was inflated behind it is kept for read().
  std::string_view read_header() {
    start_.resize(kStart);
    start_.resize(inflate_some(start_.data(), start_.size()));
    const std::size_t end = start_.find('\0');
    if (end == std::string::npos || end >= kLongestHeader) refuse("bad header");
    used_ = end + 1;
    return std::string_view(start_).substr(0, end);
  }

  /// Up to `size` bytes; fewer only at the end of the object.
  std::size_t read(char* to, std::size_t size) {
    const std::size_t kept = std::min(size, start_.size() - used_);
    std::memcpy(to, start_.data() + used_, kept);
    used_ += kept;
    return kept + inflate_some(to + kept, size - kept);
  }

  /// True if the object and the file have ended together.
  bool is_at_end() {
    char more = 0;
    return read(&more, 1) == 0 && zlib_.avail_in == 0 && !fill();
  }

  [[nodiscard]] std::size_t most_bytes() const { return (file_size_ + 1) * kBestCompression; }

 private:
  static constexpr std::size_t kStart = 4096;  // most objects that we read are smaller

  /// False at the end of the file.
  bool fill() {
    const ssize_t got = ::read(file_.get(), buffer_.data(), buffer_.size());
    if (got < 0) refuse(std::strerror(errno));
    zlib_.next_in = buffer_.data();
    zlib_.avail_in = static_cast<uInt>(got);
    return got > 0;
  }

  std::size_t inflate_some(char* to, std::size_t size) {
    std::size_t done = 0;
    while (done < size && !ended_) {
      if (zlib_.avail_in == 0 && !fill()) refuse("it ends too early");
      done += inflate_step(to + done, size - done);
    }
    return done;
  }

  std::size_t inflate_step(char* to, std::size_t size) {
    const auto room = static_cast<uInt>(std::min<std::size_t>(size, 1U << 30U));
    zlib_.next_out = reinterpret_cast<Bytef*>(to);
    zlib_.avail_out = room;
    const int result = inflate(&zlib_, Z_NO_FLUSH);
    ended_ = result == Z_STREAM_END;
    if (result != Z_OK && !ended_) refuse(zlib_.msg != nullptr ? zlib_.msg : "bad compression");
    return room - zlib_.avail_out;
  }

  Fd file_;
  std::size_t file_size_;
  z_stream zlib_{};
  std::array<Bytef, 16384> buffer_{};
  std::string start_;
  std::size_t used_ = 0;  ///< of start_
  bool ended_ = false;
};

std::string loose_object_path(const std::string& objects_folder, const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 2> path{};
  git_oid_pathfmt(path.data(), &id);  // "ab/cdef…"
  return join_path(objects_folder, path.data());
}

LooseObject::LooseObject(std::unique_ptr<Stream> stream, LooseHeader header)
    : stream_(std::move(stream)), header_(header) {}
LooseObject::LooseObject(LooseObject&&) noexcept = default;
LooseObject& LooseObject::operator=(LooseObject&&) noexcept = default;
LooseObject::~LooseObject() = default;

std::optional<LooseObject> LooseObject::open(const std::string& path) {
  Fd file = open_file(path);
  if (!file) return std::nullopt;
  auto stream = std::make_unique<Stream>(std::move(file));
  const LooseHeader header = parse_header(stream->read_header());
  if (header.size > stream->most_bytes()) refuse("its size is a lie");
  return LooseObject(std::move(stream), header);
}

void LooseObject::read_into(char* content) {
  if (stream_->read(content, header_.size) != header_.size) refuse("it is too short");
  if (!stream_->is_at_end()) refuse("more follows than its size says");
}

}  // namespace gitplan::git
