#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/wave/worker.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto& words = invocation.arguments().words;
  const int worker = commands::parse_worker(words[0]);
  const auto added = commands::add_worker(invocation.workspace(), worker, words[1]);
  return invocation.answer(
      [&](const Style& style) {
        Table table;
        table.row({Cell::plain(fmt::format("worker-{}", added.slot.number)),
                   Cell::plain(added.branch), Cell::plain(added.slot.path)});
        return table.text(style);
      },
      [&] { return to_json(added); });
}

}  // namespace

const Verb wave_worker_add_verb{
    "worker add", "put a branch into a slot, replacing what is there", "<N> <branch>", 2, 2, {},
    run};

}  // namespace gitplan::cli
