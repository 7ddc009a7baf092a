#include "cli/merge_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace gitplan::cli {

std::string unmerged_text(const BranchMerge& merge, std::string_view what, std::string_view branch,
                          const Style& style) {
  if (const auto* failed = std::get_if<VerificationFailed>(&merge)) {
    return fmt::format("{} {}: exit status {}; nothing was merged\n", what,
                       style.red("failed its verification"), failed->exit_status);
  }
  std::string text = fmt::format("{} {} with {}:\n", what, style.red("conflicts"), branch);
  if (const auto* conflicts = std::get_if<MergeConflicts>(&merge)) {
    for (const auto& path : conflicts->paths) text += fmt::format("  {}\n", text::printable(path));
  }
  return text;
}

}  // namespace gitplan::cli
