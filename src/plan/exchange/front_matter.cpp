#include "plan/exchange/front_matter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/conflict_markers.hpp"
#include "plan/exchange/yaml_scalar.hpp"
#include "plan/exchange/yaml_value.hpp"

namespace gitplan::exchange {
namespace {

/// What stands between the `---` lines, and below.
struct Parts {
  std::string yaml;
  std::string body;
};

[[noreturn]] void fail(std::string_view name, std::size_t line, std::string_view problem) {
  throw Error(ErrorKind::fatal, fmt::format("{}: line {}: {}", name, line, problem));
}

bool is_fence(std::string_view line) {
  return line.starts_with("---") && text::trim(line.substr(3)).empty();
}

Parts split(std::string_view text, std::string_view name) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const auto pieces = text::split(text, '\n');
  if (!is_fence(pieces.front())) fail(name, 1, "no front matter: the first line is not '---'");
  const auto end = std::find_if(pieces.begin() + 1, pieces.end(), is_fence);
  if (end == pieces.end()) fail(name, 1, "the front matter has no end: no second '---'");
  Parts parts;
  for (auto line = pieces.begin() + 1; line != end; ++line) {
    parts.yaml += line->ends_with('\r') ? line->substr(0, line->size() - 1) : *line;
    parts.yaml += '\n';
  }
  const std::size_t body = static_cast<std::size_t>(end->data() - text.data()) + end->size() + 1;
  parts.body = text.substr(std::min(body, text.size()));
  return parts;
}

/// The colon that ends a plain key, which has a space or the line's end behind it; npos if none
/// does.
std::size_t find_colon(std::string_view line) {
  std::size_t colon = line.find(':');
  while (colon < line.size() && colon + 1 < line.size() &&
         std::string_view(" \t").find(line[colon + 1]) == std::string_view::npos) {
    colon = line.find(':', colon + 1);
  }
  return colon;
}

/// From the begin of a line to behind the colon.
std::string read_key(YamlText& text) {
  const std::size_t begin = text.place();
  std::string key;
  if (text.peek() == '"' || text.peek() == '\'') {
    key = read_quoted(text);
    text.skip_spaces();
  } else if (text.peek() != ' ') {
    const std::string_view line = text.rest_of_line();
    const std::size_t colon = std::min(find_colon(line), line.size());
    key = text::trim(line.substr(0, colon));
    text.next(colon);
  }
  if (key.empty() || text.peek() != ':') YamlText::fail_at(begin, "no 'key: value'");
  text.next();
  return key;
}

void read_keys(YamlText& text, FrontMatter& matter) {
  YamlValues values(text);
  std::unordered_set<std::string> seen;
  for (text.skip_blank_lines(); !text.at_end(); text.skip_blank_lines()) {
    const std::size_t begin = text.place();
    std::string key = read_key(text);
    if (!seen.insert(key).second)
      YamlText::fail_at(begin, fmt::format("duplicate key '{}'", text::printable(key)));
    FrontMatter::Value value = values.read(0);
    matter.keys.emplace_back(std::move(key), std::move(value));
  }
}

}  // namespace

const FrontMatter::Value* FrontMatter::find(std::string_view key) const {
  const auto found =
      std::ranges::find_if(keys, [&](const auto& entry) { return entry.first == key; });
  return found == keys.end() ? nullptr : &found->second;
}

std::optional<std::string> FrontMatter::text(std::string_view key) const {
  const Value* value = find(key);
  if (value == nullptr || value->items.empty()) return std::nullopt;
  return value->items.front();
}

std::vector<std::string> FrontMatter::list(std::string_view key) const {
  const Value* value = find(key);
  std::vector<std::string> items = value == nullptr ? std::vector<std::string>{} : value->items;
  std::erase(items, "");
  return items;
}

FrontMatter parse_front_matter(std::string_view text, std::string_view name) {
  Parts parts = split(text, name);
  FrontMatter matter;
  try {
    YamlText yaml(parts.yaml);
    read_keys(yaml, matter);
  } catch (const YamlProblem& problem) {
    refuse_conflict_markers(text, name);
    const std::string_view before = std::string_view(parts.yaml).substr(0, problem.place);
    const auto lines = std::ranges::count(before, '\n');
    fail(name, 2 + static_cast<std::size_t>(lines), problem.what);  // the first '---' is line 1
  }
  matter.body = std::move(parts.body);
  return matter;
}

}  // namespace gitplan::exchange
