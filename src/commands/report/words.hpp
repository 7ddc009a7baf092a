// Times and sizes as reports say them.
#pragma once

#include <string>
#include <string_view>

#include "commands/report/report.hpp"

namespace gitplan::commands {

std::string day(Seconds time);          ///< "2025-01-12", UTC
std::string time_of_day(Seconds time);  ///< "14:30"
std::string minute_of(Seconds time);    ///< "2025-01-12 14:30"
/// "2025-01-12 14:30 to 15:12": the day again where it is another one.
std::string span(Seconds from, Seconds until);
/// "12 files changed, 340 lines added, 12 removed"; "" if nothing was built.
std::string size_of_work(const Landing::Changes& changes);
/// "worker 2", "ada, worker 2", "without a slot"
std::string lane_name(const std::string& machine, const std::optional<int>& worker);
/// "2", "ada, 2"; "": that is not known.
std::string worker_cell(const TaskRun& run);
/// "+340 -12"
std::string plus_minus(const Landing::Changes& changes);
/// "ran 2025-01-12 14:30 to 15:12 UTC (42 min)"; "" if nothing has started.
std::string duration(const Report& report);
/// "1 h 20 min of work, 50 min estimated"
std::string effort(const Report& report);

/// "9 verifications took 3 min; 1 task was flaky, 2 were sent back; the longest wait was 5 min"; ""
/// if nothing was verified.
std::string verifications(const Report& report);

/// "tokens=1200 usd=0.5; of fast: tokens=200; parked for 5 h"; "" where nothing is known.
std::string usage_words(const Report& report);

}  // namespace gitplan::commands
