// What tasks have used, in whatever units their agents count, and the caps on that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::agents {

using Usage = std::map<std::string, double>;  ///< by unit

/// `[A-Za-z][A-Za-z0-9._-]{0,31}`
bool is_unit(std::string_view text);

struct UsageFile {
  Usage usage;
  std::string problem;  ///< of lines that are not counted; empty: there are none
};
/// Lines "<unit> <number>", which are summed. A number is not negative, and below 10^15.
UsageFile read_usage(std::string_view text);

void add(Usage& sum, const Usage& more);

/// "tokens=12345 usd=0.42", and the reverse, which leaves out what cannot be read.
std::string to_words(const Usage& usage);
Usage parse_words(std::string_view words);
/// "12345", "0.42"
std::string number_word(double number);

struct Cap {
  std::string unit;
  double most = 0;
  bool operator==(const Cap&) const = default;
};
/// "usd=5"; nothing if it is none.
std::optional<Cap> parse_cap(std::string_view text);

struct Reached {
  Cap cap;
  double used = 0;
  bool operator==(const Reached&) const = default;
};
/// The first cap that the sum has come up to.
std::optional<Reached> reached(const Usage& sum, const std::vector<Cap>& caps);

}  // namespace gitplan::agents
