#include "plan/exchange/front_matter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/yaml_scalar.hpp"

namespace gitplan::exchange {
namespace {

std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool is_blank(std::string_view line) {
  const auto content = text::trim(line);
  return content.empty() || content.front() == '#';
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view name) : name_(name) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto pieces = text::split(text, '\n');
    if (pieces.empty() || text::trim(pieces.front()) != "---")
      fail(1, "no front matter: the first line is not '---'");
    std::size_t end = 1;
    while (end < pieces.size() && text::trim(pieces[end]) != "---") ++end;
    if (end >= pieces.size()) fail(1, "the front matter has no end: no second '---'");
    for (std::size_t i = 1; i < end; ++i) {
      std::string_view line = pieces[i];
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back(line);
    }
    for (std::size_t i = end + 1; i < pieces.size(); ++i) {
      matter_.body += pieces[i];
      if (i + 1 < pieces.size()) matter_.body += '\n';
    }
  }

  FrontMatter run() {
    while (at_ < lines_.size()) {
      if (is_blank(lines_[at_])) {
        ++at_;
        continue;
      }
      read_key();
    }
    return std::move(matter_);
  }

 private:
  using Value = FrontMatter::Value;

  [[noreturn]] void fail(std::size_t line, std::string_view problem) const {
    throw Error(ErrorKind::fatal, fmt::format("{}: line {}: {}", name_, line, problem));
  }
  /// As the file counts them: the first '---' is line 1.
  [[noreturn]] void fail_here(std::string_view problem) const { fail(at_ + 2, problem); }

  void read_key() {
    const std::string_view line = lines_[at_];
    const auto colon = line.find(':');
    const bool is_key = indent_of(line) == 0 && colon != std::string_view::npos && colon > 0 &&
                        (colon + 1 == line.size() || line[colon + 1] == ' ');
    if (!is_key) fail_here("no 'key: value'");
    const std::string key = plain_key(line.substr(0, colon));
    if (matter_.find(key) != nullptr)
      fail_here(fmt::format("duplicate key '{}'", text::printable(key)));
    const std::string_view rest = text::trim(line.substr(colon + 1));
    Value value = read_value(rest);
    matter_.keys.emplace_back(key, std::move(value));
  }

  static std::string plain_key(std::string_view key) {
    key = text::trim(key);
    const bool quoted =
        key.size() > 1 && key.front() == key.back() && (key.front() == '"' || key.front() == '\'');
    return std::string(quoted ? key.substr(1, key.size() - 2) : key);
  }

  Value read_value(std::string_view rest) {
    if (rest.empty() || rest.front() == '#') {
      ++at_;
      return read_below();
    }
    if (rest.front() == '|' || rest.front() == '>') return {false, {read_block(rest)}};
    // A quoted scalar, a flow list or a plain scalar may go on below.
    std::string all(rest);
    const std::size_t first = at_++;
    while (!is_whole(all) || (at_ < lines_.size() && goes_on(all))) {
      if (at_ >= lines_.size()) fail(first + 2, "a quote or a bracket is not closed");
      const std::string_view next = text::trim(lines_[at_++]);
      all += next.empty() ? "\n" : (all.ends_with('\n') ? "" : " ") + std::string(next);
    }
    try {
      return parse_flow(all);
    } catch (const std::string& problem) {
      fail(first + 2, problem);
    }
  }

  /// A plain scalar whose next line is indented.
  [[nodiscard]] bool goes_on(std::string_view all) const {
    return all.front() != '"' && all.front() != '\'' && all.front() != '[' && all.front() != '{' &&
           indent_of(lines_[at_]) > 0 && !is_blank(lines_[at_]);
  }

  /// A list of "- item" lines, a scalar on a line of its own, or nothing.
  Value read_below() {
    Value value;
    while (at_ < lines_.size()) {
      const std::string_view line = lines_[at_];
      if (is_blank(line)) {
        ++at_;
        continue;
      }
      const std::string_view content = text::trim(line);
      if (content == "-" || content.starts_with("- ")) {
        value.is_list = true;
        read_item(content.substr(1), indent_of(line), value);
      } else if (indent_of(line) > 0) {
        ++at_;  // a map of somebody's
      } else {
        break;
      }
    }
    return value;
  }

  void read_item(std::string_view rest, std::size_t indent, Value& value) {
    rest = text::trim(rest);
    if (!rest.empty() && (rest.front() == '|' || rest.front() == '>')) {
      value.items.push_back(read_block(rest));
      return;
    }
    std::string all(rest);
    const std::size_t first = at_++;
    while (at_ < lines_.size() && !is_blank(lines_[at_]) && indent_of(lines_[at_]) > indent &&
           !text::trim(lines_[at_]).starts_with("- ")) {
      all += " " + std::string(text::trim(lines_[at_++]));
    }
    try {
      Value item = parse_flow(all);
      for (auto& one : item.items) value.items.push_back(std::move(one));
    } catch (const std::string& problem) {
      fail(first + 2, problem);
    }
  }

  std::string read_block(std::string_view head) {
    const bool folded = head.front() == '>';
    const bool keeps_end = head.find('-') == std::string_view::npos;
    ++at_;
    std::optional<std::size_t> indent;
    std::vector<std::string> block;
    for (; at_ < lines_.size(); ++at_) {
      const std::string_view line = lines_[at_];
      if (text::trim(line).empty()) {
        block.emplace_back();
        continue;
      }
      if (!indent) indent = indent_of(line);
      if (*indent == 0 || indent_of(line) < *indent) break;
      block.emplace_back(line.substr(*indent));
    }
    while (!block.empty() && block.back().empty()) block.pop_back();
    std::string text = folded ? fold(block) : text::join(block, "\n");
    if (keeps_end && !text.empty()) text += '\n';
    return text;
  }

  static std::string fold(const std::vector<std::string>& block) {
    std::string text;
    for (const std::string& line : block) {
      if (line.empty()) {
        text += '\n';
      } else {
        if (!text.empty() && !text.ends_with('\n')) text += ' ';
        text += line;
      }
    }
    return text;
  }

  std::string_view name_;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  FrontMatter matter_;
};

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
  return Parser(text, name).run();
}

}  // namespace gitplan::exchange
