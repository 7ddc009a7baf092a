// The YAML between the `---` lines at the top of a Markdown file: as much of it as tools write
// there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitplan::exchange {

struct FrontMatter {
  struct Value {
    bool is_list = false;
    bool is_map = false;                  ///< of which at most the text is known
    std::vector<std::string> items = {};  ///< of a scalar: one
  };
  std::vector<std::pair<std::string, Value>> keys;
  std::string body;  ///< what stands below

  [[nodiscard]] const Value* find(std::string_view key) const;
  /// A scalar; the first item of a list.
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  /// A list; a scalar that says something is a list of one.
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
};

/// Scalars (plain, quoted, folded, literal), lists of them and aliases; maps inside are passed
/// over, or taken as the text that they are. Throws Error(fatal) with the line where there is no
/// front matter, or it is not YAML.
FrontMatter parse_front_matter(std::string_view text, std::string_view name);

}  // namespace gitplan::exchange
