#include "plan/json.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "plan/json_problem.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::json_io {
namespace {

using nlohmann::json;

/// Builds a TOML tree out of JSON events, so that one reader serves both forms. Null is dropped: it
/// means that there is no value.
class TreeBuilder : public nlohmann::json_sax<json> {
 public:
  bool null() override {
    Frame& frame = stack_.back();
    if (frame.table != nullptr) frame.null_keys.insert(frame.key);
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
  bool binary(json::binary_t& /*value*/) override { return refuse("binary data in it"); }

  bool start_object(std::size_t /*elements*/) override {
    if (!may_nest()) return false;
    Frame& frame = stack_.back();
    toml::table& table =
        frame.table != nullptr
            ? *frame.table->emplace<toml::table>(frame.key).first->second.as_table()
            : frame.array->emplace_back<toml::table>();
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
    stack_.push_back({nullptr, &array, {}, {}});
    return true;
  }
  bool key(std::string& name) override {
    Frame& frame = stack_.back();
    if (frame.table->contains(name) || frame.null_keys.contains(name)) {
      return refuse(json_problem::duplicate_key(name));
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
      frame.table->insert(frame.key, std::forward<Value>(value));
    } else {
      frame.array->push_back(std::forward<Value>(value));
    }
    return true;
  }
  bool may_nest() {
    if (stack_.size() <= toml_io::max_levels) return true;
    return refuse(json_problem::too_deep());
  }
  bool leave() {
    stack_.pop_back();
    return true;
  }
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  toml::array holder_;
  std::vector<Frame> stack_{Frame{nullptr, &holder_, {}, {}}};
  std::string problem_;
};

/// The text as a document: an object as it is, a list as the `tasks` of one.
toml::table parse_document(std::string_view text, std::string_view name) {
  toml_io::require_text(text, name);
  TreeBuilder builder;
  if (!json::sax_parse(text, &builder)) toml_io::throw_unreadable(name, builder.problem());
  toml::node* root = builder.root();
  if (root != nullptr && root->is_table()) return std::move(*root->as_table());
  if (root != nullptr && root->is_array()) {
    toml::table document;
    document.insert("tasks", std::move(*root->as_array()));
    return document;
  }
  toml_io::throw_unreadable(name, "neither a JSON object nor a list of tasks");
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

toml_io::ParsedPlan parse_plan(std::string_view text, std::string_view name) {
  return toml_io::read_plan(parse_document(text, name), name, toml_io::Source::json_input);
}

toml_io::ParsedPlan parse_tasks(std::string_view text, std::string_view name) {
  const toml::table document = parse_document(text, name);
  if (!document.contains("tasks")) {
    throw Error(ErrorKind::fatal, fmt::format("{}: no \"tasks\" in it", name));
  }
  return toml_io::read_plan(document, name, toml_io::Source::json_input);
}

}  // namespace gitplan::json_io
