#include "supervisor/own_program.hpp"

#include <filesystem>
#include <system_error>

#include "base/fd.hpp"

namespace gitplan::supervisor {

std::string own_program() {
  constexpr const char* link = "/proc/self/exe";
  std::error_code none;
  const auto path = std::filesystem::read_symlink(link, none);
  return none || !exists(path.string()) ? link : path.string();
}

}  // namespace gitplan::supervisor
