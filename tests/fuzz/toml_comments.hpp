// The comments of a TOML text, found by looking at nothing but quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gitplan::fuzz {

class Comments {
 public:
  explicit Comments(std::string_view text) : rest_(text) {}

  /// Of a text that parses, in its order, without line ends.
  std::vector<std::string> read() {
    while (!rest_.empty()) {
      if (rest_.front() == '#') {
        take_comment();
      } else if (rest_.front() == '"' || rest_.front() == '\'') {
        skip_string(rest_.front());
      } else {
        rest_.remove_prefix(1);
      }
    }
    return std::move(comments_);
  }

 private:
  void skip(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }

  void take_comment() {
    std::string_view comment = rest_.substr(0, rest_.find('\n'));
    skip(comment.size());
    if (comment.ends_with('\r')) comment.remove_suffix(1);
    comments_.emplace_back(comment);
  }

  void skip_string(char quote) {
    const std::string three(3, quote);
    const bool is_long = rest_.starts_with(three);
    const std::string end = is_long ? three : std::string(1, quote);
    skip(end.size());
    while (!rest_.empty() && !rest_.starts_with(end)) {
      skip(quote == '"' && rest_.front() == '\\' ? 2 : 1);
    }
    skip(end.size());
    // Up to two more quotes before the end are content.
    while (is_long && rest_.starts_with(quote)) skip(1);
  }

  std::string_view rest_;
  std::vector<std::string> comments_;
};

inline std::vector<std::string> comments_of(std::string_view text) { return Comments(text).read(); }

/// True if all of `kept` stand in `all`, in their order.
inline bool is_subsequence(const std::vector<std::string>& kept,
                           const std::vector<std::string>& all) {
  std::size_t found = 0;
  for (const std::string& one : all) {
    if (found < kept.size() && kept[found] == one) ++found;
  }
  return found == kept.size();
}

}  // namespace gitplan::fuzz
