#include "plan/exchange/conflict_markers.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::exchange {

Marker marker_of(std::string_view line) {
  constexpr std::array<std::pair<std::string_view, Marker>, 4> markers = {
      {{"<<<<<<<", Marker::ours},
       {"|||||||", Marker::base},
       {"=======", Marker::theirs},
       {">>>>>>>", Marker::end}}};
  if (line.ends_with('\r')) line.remove_suffix(1);
  for (const auto& [begin, marker] : markers) {
    if (line == begin || (line.starts_with(begin) && line[begin.size()] == ' ')) return marker;
  }
  return Marker::none;
}

void refuse_conflict_markers(std::string_view text, std::string_view name) {
  int number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    if (marker_of(line) != Marker::ours) continue;
    throw Error(ErrorKind::fatal,
                fmt::format("{}: line {}: a conflict of git's that is not settled", name, number),
                Hint{"to see what is not merged yet, run: git status"});
  }
}

}  // namespace gitplan::exchange
