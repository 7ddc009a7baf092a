// Where a server stands: the folder that it was started in may be removed below it.
#pragma once

#include <optional>
#include <string>

namespace gitplan::mcp {

class Home {
 public:
  /// The current folder, and the main folder of its repository if it is in one.
  Home();

  /// Where the current folder is gone: goes to where it was if there is one again, else to the
  /// repository's main folder, which is said. Nothing where there is nothing to say, or nowhere to
  /// go.
  [[nodiscard]] std::optional<std::string> settle() const;

 private:
  std::string folder_;
  std::string main_folder_;  ///< empty: none is known
};

}  // namespace gitplan::mcp
