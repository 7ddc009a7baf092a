#include "cli/plan/graph_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/task_text.hpp"
#include "plan/ids.hpp"

namespace gitplan::cli {
namespace {

using Row = schedule::Rails::Row;

struct Glyphs {
  std::string_view rail, across, joined, joined_from_left, ended, ended_from_left, begun,
      begun_from_left;
};
constexpr Glyphs utf8_glyphs{"│", "─", "├", "┼", "└", "┴", "┌", "┬"};
constexpr Glyphs ascii_glyphs{"|", "-", "+", "+", "'", "'", ".", "."};

struct Mark {
  std::string_view word;
  std::string_view utf8;
  std::string_view ascii;
};
constexpr Mark pending_mark{"pending", "·", "."};
constexpr std::array marks{Mark{"completed", "✓", "x"}, Mark{"in progress", "●", ">"},
                           Mark{"free", "◐", "?"},      Mark{"done, not merged yet", "◕", "*"},
                           Mark{"ready", "○", "o"},     pending_mark,
                           Mark{"failed", "✗", "!"},    Mark{"cancelled", "–", "-"}};

bool has(const std::vector<int>& rails, int rail) {
  return std::find(rails.begin(), rails.end(), rail) != rails.end();
}

class Drawer {
 public:
  Drawer(const PlanView& view, const commands::PlanGraph& graph, Characters characters,
         const Style& style)
      : view_(&view),
        graph_(&graph),
        style_(&style),
        utf8_(characters == Characters::utf8),
        glyphs_(utf8_ ? utf8_glyphs : ascii_glyphs),
        rails_(commands::graph_rails(graph, room())) {}

  [[nodiscard]] std::string text() const {
    std::string out;
    int layer = -1;
    for (const Row& row : rails_.rows) {
      if (row.layer != layer) out += heading(row);
      layer = row.layer;
      out += line(row);
    }
    return out + legend();
  }

 private:
  /// Rails that leave half of the width to the tasks.
  [[nodiscard]] int room() const {
    constexpr int usual = 80;
    constexpr int for_the_task = 44;
    constexpr int columns_each = 2;
    const int columns = style_->columns > 0 ? style_->columns : usual;
    return std::clamp((columns - for_the_task) / columns_each, 1, 24);
  }

  /// Above the first task of a layer: what runs into that row runs through here too.
  [[nodiscard]] std::string heading(const Row& row) const {
    const bool unreachable =
        graph_->drawing.has_unreachable && row.layer + 1 == graph_->drawing.layers;
    std::string gutter;
    for (int rail = rails_.count - 1; rail >= 0; --rail) {
      const bool runs = has(row.passing, rail) || has(row.joined, rail) || has(row.ended, rail);
      gutter += runs ? glyphs_.rail : " ";
      gutter += ' ';
    }
    return style_->dim(gutter) +
           style_->bold(unreachable ? "Unreachable" : fmt::format("Wave {}", row.layer + 1)) + "\n";
  }

  [[nodiscard]] std::string gutter(const Row& row) const {
    std::string out;
    bool across = false;
    for (int rail = rails_.count - 1; rail >= 0; --rail) {
      const bool from_left = across;
      const bool involved = has(row.joined, rail) || has(row.ended, rail) || row.begun == rail;
      across = across || involved;
      if (has(row.joined, rail)) {
        out += from_left ? glyphs_.joined_from_left : glyphs_.joined;
      } else if (has(row.ended, rail)) {
        out += from_left ? glyphs_.ended_from_left : glyphs_.ended;
      } else if (row.begun == rail) {
        out += from_left ? glyphs_.begun_from_left : glyphs_.begun;
      } else if (has(row.passing, rail)) {
        out += glyphs_.rail;
      } else {
        out += across ? glyphs_.across : " ";
      }
      out += across ? glyphs_.across : " ";
    }
    return out;
  }

  [[nodiscard]] const Mark& mark_of(TaskIndex task) const {
    const std::string word = progress_word(*view_, task);
    const auto* found =
        std::find_if(marks.begin(), marks.end(), [&](const Mark& one) { return one.word == word; });
    return found == marks.end() ? pending_mark : *found;
  }

  /// Their ids; three or more that follow one another as "002-021".
  [[nodiscard]] std::string listed(const std::vector<TaskIndex>& tasks) const {
    const auto number = [&](std::size_t at) { return task_number(view_->task(tasks[at]).id); };
    std::vector<std::string> ids;
    for (std::size_t first = 0, end = 0; first < tasks.size(); first = end) {
      end = first + 1;
      while (end < tasks.size() && number(end) && number(end) == number(end - 1).value_or(0) + 1)
        ++end;
      if (end - first < 3) end = first + 1;
      const std::string id = text::printable(view_->task(tasks[first]).id);
      const std::string last = text::printable(view_->task(tasks[end - 1]).id);
      ids.push_back(end - first > 1 ? fmt::format("{}-{}", id, last) : id);
    }
    return text::join(ids, ", ");
  }

  [[nodiscard]] std::string line(const Row& row) const {
    const Mark& mark = mark_of(row.task);
    const std::string id = text::printable(view_->task(row.task).id);
    std::string words = text::printable(text::fold_space(view_->task(row.task).description));
    if (!row.unrailed.empty()) {
      words = fmt::format("(after {}) {}", listed(row.unrailed), words);
    }
    for (const auto& one : view_->waves().unreachable) {
      if (one.task == row.task) words = fmt::format("({}) {}", text::printable(one.reason), words);
    }
    const std::string symbol = fmt::format("{} {}", utf8_ ? mark.utf8 : mark.ascii, id);
    const int used = 2 * rails_.count + text::width(symbol) + 1;
    if (style_->columns > 0) words = text::cut(words, std::max(style_->columns - used, 1));
    return fmt::format("{}{} {}\n", style_->dim(gutter(row)), painted(mark, row.task, symbol),
                       words);
  }

  [[nodiscard]] std::string painted(const Mark& mark, TaskIndex task,
                                    const std::string& symbol) const {
    return mark.word == "ready" ? style_->yellow(symbol)
                                : style_->status(view_->status(task), symbol);
  }

  /// What the marks mean, of those that stand there.
  [[nodiscard]] std::string legend() const {
    std::string out;
    for (const Mark& mark : marks) {
      const bool used = std::any_of(rails_.rows.begin(), rails_.rows.end(), [&](const Row& row) {
        return mark_of(row.task).word == mark.word;
      });
      if (!used) continue;
      out += fmt::format("{}{} {}", out.empty() ? "" : "  ", utf8_ ? mark.utf8 : mark.ascii,
                         mark.word);
    }
    return out.empty() ? out : "\n" + style_->dim(out) + "\n";
  }

  const PlanView* view_;
  const commands::PlanGraph* graph_;
  const Style* style_;
  bool utf8_;
  Glyphs glyphs_;
  schedule::Rails rails_;
};

}  // namespace

std::string graph_text(const PlanView& view, const commands::PlanGraph& graph,
                       Characters characters, const Style& style) {
  return Drawer(view, graph, characters, style).text();
}

}  // namespace gitplan::cli
