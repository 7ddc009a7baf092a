#include "slots/damage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/discovery.hpp"
#include "git/gitfile.hpp"
#include "git/index_marks.hpp"

namespace gitplan {
namespace {

constexpr std::size_t more_than_enough = 64U << 10U;

/// Nothing where there is no such file.
std::optional<std::string> content_of(const std::string& path) try {
  return read_file(path, more_than_enough);
} catch (const Error&) {
  return "";
}

bool is_head(std::string_view content) {
  constexpr std::string_view symbolic = "ref:";
  const std::string_view line = text::trim(content);
  if (!line.starts_with(symbolic)) return git::Oid::parse(line).has_value();
  return text::trim(line.substr(symbolic.size())).starts_with("refs/");
}

bool is_common_folder(const std::string& admin_folder, std::string_view content) {
  const std::string path(git::path_of_line(content));
  return !path.empty() &&
         git::same_folder(git::resolve(admin_folder, path), join_path(admin_folder, "../.."));
}

bool is_usable(const std::string& admin_folder, std::string_view name, const std::string& content) {
  if (name == "HEAD") return is_head(content);
  if (name == "commondir") return is_common_folder(admin_folder, content);
  return !git::path_of_line(content).empty();
}

/// The first bytes alone.
bool has_index_header(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, git::index_header_size> bytes{};
  const auto size = file ? ::read(file.get(), bytes.data(), bytes.size()) : 0;
  return size > 0 &&
         git::has_index_header(std::string_view(bytes.data(), static_cast<std::size_t>(size)));
}

bool is_usable_index(const std::string& path, IndexLook look) try {
  if (!exists(path)) return true;
  if (look == IndexLook::header) return has_index_header(path);
  constexpr std::size_t largest = 1U << 30U;
  return git::is_whole_index(read_named_file(path, largest));
} catch (const Error&) {
  return false;
}

}  // namespace

std::vector<std::string> damaged_files(const std::string& admin_folder, IndexLook look) {
  std::vector<std::string> damaged;
  for (const char* name : {"HEAD", "commondir", "gitdir"}) {
    if (is_symlink(join_path(admin_folder, name))) continue;  // git's to follow
    const auto content = content_of(join_path(admin_folder, name));
    const bool usable =
        content ? is_usable(admin_folder, name, *content) : !read_claim(admin_folder).has_value();
    if (!usable) damaged.emplace_back(name);
  }
  if (!is_usable_index(join_path(admin_folder, "index"), look)) damaged.emplace_back("index");
  return damaged;
}

bool is_damaged(const Slot& slot, IndexLook look) {
  const bool may_be = slot.is_worktree() && slot.state != Slot::State::making;
  return may_be && !damaged_files(slot.admin_folder, look).empty();
}

void refuse_damaged(const Slot& slot, IndexLook look) {
  if (!is_damaged(slot, look)) return;
  const auto damaged = damaged_files(slot.admin_folder, IndexLook::whole);
  throw Error(ErrorKind::wrong_state,
              fmt::format("the git folder of '{}' is damaged: {}", text::printable(slot.path),
                          text::join(damaged, ", ")),
              Hint{"to mend it, with all that stands in the worktree kept, run: git plan doctor "
                   "--fix"})
      .with_code("slot_damaged");
}

std::optional<git::Oid> last_head(const std::string& admin_folder) try {
  const std::string log = read_file(join_path(admin_folder, "logs/HEAD")).value_or("");
  const std::string_view lines = text::trim(log);
  const std::string_view line = lines.substr(lines.rfind('\n') + 1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto after = git::Oid::parse(line.substr(space + 1, space));
  return after && *after != git::Oid{} ? after : git::Oid::parse(line.substr(0, space));
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace gitplan
