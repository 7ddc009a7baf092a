#include "plan/exchange/yaml_text.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace gitplan::exchange {

std::string_view YamlText::rest_of_line() const {
  const std::string_view rest = text_.substr(std::min(place_, text_.size()));
  return rest.substr(0, rest.find('\n'));
}

std::size_t YamlText::indent() const {
  const std::string_view line = rest_of_line();
  return std::min(line.find_first_not_of(' '), line.size());
}

void YamlText::skip_spaces() {
  while (peek() == ' ' || peek() == '\t') next();
}

void YamlText::skip_blank() {
  for (;;) {
    skip_spaces();
    if (peek() == '#') next(rest_of_line().size());
    if (peek() != '\n') return;
    next();
  }
}

void YamlText::skip_blank_lines() {
  while (!at_end()) {
    const std::string_view line = rest_of_line();
    const std::string_view content = text::trim(line);
    if (!content.empty() && content.front() != '#') return;
    next(line.size() + 1);
  }
}

void YamlText::end_line() {
  skip_spaces();
  if (peek() == '#') next(rest_of_line().size());
  if (!at_line_end()) fail("something stands behind the value");
  next();
}

}  // namespace gitplan::exchange
