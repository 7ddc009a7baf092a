#!/bin/bash
# What is wrong between a clone and the remote that machines share, named by the doctor with what mends it.
# shellcheck disable=SC2086 # session and reading commands are words
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
as Ada
at 2025-01-02T03:04:05Z
two_clones One Two Three
codes() { # EXPECTED-CODES…
  json '[.problems[].code] | sort | join(" ")' "$(printf '%s\n' "$@" | sort | xargs)"
}
in_bob
run git plan doctor --json
exits 0

# Cut off, and a host that cannot do what is needed.
hub_goes_away
run git plan doctor --json
exits 1
codes remote_unreachable
hub_comes_back
on_hub config receive.advertiseAtomic false
run git plan doctor --json
exits 1
codes remote_not_atomic
on_hub config --unset receive.advertiseAtomic

# A lock that a push left there when it died.
touch -d '2 hours ago' "$hub/refs/heads/flow.lock"
run git plan doctor
exits 1
prints_like "^problem: remote 'origin' has lock '$hub/refs/heads/flow.lock', which no push of a minute holds$"
rm "$hub/refs/heads/flow.lock"

# What is here alone: a plan and flow that are ahead, then apart.
git -c plan.remote= task add Four -q >/dev/null
git update-ref refs/heads/flow "$(git commit-tree -p flow -m Ahead 'flow^{tree}')"
run git plan doctor --json
exits 1
codes unpublished unpublished
json '[.problems[].hint] | unique' '["to bring both together, run: git plan sync"]'
in_ada
git task add Five -q >/dev/null
in_bob
git fetch -q
run git plan doctor --json
exits 1
codes diverged unpublished
git plan sync -q >/dev/null
run git plan doctor --json
exits 0

# Claims that nobody renewed for long, and those of tasks that are over.
in_ada
git plan sync -q >/dev/null
git task start 001 -q >/dev/null
git task start 002 -q >/dev/null
in_bob
git task cancel 002 -q >/dev/null
at 2025-01-12T03:04:05Z
run git plan doctor
exits 1
prints_like "^problem: task '$session/001' is claimed by machine ada, worker 1, since 2025-01-02T03:04:05Z, and was not renewed for a day or longer$"
prints_like "^  to take it over, run: git task start --take $session/001$"
prints_like "^problem: task '$session/002' is over, but still claimed by machine ada, worker 2, since "
git plan sync -q >/dev/null
run git plan doctor --json
exits 1
codes old_claim

# A remote that shares nothing.
git init -q --bare "$scratch/other"
git remote add other "$scratch/other"
run git -c plan.remote=other plan doctor --json
exits 1
codes unshared
