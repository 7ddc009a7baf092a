// An event of a run as the object of --json=lines, and of the hook wave-notify.
#pragma once

#include <string_view>

#include "session/json.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::commands {

Json to_json(const supervisor::Event& event);

/// "started", "merged", …: as the events of --json=lines name them.
std::string_view event_name(supervisor::Event::Kind kind);

}  // namespace gitplan::commands
