#include "plan/exchange/yaml_value.hpp"

#include "base/text.hpp"
#include "plan/exchange/yaml_scalar.hpp"

namespace gitplan::exchange {
namespace {

using Value = FrontMatter::Value;

Value plain(std::string text) {
  if (text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  return {.items = {std::move(text)}};
}

bool is_quote(char c) { return c == '"' || c == '\''; }

bool is_item(std::string_view content) { return content == "-" || content.starts_with("- "); }

/// "key: …" or "key:".
bool is_pair(std::string_view content) {
  if (content.empty() || is_quote(content.front()) || content.front() == '[') return false;
  return content.ends_with(':') || content.find(": ") != std::string_view::npos;
}

void append(Value& list, Value item) {
  for (std::string& one : item.items) list.items.push_back(std::move(one));
}

}  // namespace

Value YamlValues::read(std::size_t indent) { return read(indent, Below::key); }

Value YamlValues::read(std::size_t indent, Below below_what) {
  text_->skip_spaces();
  const std::string name = anchor();
  const bool is_below = text_->at_line_end() || text_->peek() == '#';
  Value value = is_below ? below(indent, below_what) : on_line(indent);
  if (!name.empty()) anchors_[name] = value;
  return value;
}

/// "&name " and "!tag " before a value, which is read without them; the name.
std::string YamlValues::anchor() {
  std::string name;
  while (text_->peek() == '&' || text_->peek() == '!') {
    const bool is_name = text_->peek() == '&';
    const std::size_t begin = text_->place() + 1;
    while (!text_->at_line_end() &&
           std::string_view(" \t,]").find(text_->peek()) == std::string_view::npos)
      text_->next();
    if (is_name) name = text_->since(begin);
    text_->skip_spaces();
  }
  return name;
}

Value YamlValues::alias() {
  const std::size_t begin = text_->place();
  const std::string name = read_plain(*text_, ",]}").substr(1);
  const auto known = anchors_.find(name);
  if (known == anchors_.end()) YamlText::fail_at(begin, "an alias of what is not there");
  // Aliases of lists of aliases grow without bounds.
  constexpr std::size_t most = 1U << 16U;
  for (const std::string& item : known->second.items) aliased_ += item.size() + 1;
  if (aliased_ > most) YamlText::fail_at(begin, "its aliases say more than 64 KiB");
  return known->second;
}

/// A list, a scalar on a line of its own, a map, which is passed over, or nothing.
Value YamlValues::below(std::size_t indent, Below below_what) {
  text_->end_line();
  text_->skip_blank_lines();
  const std::size_t inner = text_->indent();
  const std::string_view content = text::trim(text_->rest_of_line());
  const bool is_inside = inner > indent;
  if (is_item(content) && (is_inside || (inner == indent && below_what == Below::key)))
    return list(inner);
  if (text_->at_end() || !is_inside) return {};
  if (is_pair(content)) return map_below(indent);
  text_->skip_spaces();
  return on_line(indent);
}

Value YamlValues::map_below(std::size_t indent) {
  for (; !text_->at_end() && text_->indent() > indent; text_->skip_blank_lines())
    text_->next(text_->rest_of_line().size() + 1);
  return {.is_map = true};
}

Value YamlValues::list(std::size_t indent) {
  Value value{.is_list = true};
  while (!text_->at_end() && text_->indent() == indent &&
         is_item(text::trim(text_->rest_of_line()))) {
    text_->next(indent + 1);
    append(value, read(indent, Below::item));
    text_->skip_blank_lines();
  }
  return value;
}

/// From its first character.
Value YamlValues::on_line(std::size_t indent) {
  const char first = text_->peek();
  if (first == '|' || first == '>') return {.items = {read_block(*text_, indent)}};
  if (!is_quote(first) && first != '[' && first != '{' && first != '*')
    return plain(read_plain_lines(*text_, indent));
  Value value = flow(0);
  text_->end_line();
  return value;
}

Value YamlValues::flow(int level) {
  const std::string name = anchor();
  const char first = text_->peek();
  Value value = first == '['                   ? flow_list(level + 1)
                : first == '{'                 ? flow_map()
                : first == '*'                 ? alias()
                : first == ',' || first == ']' ? Value()
                                               : flow_scalar();
  if (!name.empty()) anchors_[name] = value;
  return value;
}

Value YamlValues::flow_list(int level) {
  constexpr int max_levels = 64;
  if (level > max_levels) text_->fail("nested deeper than 64 levels");
  const std::size_t begin = text_->place();
  Value value{.is_list = true};
  text_->next();
  for (text_->skip_blank(); text_->peek() != ']'; text_->skip_blank()) {
    if (text_->at_end()) YamlText::fail_at(begin, "a quote or a bracket is not closed");
    if (text_->peek() != ',') append(value, flow(level));
    text_->skip_blank();
    if (text_->peek() == ',') {
      text_->next();
    } else if (!text_->at_end() && text_->peek() != ']') {
      text_->fail("no ',' between two entries of a list");
    }
  }
  text_->next();
  return value;
}

/// As the text that it is.
Value YamlValues::flow_map() {
  const std::size_t begin = text_->place();
  int open = 0;
  do {
    if (text_->at_end()) YamlText::fail_at(begin, "a quote or a bracket is not closed");
    const char c = text_->peek();
    if (c == '{') ++open;
    if (c == '}') --open;
    const char before = c == '{' && open == 1 ? ' ' : text_->since(begin).back();
    const bool opens_quote =
        is_quote(c) && std::string_view(" \t\n,:{[").find(before) != std::string_view::npos;
    if (opens_quote) {
      read_quoted(*text_);
    } else {
      text_->next();
    }
  } while (open > 0);
  return {.is_map = true, .items = {text::fold_space(text_->since(begin))}};
}

Value YamlValues::flow_scalar() {
  if (is_quote(text_->peek())) return {.items = {read_quoted(*text_)}};
  std::string all = read_plain(*text_, ",]");
  for (text_->skip_blank(); !text_->at_end() && text_->peek() != ',' && text_->peek() != ']';
       text_->skip_blank()) {
    all += " " + read_plain(*text_, ",]");
  }
  return plain(std::move(all));
}

}  // namespace gitplan::exchange
