#include "session/merged_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "git/merge_file.hpp"
#include "plan/cut_tasks.hpp"
#include "plan/fields.hpp"
#include "plan/toml.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

struct Side {
  std::string text;
  Plan plan;
};

Side read_side(std::string text) {
  Plan plan = toml_io::parse_plan(text, "plan.toml").plan;
  return {std::move(text), std::move(plan)};
}

/// Equal in all of our keys, in whatever order tasks and updates stand.
bool says(const Plan& plan, const Plan& wanted) {
  const auto has = [&](const Task& task) {
    const auto found = plan.find(task.id);
    return found && toml_io::same(plan.tasks[*found], task);
  };
  return toml_io::same(plan, wanted) && plan.tasks.size() == wanted.tasks.size() &&
         std::ranges::all_of(wanted.tasks, has) &&
         std::ranges::is_permutation(plan.updates, wanted.updates);
}

class TextMerge {
 public:
  TextMerge(const Workspace& workspace, const MergeTexts& texts, const MergedPlans& merged)
      : workspace_(&workspace), texts_(&texts), merged_(&merged) {
    for (const RenamedTask& task : merged.renamed) renamed_[task.from] = task.to;
  }

  /// Nothing where the lines cannot stand together.
  std::optional<std::string> run() try {
    auto cut = cut_ours();
    if (!cut) return std::nullopt;
    const std::string base = with_merged_values(read_side(text_of(texts_->base)));
    const std::string theirs = with_merged_values(read_side(text_of(texts_->theirs)));
    const std::string ours = with_merged_values(read_side(std::move(cut->rest)));
    const auto fitting = [&](const std::string& lines) -> std::optional<std::string> {
      std::string text = toml_io::append_pieces(lines, cut->pieces);
      return says(read_side(text).plan, merged_->plan) ? std::optional(std::move(text))
                                                       : std::nullopt;
    };
    auto lines = merge(ours, base, theirs, git::OnConflict::mark);
    if (lines.clean) return fitting(lines.text);
    return fitting(merge(ours, base, theirs, git::OnConflict::keep_both).text);
  } catch (const Error&) {
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::string text_of(const StoredPlan& stored) const {
    return workspace_->store().text(stored);
  }

  [[nodiscard]] git::MergedText merge(const std::string& ours, const std::string& base,
                                      const std::string& theirs,
                                      git::OnConflict on_conflict) const {
    return git::merge_texts(workspace_->repository(), {ours, "ours"}, {base, "base"},
                            {theirs, "theirs"}, on_conflict);
  }

  [[nodiscard]] std::string final_id(const Task& task) const {
    const auto found = renamed_.find(task.id);
    return found == renamed_.end() ? task.id : found->second;
  }

  [[nodiscard]] const Task* merged_task(const std::string& id) const {
    const auto found = merged_->plan.find(id);
    return found ? &merged_->plan.tasks[*found] : nullptr;
  }

  /// Without what ours alone added, which are the pieces, with their merged values; what both added
  /// alike stands in theirs.
  [[nodiscard]] std::optional<toml_io::CutText> cut_ours() const {
    const Plan& ours = texts_->ours.plan;
    std::vector<std::size_t> added;
    for (std::size_t i = 0; i < ours.tasks.size(); ++i) {
      if (renamed_.contains(ours.tasks[i].id) || !texts_->base.plan.find(ours.tasks[i].id))
        added.push_back(i);
    }
    auto cut = toml_io::cut_tasks(text_of(texts_->ours), added);
    if (!cut) return std::nullopt;
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i < added.size(); ++i) {
      const std::string id = final_id(ours.tasks[added[i]]);
      if (texts_->theirs.plan.find(id)) continue;
      pieces.push_back(as_merged(cut->pieces[i], id));
    }
    cut->pieces = std::move(pieces);
    return cut;
  }

  [[nodiscard]] std::string as_merged(const std::string& piece, const std::string& id) const {
    const Side side = read_side(piece);
    Plan after = side.plan;
    if (const Task* task = merged_task(id); task != nullptr && after.tasks.size() == 1)
      after.tasks.front() = *task;
    return toml_io::edit_plan(piece, side.plan, after);
  }

  /// The keys of the plan, and of the tasks that the text has; what one side removed has on all
  /// sides what it had before.
  [[nodiscard]] std::string with_merged_values(const Side& side) const {
    Plan after = merged_->plan;
    after.tasks = side.plan.tasks;
    for (Task& task : after.tasks) {
      const auto before = texts_->base.plan.find(task.id);
      if (const Task* merged = merged_task(task.id)) {
        task = *merged;
      } else if (before) {
        task = texts_->base.plan.tasks[*before];
      }
    }
    after.updates = side.plan.updates;
    for (const Update& update : merged_->plan.updates) {
      if (std::ranges::find(after.updates, update) == after.updates.end())
        after.updates.push_back(update);
    }
    return toml_io::edit_plan(side.text, side.plan, after);
  }

  const Workspace* workspace_;
  const MergeTexts* texts_;
  const MergedPlans* merged_;
  std::map<std::string, std::string> renamed_;
};

}  // namespace

std::string merged_text(const Workspace& workspace, const MergeTexts& texts,
                        const MergedPlans& merged) {
  if (auto text = TextMerge(workspace, texts, merged).run()) return *std::move(text);
  workspace.note(fmt::format("comments of this clone's plan '{}' stay behind, in {}",
                             texts.ours.session, texts.ours.commit.abbreviated()));
  return toml_io::edit_plan(workspace.store().text(texts.theirs), texts.theirs.plan, merged.plan);
}

}  // namespace gitplan
