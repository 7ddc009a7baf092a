// What a precondition that nobody provides may have meant.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schedule/graph.hpp"

namespace gitplan::schedule {

/// The capabilities that somebody provides, searched by likeness. After a few hundred thousand
/// comparisons it suggests nothing more, so that a plan of any size is checked in time.
class Suggestions {
 public:
  explicit Suggestions(const Graph& graph);

  /// A capability that a typing error makes of `missing`; else one whose words hold all of the
  /// words of `missing` next to each other, or the other way round ("User model", "User model
  /// class"), the nearest in length.
  std::optional<CapabilityIndex> suggest(std::string_view missing);

 private:
  [[nodiscard]] std::optional<CapabilityIndex> containing(std::string_view missing) const;

  std::vector<CapabilityIndex> provided_;
  std::vector<std::string> names_;  ///< parallel to provided_
  std::vector<std::string> words_;  ///< parallel to provided_: " user model class "
  std::size_t comparisons_left_ = 400'000;
};

}  // namespace gitplan::schedule
