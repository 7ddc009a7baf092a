#include "session/flow_trust.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "session/verification.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

constexpr std::string_view green = "green ";
constexpr std::string_view red = "red ";

/// Several branches may come to one name: the note says whose it is.
std::string note_file(const git::Repository& repository, std::string branch) {
  std::ranges::replace(branch, '/', '+');
  return join_path(git::state_folder(repository), "verified/" + branch);
}

}  // namespace

/// Lines: "green" or "red" and the commit, the flow branch, the command (of any number of lines).
struct FlowTrust::Note {
  bool is_green = false;
  git::Oid commit;
  bool is_of_command = true;  ///< not of another one that verified the same branch
};

FlowTrust::FlowTrust(const Workspace& workspace, std::string flow_branch, std::string command)
    : workspace_(&workspace), flow_branch_(std::move(flow_branch)), command_(std::move(command)) {}

std::optional<FlowTrust::Note> FlowTrust::read() const try {
  const auto text = read_file(note_file(workspace_->repository(), flow_branch_));
  if (!text) return std::nullopt;
  const std::string_view first = std::string_view(*text).substr(0, text->find('\n'));
  const std::string of_branch = fmt::format("{}\n{}\n", first, flow_branch_);
  if (!text->starts_with(of_branch)) return std::nullopt;
  const bool is_green = first.starts_with(green);
  const auto commit =
      git::Oid::parse(first.substr(std::min(first.size(), (is_green ? green : red).size())));
  if (!commit) return std::nullopt;
  return Note{is_green, *commit, text->substr(of_branch.size()) == command_};
} catch (const Error&) {
  return std::nullopt;
}

void FlowTrust::write(const Note& note) const {
  const git::Repository& repository = workspace_->repository();
  make_folders(join_path(git::make_state_folder(repository), "verified"));
  write_file_atomically(note_file(repository, flow_branch_),
                        fmt::format("{}{}\n{}\n{}", note.is_green ? green : red, note.commit.hex(),
                                    flow_branch_, command_));
}

bool FlowTrust::same_tree(const git::Oid& a, const git::Oid& b) const try {
  const git::Repository& repository = workspace_->repository();
  return a == b || git::tree_of(repository, a) == git::tree_of(repository, b);
} catch (const Error&) {
  return false;  // one of them is gone
}

void FlowTrust::begin(const git::Oid& flow, bool was_cut_short) {
  const auto note = read();
  const bool is_as_noted = note && same_tree(note->commit, flow);
  if (is_as_noted && note->is_of_command && !note->is_green) return;
  if (note && !is_as_noted && was_cut_short) return;
  write({true, flow});
}

bool FlowTrust::knows(const git::Oid& flow) const {
  const auto note = read();
  return note && note->is_of_command && note->is_green && same_tree(note->commit, flow);
}

std::optional<FlowIsRed> FlowTrust::look(const git::Oid& flow, int retries,
                                         const std::function<bool()>& is_cut_short) {
  if (knows(flow)) return std::nullopt;
  int status = verify(*workspace_, flow, command_, is_cut_short);
  for (int again = 0; status != 0 && again < retries; ++again)
    status = verify(*workspace_, flow, command_, is_cut_short);
  note(flow, status == 0 ? Found::green : Found::red);
  return status == 0 ? std::nullopt : std::optional(FlowIsRed{flow, status});
}

void FlowTrust::note(const git::Oid& flow, Found found) const {
  write({found == Found::green, flow});
}

}  // namespace gitplan
