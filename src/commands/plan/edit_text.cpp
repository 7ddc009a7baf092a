#include "commands/plan/edit_text.hpp"

#include <fmt/format.h>

#include <algorithm>

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

struct Below {
  std::string text;  ///< what was written among our lines and beneath them
  std::optional<git::Oid> base;
};

/// Takes our lines, which end with that of the base, off what stands below the text.
Below take_block(std::string_view block) {
  Below below;
  while (!block.empty() && !below.base) {
    const std::string_view line = block.substr(0, block.find('\n'));
    const std::size_t length = std::min(line.size() + 1, block.size());
    if (!line.starts_with('#')) below.text += block.substr(0, length);
    if (line.starts_with(base_mark))
      below.base = git::Oid::parse(text::trim(line.substr(base_mark.size())));
    block.remove_prefix(length);
  }
  below.text += block;
  return below;
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
  content += "# The line above and these comments are not kept.\n#\n";
  content += fmt::format("# {}\n", heading);
  content +=
      "# It is checked first: a mistake comes back here, as a comment at the top.\n"
      "# An empty file, or one without a change, changes nothing.\n";
  return content + fmt::format("{}{}\n", base_mark, base.hex());
}

EditedText take_text(std::string_view content) {
  const std::size_t end = find_scissors(content);
  if (end == std::string_view::npos) return {std::string(content), std::nullopt};
  std::string_view text = content.substr(0, end);
  drop_errors(text);
  const Below below = take_block(content.substr(end));
  return {std::string(text) + below.text, below.base};
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
