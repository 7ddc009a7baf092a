// What all imports share: entries of another tool on their way to tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/exchange/exchange.hpp"
#include "plan/exchange/warnings.hpp"

namespace gitplan::exchange {

struct Item {
  std::string external_id;
  std::optional<std::uint32_t> number;  ///< the task id that it would like
  std::string parent;                   ///< external id; empty: none
  std::vector<std::string> depends_on;  ///< external ids
  Task task;                            ///< all but id, external_id and depends_on
  std::optional<Task> ours;             ///< as it was exported: its id and external_id count
  bool same_dependencies = false;       ///< and its depends_on, too
  std::optional<std::size_t> place;     ///< in the plan that was exported
};

/// A paragraph more, below a heading if it has one; nothing if it says nothing.
void add_paragraph(std::optional<std::string>& text, std::string_view heading,
                   std::string_view paragraph);

/// Gives every item its id and its dependencies. An item with children is done after them, and they
/// wait for what it waits for. Dependencies and parents that are not there, and those that close a
/// cycle, are warned of and left out; so are those that a task of `into` does not have. Throws
/// Error(fatal) where no item has a title; one that has none is warned of and called by its id.
Imported assemble(std::vector<Item> items, const ImportOptions& options, Warnings& warnings);

}  // namespace gitplan::exchange
