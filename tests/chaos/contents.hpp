// What was written: every text that anybody puts into a file holds a mark, which stands nowhere
// else. So it can be told whether it is still there, wherever git has moved it.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace chaos {

using Marks = std::set<int>;

/// "[mark 17]".
std::string mark_text(int mark);
/// All marks that stand in a text, adding to those given.
void find_marks(std::string_view text, Marks& found);
/// Those of `before` that are not in `after`.
Marks lost(const Marks& before, const Marks& after);

}  // namespace chaos
