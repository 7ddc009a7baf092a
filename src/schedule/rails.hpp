// A plan as rows of text: one task a row, layer by layer, and to their left the lines between them
// as rails, one for each task that others wait for.
#pragma once

#include <optional>
#include <vector>

#include "schedule/layered_layout.hpp"

namespace gitplan::schedule {

struct Rails {
  struct Row {
    TaskIndex task = 0;
    int layer = 0;
    std::vector<int> joined;          ///< rails that lead here and go on
    std::vector<int> ended;           ///< rails that lead here and end
    std::optional<int> begun;         ///< the rail that begins here
    std::vector<int> passing;         ///< rails that only pass by
    std::vector<TaskIndex> unrailed;  ///< predecessors for whose rail there was no room
  };
  std::vector<Row> rows;
  int count = 0;  ///< rails beside one another; 0 is the one next to the tasks
};

/// Each task that others wait for gets a rail from its row to the last of theirs, short ones next
/// to the tasks: interval colouring, as in channel routing (Hashimoto and Stevens 1971). At most
/// `most` beside one another; left out are those that draw the fewest edges for their length.
Rails rails_of(const Drawing& drawing, const LayeredLayout& layout, int most);

}  // namespace gitplan::schedule
