#include "session/missing_work.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/text.hpp"
#include "git/objects.hpp"
#include "session/workspace.hpp"
#include "store/cache.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// How files went that this commit of flow does not have, by path; kept from one command to the
/// next for the same commit.
class Departures {
 public:
  Departures(const git::Repository& repository, const std::string& session, const git::Oid& flow)
      : repository_(&repository), name_("departures-" + session), flow_(flow) {
    recall();
  }
  Departures(const Departures&) = delete;
  Departures& operator=(const Departures&) = delete;
  ~Departures() {
    if (learned_) save();
  }

  Departure of(const std::string& path) {
    const auto [place, is_new] = known_.try_emplace(path, Departure::never_there);
    if (is_new) place->second = departure(*repository_, flow_, path);
    learned_ = learned_ || is_new;
    return place->second;
  }

 private:
  void recall() {
    const auto payload = cache::load(*repository_, name_);
    if (!payload) return;
    cache::Reader in(payload->bytes());
    if (in.oid() != flow_) return;
    std::map<std::string, Departure> known;
    const std::size_t count = in.count();
    for (std::size_t i = 0; i < count; ++i) {
      std::string path = in.text();
      const auto how = in.number();
      if (how > static_cast<std::uint64_t>(Departure::revert)) return;
      known.emplace(std::move(path), static_cast<Departure>(how));
    }
    if (in.ok()) known_ = std::move(known);
  }

  void save() const {
    cache::Writer out;
    out.oid(flow_);
    out.number(known_.size());
    for (const auto& [path, how] : known_) {
      out.text(path);
      out.number(static_cast<std::uint64_t>(how));
    }
    cache::save(*repository_, name_, out.bytes());
  }

  const git::Repository* repository_;
  std::string name_;
  git::Oid flow_;
  std::map<std::string, Departure> known_;
  bool learned_ = false;
};

bool is_worth_a_look(const PlanView& view, TaskIndex index) {
  return view.task(index).status == Status::completed && !view.in_flow(index) &&
         view.task_branch(index) != nullptr;
}

/// The metadata of a whole session is cleared up at once: where all of its folder is gone, one look
/// at that is enough.
std::string path_to_ask(const git::Repository& repository, const PlanView& view, TaskIndex index) {
  const std::string folder = fmt::format("{}/{}", ref_names::metadata_folder, view.session());
  const git::Oid tree = git::tree_of(repository, *view.flow().commit);
  const std::string& file = view.task_branch(index)->file;
  const bool whole = file.empty() || !git::entry_at(repository, tree, folder);
  return whole ? folder : folder + "/" + file;
}

}  // namespace

std::vector<MissingWork> missing_work(const Workspace& workspace, const PlanView& view) {
  std::vector<MissingWork> missing;
  if (view.is_cleaned()) return missing;
  std::optional<Departures> departures;
  const auto& flow = view.flow().commit;
  const git::Repository& repository = workspace.repository();
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (!is_worth_a_look(view, i)) continue;
    Departure how = Departure::never_there;
    if (flow) {
      if (!departures) departures.emplace(repository, view.session(), *flow);
      how = departures->of(path_to_ask(repository, view, i));
      const bool has_commits = how == Departure::never_there &&
                               git::is_ancestor(repository, view.task_branch(i)->tip, *flow);
      if (how == Departure::clean_up || has_commits) continue;
    }
    missing.push_back({i, how});
  }
  return missing;
}

std::string describe(const PlanView& view, const MissingWork& missing) {
  const std::string id = text::printable(view.task(missing.task).id);
  const bool reverted = missing.how == Departure::revert;
  return fmt::format(
      "task '{}' is recorded completed, but '{}' does not have it ({}); to {}: git "
      "task {} {}/{}",
      id, text::printable(view.plan().flow_branch), reverted ? "reverted?" : "set back?",
      reverted ? "start it over" : "merge it again", reverted ? "reset" : "done", view.session(),
      id);
}

void warn_of_missing_work(Workspace& workspace, const PlanView& view) {
  for (const MissingWork& missing : missing_work(workspace, view)) {
    workspace.warn({Severity::warning, "not_in_flow", describe(view, missing),
                    view.task(missing.task).id, std::nullopt});
  }
}

}  // namespace gitplan
