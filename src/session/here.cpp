#include "session/here.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "git/gitfile.hpp"
#include "session/workspace.hpp"

namespace gitplan {

bool stands_in(const Workspace& workspace, const Slot& slot) {
  return !slot.admin_folder.empty() &&
         git::same_folder(workspace.repository().git_dir(), slot.admin_folder);
}

std::string git_in(const Workspace& workspace, const Slot& slot) {
  if (stands_in(workspace, slot)) return "git";
  return fmt::format("git -C {}", text::shell_quote(slot.absolute_path));
}

}  // namespace gitplan
