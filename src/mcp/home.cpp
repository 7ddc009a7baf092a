#include "mcp/home.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "session/workspace.hpp"

namespace gitplan::mcp {
namespace {

/// Empty where it was removed: some kernels then still tell a name, at which nothing is.
std::string current_folder() {
  std::error_code gone;
  const auto folder = std::filesystem::current_path(gone);
  return std::filesystem::exists(folder, gone) ? folder.string() : "";
}

std::string main_folder() {
  try {
    return Workspace({}, [](const Notice&) {}).repository().base_folder();
  } catch (const Error&) {
    return "";  // each call will say why
  }
}

}  // namespace

Home::Home() : folder_(current_folder()), main_folder_(main_folder()) {}

std::optional<std::string> Home::settle() const {
  if (!current_folder().empty()) return std::nullopt;
  if (::chdir(folder_.c_str()) == 0) return std::nullopt;
  if (main_folder_.empty() || ::chdir(main_folder_.c_str()) != 0) return std::nullopt;
  return fmt::format("'{}', where this server was started, is gone; it goes on in '{}'",
                     text::printable(folder_), text::printable(main_folder_));
}

}  // namespace gitplan::mcp
