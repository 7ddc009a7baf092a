#include "commands/edit_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace gitplan::commands {
namespace {

constexpr std::string_view error_mark = "#! ";
constexpr std::string_view scissors = "# ------------------------ >8 ------------------------\n";
constexpr std::string_view base_mark = "# base ";

/// Where the last line that is our scissors begins.
std::size_t find_scissors(std::string_view content) {
  std::size_t at = content.rfind(scissors);
  while (at != std::string_view::npos && at > 0 && content[at - 1] != '\n') {
    at = content.rfind(scissors, at - 1);
  }
  return at;
}

std::optional<git::Oid> noted_base(std::string_view block) {
  for (const std::string_view line : text::split(block, '\n')) {
    if (line.starts_with(base_mark))
      return git::Oid::parse(text::trim(line.substr(base_mark.size())));
  }
  return std::nullopt;
}

void drop_errors(std::string_view& text) {
  while (text.starts_with(text::trim(error_mark))) {
    const auto newline = text.find('\n');
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
}

}  // namespace

std::size_t lines_above(std::size_t errors) { return errors == 0 ? 0 : errors + 1; }

std::string present_text(std::string_view text, std::span<const std::string> errors,
                         std::string_view heading, const git::Oid& base) {
  std::string content;
  for (const std::string& error : errors)
    content += fmt::format("{}error: {}\n", error_mark, error);
  if (!errors.empty()) {
    content += fmt::format("{}Mend it, or leave the file as it is to give up.\n", error_mark);
  }
  content += text;
  if (!content.empty() && content.back() != '\n') content += '\n';
  content += scissors;
  content += "# Do not change the line above. What stands below it is ignored.\n#\n";
  content += fmt::format("# {}\n", heading);
  content +=
      "# It is checked first: a mistake comes back here, as a comment at the top.\n"
      "# An empty file, or one without a change, changes nothing.\n";
  return content + fmt::format("{}{}\n", base_mark, base.hex());
}

EditedText take_text(std::string_view content) {
  const std::size_t end = find_scissors(content);
  if (end == std::string_view::npos) return {std::string(content), std::nullopt};
  EditedText edited;
  edited.base = noted_base(content.substr(end));
  std::string_view text = content.substr(0, end);
  drop_errors(text);
  edited.text = text;
  return edited;
}

std::optional<int> conflict_marker(std::string_view text) {
  int number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    if (line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")) return number;
  }
  return std::nullopt;
}

}  // namespace gitplan::commands
