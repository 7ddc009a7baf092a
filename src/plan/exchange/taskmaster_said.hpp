// What Task Master was told of a task, which shows later what was changed there.
#pragma once

#include "plan/exchange/json_document.hpp"

namespace gitplan::exchange {

Json taskmaster_said(const Json& entry);

}  // namespace gitplan::exchange
