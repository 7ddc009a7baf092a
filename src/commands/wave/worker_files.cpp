#include "commands/wave/worker_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan::commands {
namespace {

struct Content {
  std::string text;
  std::string problem;
};

Content content_of(const std::string& path, std::size_t most_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (!fd) return {"", exists(path) ? "it cannot be opened" : ""};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {"", "it is no file"};
  Content content;
  content.text.resize(most_bytes);
  const ssize_t got = ::pread(fd.get(), content.text.data(), most_bytes, 0);
  content.text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (info.st_size > static_cast<off_t>(most_bytes)) {
    content.text.resize(content.text.rfind('\n') + 1);  // a line that is cut off says nothing
    content.problem = fmt::format("only the first {} bytes of it count", content.text.size());
  }
  return content;
}

}  // namespace

std::optional<std::string> named_retry(const supervisor::WorkerRecords& records, int worker) {
  constexpr std::size_t most_bytes = 4096;
  const std::string text = content_of(records.retry_file(worker), most_bytes).text;
  const std::string_view trimmed = text::trim(text);
  if (trimmed.empty()) return std::nullopt;
  return std::string(trimmed.substr(0, trimmed.find('\n')));
}

agents::UsageFile used_by_attempt(const supervisor::WorkerRecords& records, int worker) {
  constexpr std::size_t most_bytes = 1U << 20U;
  const Content content = content_of(records.usage_file(worker), most_bytes);
  agents::UsageFile file = agents::read_usage(content.text);
  if (!content.problem.empty()) file.problem = "its usage file: " + content.problem;
  return file;
}

}  // namespace gitplan::commands
