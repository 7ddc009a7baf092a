// The records of beads' issues.jsonl that are issues, one for each id.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/exchange/json_document.hpp"
#include "plan/exchange/warnings.hpp"

namespace gitplan::exchange {

/// Of records with one id, as git's union merge leaves them, the one that was updated last counts,
/// wherever it stands; those that are deleted are left out. Git's conflict markers are passed over,
/// and so is what is no issue or no JSON; all are warned of. Each that is returned is an object
/// with an `id`. Throws Error(fatal) where the text is none, or a list that is no JSON.
std::vector<Json> beads_records(std::string_view text, std::string_view name, Warnings& warnings);

std::string beads_id(const Json& record);
std::string beads_status(const Json& record);

/// All that an issue tells whoever works on it: its description, design and notes.
std::string beads_guidance(const Json& record);
/// What of it is the description, if design and notes are as the record says.
std::string beads_description(const std::string& guidance, const Json& record);

}  // namespace gitplan::exchange
