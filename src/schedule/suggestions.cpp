#include "schedule/suggestions.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"

namespace gitplan::schedule {

namespace {

/// The words in lower case, each with a space on both sides; all but letters, digits and what is
/// not ASCII parts them: "AuthService.login" makes " authservice login ".
std::string words_of(std::string_view text) {
  std::string words = " ";
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool in_word =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (in_word) {
      words += c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

bool holds(std::string_view words, std::string_view part) {
  return part.size() > 1 && words.find(part) != std::string_view::npos;
}

}  // namespace

Suggestions::Suggestions(const Graph& graph) {
  for (CapabilityIndex capability = 0; capability < graph.capability_count(); ++capability) {
    if (!graph.is_given(capability) && graph.providers(capability).empty()) continue;
    provided_.push_back(capability);
    names_.push_back(graph.capability(capability));
    words_.push_back(words_of(names_.back()));
  }
}

std::optional<CapabilityIndex> Suggestions::suggest(std::string_view missing) {
  if (comparisons_left_ < provided_.size()) return {};
  comparisons_left_ -= provided_.size();
  if (const auto near = text::did_you_mean(missing, names_)) {
    const auto place = std::find(names_.begin(), names_.end(), *near);
    return provided_[static_cast<std::size_t>(place - names_.begin())];
  }
  return containing(missing);
}

std::optional<CapabilityIndex> Suggestions::containing(std::string_view missing) const {
  const std::string wanted = words_of(missing);
  std::optional<CapabilityIndex> best;
  std::size_t smallest_difference = std::numeric_limits<std::size_t>::max();
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const std::string& offered = words_[i];
    if (!holds(offered, wanted) && !holds(wanted, offered)) continue;
    const std::size_t difference =
        std::max(offered.size(), wanted.size()) - std::min(offered.size(), wanted.size());
    if (difference >= smallest_difference) continue;
    smallest_difference = difference;
    best = provided_[i];
  }
  return best;
}

}  // namespace gitplan::schedule
