// Files: descriptors that close themselves, and files that appear whole or not at all.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gitplan {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(std::exchange(other.fd_, -1));
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset(int fd = -1);
  /// The descriptor, which is the caller's to close from now on.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// The whole file, or nothing if there is none. Throws Error(fatal) on any other failure, and where
/// the file is larger than `max_bytes`. Never follows a symbolic link at the last step.
std::optional<std::string> read_file(const std::string& path, std::size_t max_bytes = 64U << 20U);

/// A file that the user named on the command line: links are followed, pipes ("<(…)", /dev/stdin)
/// are read to their end. Throws Error(fatal) where it cannot be read, missing included, or is too
/// large.
std::string read_named_file(const std::string& path, std::size_t max_bytes = 64U << 20U);

/// All of a descriptor up to its end ("<stdin>"); the same limits.
std::string read_all(int fd, std::string_view name, std::size_t max_bytes = 64U << 20U);

/// Appends what a pipe holds at this moment. Nobody who goes on writing to it is waited for.
void append_pipe_content(int fd, std::string& text);

/// Makes `path` hold `content`, whole or not at all (temporary file beside it, then rename).
/// The folder must exist. Throws Error(fatal).
void write_file_atomically(const std::string& path, std::string_view content, mode_t mode = 0666);

/// Makes a folder and its missing parents. Throws Error(fatal).
void make_folders(const std::string& path);

bool exists(const std::string& path);  ///< not following a final symbolic link
bool is_symlink(const std::string& path);
std::string join_path(std::string_view folder, std::string_view name);

}  // namespace gitplan
