#include "plan/cut_tasks.hpp"

#include "plan/toml_layout.hpp"
#include "plan/toml_places.hpp"

namespace gitplan::toml_io {
namespace {

bool is_of_tasks(const Table& table) { return table.name.first == "tasks" && table.name.parts > 0; }

/// Of a task with its sub-tables, without blank lines around it.
class Blocks {
 public:
  Blocks(std::string_view text, const Layout& layout)
      : text_(text), layout_(&layout), places_(text, layout) {}

  [[nodiscard]] Span of(const Table& table) const {
    const std::size_t index = static_cast<std::size_t>(&table - layout_->tables.data());
    std::size_t next = index + 1;
    while (next < layout_->tables.size() && is_sub_table(layout_->tables[next])) ++next;
    const std::size_t end =
        next < layout_->tables.size() ? places_.comment_start(layout_->tables[next]) : text_.size();
    return {places_.comment_start(table), without_blank_end(table.header.end, end)};
  }

  /// With the blank lines above it.
  [[nodiscard]] Span with_space(Span block) const {
    while (block.begin > layout_->start) {
      const std::size_t newline = text_.substr(0, block.begin - 1).rfind('\n');
      const std::size_t above = newline == std::string_view::npos ? layout_->start : newline + 1;
      if (!places_.is_blank_line(above)) break;
      block.begin = above;
    }
    return block;
  }

 private:
  static bool is_sub_table(const Table& table) {
    return is_of_tasks(table) && table.name.parts > 1;
  }

  [[nodiscard]] std::size_t without_blank_end(std::size_t least, std::size_t end) const {
    std::size_t kept = least;
    for (std::size_t line = least; line < end; line = next_line(text_, line)) {
      if (!places_.is_blank_line(line)) kept = next_line(text_, line);
    }
    return kept;
  }

  std::string_view text_;
  const Layout* layout_;
  Places places_;
};

}  // namespace

std::optional<CutText> cut_tasks(std::string_view text, std::span<const std::size_t> tasks) {
  Layout layout;
  if (scan(text, &layout, Collect::of_root)) return std::nullopt;
  const Places places(text, layout);
  const Blocks blocks(text, layout);
  const auto elements = places.elements("tasks");
  CutText cut;
  std::size_t done = 0;
  for (const std::size_t task : tasks) {
    if (task >= elements.size() || elements[task].table == nullptr) return std::nullopt;
    const Span block = blocks.of(*elements[task].table);
    cut.pieces.emplace_back(text.substr(block.begin, block.end - block.begin));
    const std::size_t begin = blocks.with_space(block).begin;
    cut.rest += text.substr(done, begin - done);
    done = block.end;
  }
  cut.rest += text.substr(done);
  return cut;
}

std::string append_pieces(std::string_view text, std::span<const std::string> pieces) {
  Layout layout;
  scan(text, &layout, Collect::of_root);
  const Places places(text, layout);
  const std::size_t at = places.end_of_list("tasks");
  std::string result(text.substr(0, at));
  for (const std::string& piece : pieces) {
    if (!result.empty() && !result.ends_with('\n')) result += layout.eol;
    if (!result.empty()) result += layout.eol;
    result += piece;
  }
  if (at < text.size() && !places.is_blank_line(at)) result += layout.eol;
  return result + std::string(text.substr(at));
}

}  // namespace gitplan::toml_io
