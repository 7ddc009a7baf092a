#include "mcp/line_reader.hpp"

#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace gitplan::mcp {

void LineReader::fill(Wait wait) {
  if (ended_) return;
  pollfd polled{fd_, POLLIN, 0};
  const int ready = ::poll(&polled, 1, wait == Wait::for_input ? -1 : 0);
  if (ready <= 0) return;
  std::array<char, 65536> chunk;
  const ssize_t length = ::read(fd_, chunk.data(), chunk.size());
  if (length > 0) {
    buffer_.append(chunk.data(), static_cast<std::size_t>(length));
  } else if (length == 0 || (errno != EINTR && errno != EAGAIN)) {
    ended_ = true;
  }
}

std::optional<Line> LineReader::next() {
  const std::size_t newline = buffer_.find('\n', searched_);
  if (newline != std::string::npos) return take_line(newline - start_, 1);
  searched_ = buffer_.size();
  const std::size_t pending = buffer_.size() - start_;
  if (pending > max_bytes_) {
    skipping_ = true;
    start_ = searched_ = 0;
    buffer_.clear();
  } else if (start_ > 0) {
    buffer_.erase(0, start_);
    searched_ -= start_;
    start_ = 0;
  }
  give_back_memory();
  if (!ended_ || (buffer_.empty() && !skipping_)) return std::nullopt;
  return take_line(buffer_.size(), 0);
}

std::optional<Line> LineReader::take_line(std::size_t length, std::size_t ending) {
  Line line;
  line.too_long = skipping_ || length > max_bytes_;
  if (!line.too_long) {
    line.text = buffer_.substr(start_, length);
    if (line.text.ends_with('\r')) line.text.pop_back();
  }
  skipping_ = false;
  start_ += length + ending;
  searched_ = start_;
  return line;
}

/// One large message must not stay with a long-lived server.
void LineReader::give_back_memory() {
  constexpr std::size_t worth_it = 1U << 20U;
  if (!buffer_.empty() || buffer_.capacity() < worth_it) return;
  buffer_.shrink_to_fit();
  ::malloc_trim(0);
}

}  // namespace gitplan::mcp
