// Words that a typing error may have made of one another: see text.hpp.
#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace gitplan::text {

namespace {

/// Nobody mistypes, and nobody reads, a word longer than this.
constexpr std::size_t longest_word = 256;

std::u32string characters(std::string_view text) {
  std::u32string decoded;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = decode(text, i);
    // A byte that is no UTF-8 must not equal the character of the same number.
    decoded += character.valid ? character.code_point : character.code_point + 0x110000;
    i += character.bytes;
  }
  return decoded;
}

/// Optimal string alignment distance, row by row.
int distance(std::u32string_view a, std::u32string_view b) {
  std::vector<int> before_last(b.size() + 1);
  std::vector<int> last(b.size() + 1);
  std::vector<int> row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lowered;
}

int tolerated_edits(std::size_t length) {
  if (length < 2) return 0;
  return length < 6 ? 1 : std::min<int>(static_cast<int>(length / 3), 3);
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  return distance(characters(a), characters(b));
}

std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates) {
  if (word.size() > longest_word) return {};
  const std::u32string wanted = characters(lower(word));
  const int limit = tolerated_edits(wanted.size());
  const std::string* best = nullptr;
  int fewest = 2 * limit + 2;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_word || candidate == word) continue;
    const std::u32string offered = characters(lower(candidate));
    const auto longer = std::max(offered.size(), wanted.size());
    const auto shorter = std::min(offered.size(), wanted.size());
    if (longer - shorter > static_cast<std::size_t>(limit)) continue;
    const int edits = distance(wanted, offered);
    if (edits > limit) continue;
    const bool same_case = distance(characters(word), characters(candidate)) == edits;
    const int cost = 2 * edits + (same_case ? 0 : 1);
    if (cost < fewest) {
      best = &candidate;
      fewest = cost;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace gitplan::text
