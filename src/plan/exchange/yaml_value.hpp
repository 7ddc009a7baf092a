// YAML's values as front matter has them: scalars, lists of them, and what stands for others.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "plan/exchange/front_matter.hpp"
#include "plan/exchange/yaml_text.hpp"

namespace gitplan::exchange {

class YamlValues {
 public:
  explicit YamlValues(YamlText& text) : text_(&text) {}

  /// The value of a key, or of an item of a list, that stands at `indent`; from behind its colon or
  /// dash to the begin of the line behind it. Throws YamlProblem.
  FrontMatter::Value read(std::size_t indent);

 private:
  using Value = FrontMatter::Value;
  enum class Below { key, item };

  Value read(std::size_t indent, Below below);
  Value below(std::size_t indent, Below below);
  Value map_below(std::size_t indent);
  Value list(std::size_t indent);
  Value on_line(std::size_t indent);
  Value flow(int level);
  Value flow_list(int level);
  Value flow_map();
  Value flow_scalar();
  Value alias();
  std::string anchor();

  YamlText* text_;
  std::map<std::string, Value> anchors_;
  std::size_t aliased_ = 0;  ///< bytes that aliases stood for
};

}  // namespace gitplan::exchange
