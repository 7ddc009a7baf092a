// What is wrong with a JSON text, in words that are the same wherever one is read.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::json_problem {

/// nlohmann's message, without its number and what every one of them begins with.
std::string of_parser(std::string_view what);
std::string duplicate_key(std::string_view key);
std::string too_deep();

}  // namespace gitplan::json_problem
