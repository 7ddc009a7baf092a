// The plan files in tests/data, and differences of texts by line.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan::test {

inline std::filesystem::path data_folder() { return GITPLAN_TEST_DATA; }

inline std::string read_data(const std::string& name) {
  const auto content = read_file((data_folder() / name).string());
  if (!content) throw Error(ErrorKind::fatal, "no test data '" + name + "'");
  return *content;
}

/// With their line ends.
inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// The lines that differ, by longest common subsequence: "-" and "+" before what was and what is,
/// with carriage returns and a missing line end made visible.
inline std::string line_difference(std::string_view before, std::string_view after) {
  const auto a = lines_of(before);
  const auto b = lines_of(after);
  std::vector<std::vector<int>> common(a.size() + 1, std::vector<int>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] =
          a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  std::string result;
  const auto show = [&](char sign, std::string_view line) {
    result += sign;
    for (const char c : line) c == '\r' ? result += "<CR>" : result += c;
    if (!line.ends_with('\n')) result += "<no end>\n";
  };
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      ++i, ++j;
    } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
      show('-', a[i++]);
    } else {
      show('+', b[j++]);
    }
  }
  return result;
}

}  // namespace gitplan::test
