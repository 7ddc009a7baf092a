#include "plan/json.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cstddef>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "plan/json_problem.hpp"
#include "plan/shown.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::json_io {
namespace {

using nlohmann::json;

/// Reads a text and tells how much of it was taken.
class Reading {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Reading(const char* at, std::size_t& taken) : at_(at), taken_(&taken) {}
  reference operator*() const { return *at_; }
  Reading& operator++() {
    ++at_;
    ++*taken_;
    return *this;
  }
  bool operator==(const Reading& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* taken_;
};

/// Builds a TOML tree out of JSON events, so that one reader serves both forms. Null is dropped as
/// the value of a key: it means that there is none.
class TreeBuilder : public nlohmann::json_sax<json> {
 public:
  TreeBuilder(std::string_view text, Lines lines) : text_(text), told_(lines) {}

  bool parse() {
    return json::sax_parse(Reading(text_.data(), taken_),
                           Reading(text_.data() + text_.size(), taken_), this);
  }

  bool null() override {
    Frame& frame = stack_.back();
    if (stack_.size() == 1) return true;
    if (frame.table == nullptr) return refuse_here(fmt::format("null in {}", list_here()));
    frame.null_keys.insert(frame.key);
    return true;
  }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return add(static_cast<double>(value));
    }
    return add(static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string& /*text*/) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(json::binary_t& /*value*/) override { return refuse_here("binary data in it"); }

  bool start_object(std::size_t /*elements*/) override {
    if (!may_nest()) return false;
    Frame& frame = stack_.back();
    toml::table& table =
        frame.table != nullptr
            ? *frame.table->emplace<toml::table>(frame.key).first->second.as_table()
            : frame.array->emplace_back<toml::table>();
    lines_[&table] = line();
    stack_.push_back({&table, nullptr, {}, {}});
    return true;
  }
  bool start_array(std::size_t /*elements*/) override {
    if (!may_nest()) return false;
    Frame& frame = stack_.back();
    toml::array& array =
        frame.table != nullptr
            ? *frame.table->emplace<toml::array>(frame.key).first->second.as_array()
            : frame.array->emplace_back<toml::array>();
    lines_[&array] = line();
    stack_.push_back({nullptr, &array, {}, {}});
    return true;
  }
  bool key(std::string& name) override {
    Frame& frame = stack_.back();
    if (frame.table->contains(name) || frame.null_keys.contains(name)) {
      return refuse_here(json_problem::duplicate_key(name));
    }
    frame.key = std::move(name);
    return true;
  }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const json::exception& error) override {
    return refuse(json_problem::of_parser(error.what()));
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// The one value of the text; null if it is neither object nor array.
  [[nodiscard]] toml::node* root() { return holder_.empty() ? nullptr : holder_.get(0); }
  /// Of all that stands in it.
  toml_io::NodeLines lines() && { return std::move(lines_); }

 private:
  struct Frame {
    toml::table* table = nullptr;
    toml::array* array = nullptr;
    std::string key;
    std::set<std::string, std::less<>> null_keys;
  };

  template <class Value>
  bool add(Value&& value) {
    Frame& frame = stack_.back();
    if (frame.table != nullptr) {
      const auto added = frame.table->insert(frame.key, std::forward<Value>(value));
      lines_[&added.first->second] = line();
    } else {
      frame.array->push_back(std::forward<Value>(value));
      lines_[&frame.array->back()] = line();
    }
    return true;
  }
  /// Of the token that was read last: of a number, the character after it is taken, too.
  int line() {
    for (; counted_ + 1 < taken_; ++counted_) {
      if (text_[counted_] == '\n') ++line_;
    }
    return line_;
  }
  bool may_nest() {
    if (stack_.size() <= toml_io::max_levels) return true;
    return refuse_here(json_problem::too_deep());
  }
  bool leave() {
    stack_.pop_back();
    return true;
  }
  bool refuse_here(std::string problem) {
    if (told_ == Lines::numbered) problem = fmt::format("line {}: {}", line(), problem);
    return refuse(std::move(problem));
  }
  [[nodiscard]] std::string list_here() const {
    const Frame& around = stack_[stack_.size() - 2];
    return around.table == nullptr ? "a list" : fmt::format("the list '{}'", shown(around.key));
  }
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  std::string_view text_;
  Lines told_;
  std::size_t taken_ = 0;
  std::size_t counted_ = 0;
  int line_ = 1;
  toml_io::NodeLines lines_;
  toml::array holder_;
  std::vector<Frame> stack_{Frame{nullptr, &holder_, {}, {}}};
  std::string problem_;
};

struct JsonDocument {
  toml::table table;
  toml_io::NodeLines lines;
};

/// The text as a document: an object as it is, a list as the `tasks` of one.
JsonDocument parse_document(std::string_view text, std::string_view name, Lines lines) {
  toml_io::require_text(text, name);
  TreeBuilder builder(text, lines);
  if (!builder.parse()) toml_io::throw_unreadable(name, builder.problem());
  JsonDocument document;
  toml::node* root = builder.root();
  if (root != nullptr && root->is_table()) {
    document.table = std::move(*root->as_table());
  } else if (root != nullptr && root->is_array()) {
    document.table.insert("tasks", std::move(*root->as_array()));
  } else {
    toml_io::throw_unreadable(name, "neither a JSON object nor a list of tasks");
  }
  document.lines = std::move(builder).lines();
  return document;
}

toml_io::ParsedPlan read(const JsonDocument& document, std::string_view name, Lines lines) {
  auto parsed =
      toml_io::read_plan(document.table, name, toml_io::Source::json_input, &document.lines);
  if (lines == Lines::none) {
    parsed.task_lines.clear();
    for (Diagnostic& one : parsed.diagnostics) one.line.reset();
  }
  return parsed;
}

}  // namespace

bool looks_like_json(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  constexpr std::string_view space = " \t\r\n";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
  if (text.starts_with('{')) return true;
  if (!text.starts_with('[')) return false;
  // A header keeps to its line and holds keys only.
  const std::size_t next = text.find_first_not_of(" \t", 1);
  return next == std::string_view::npos ||
         std::string_view("{]\r\n").find(text[next]) != std::string_view::npos;
}

toml_io::ParsedPlan parse_plan(std::string_view text, std::string_view name, Lines lines) {
  return read(parse_document(text, name, lines), name, lines);
}

toml_io::ParsedPlan parse_tasks(std::string_view text, std::string_view name, Lines lines) {
  const JsonDocument document = parse_document(text, name, lines);
  toml_io::require_tasks(document.table, name, "\"tasks\"");
  return read(document, name, lines);
}

}  // namespace gitplan::json_io
