#include "commands/plan/edit_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"

namespace gitplan::commands {

EditFile::EditFile(const git::Repository& repository, const std::string& session) {
  const std::string folder = git::make_state_folder(repository) + "/edit";
  make_folders(folder);
  for (int n = 1; path_.empty(); ++n) {
    const std::string name = n == 1 ? session : fmt::format("{}-{}", session, n);
    const std::string path = fmt::format("{}/{}.toml", folder, name);
    const Fd made(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
    if (made) {
      path_ = path;
    } else if (errno != EEXIST) {
      throw Error(ErrorKind::fatal,
                  fmt::format("'{}': {}", text::printable(path), std::strerror(errno)));
    }
  }
}

EditFile::~EditFile() {
  if (!kept_) ::unlink(path_.c_str());
}

void EditFile::write(const std::string& content) const { write_file_atomically(path_, content); }

std::string EditFile::read() const { return read_file(path_).value_or(""); }

}  // namespace gitplan::commands
