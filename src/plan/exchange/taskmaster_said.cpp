#include "plan/exchange/taskmaster_said.hpp"

#include <nlohmann/json.hpp>

namespace gitplan::exchange {

Json taskmaster_said(const Json& entry) {
  return Json{{"title", entry.value("title", Json())},
              {"status", entry.value("status", Json())},
              {"priority", entry.value("priority", Json())},
              {"dependencies", entry.value("dependencies", Json::array())},
              {"details", entry.value("details", Json(""))},
              {"test_strategy", entry.value("testStrategy", Json(""))}};
}

}  // namespace gitplan::exchange
