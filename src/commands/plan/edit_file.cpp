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
#include "git/repository.hpp"

namespace gitplan::commands {

std::string edit_folder(const git::Repository& repository) {
  return repository.common_dir() + "/plan-edit";
}

namespace {

/// Where these texts stood in earlier versions, which whoever looks there is led on from.
std::string former_folder(const git::Repository& repository) {
  return git::state_folder(repository) + "/edit";
}

}  // namespace

EditFile::EditFile(const git::Repository& repository, const std::string& session)
    : folder_(edit_folder(repository)), way_there_(former_folder(repository)) {
  for (int n = 1; path_.empty();) {
    make_folders(folder_);
    const std::string name = n == 1 ? session : fmt::format("{}-{}", session, n);
    const std::string path = fmt::format("{}/{}.toml", folder_, name);
    const Fd made(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
    if (made) {
      path_ = path;
    } else if (errno == EEXIST) {
      ++n;
    } else if (errno != ENOENT) {  // another edit that ended took the empty folder away
      throw Error(ErrorKind::fatal,
                  fmt::format("'{}': {}", text::printable(path), std::strerror(errno)));
    }
  }
}

EditFile::~EditFile() {
  if (kept_) {
    [[maybe_unused]] const int made = ::symlink("../plan-edit", way_there_.c_str());
    return;
  }
  ::unlink(path_.c_str());
  const bool was_last = ::rmdir(folder_.c_str()) == 0;
  if (was_last && is_symlink(way_there_)) ::unlink(way_there_.c_str());
}

void EditFile::write(const std::string& content) const { write_file_atomically(path_, content); }

std::string EditFile::read() const { return read_file(path_).value_or(""); }

}  // namespace gitplan::commands
