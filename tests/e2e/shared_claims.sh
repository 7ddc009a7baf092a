#!/bin/bash
# Who has a task of a shared plan: claims of each verb that begins one, who is told of them, and how they end.
# shellcheck disable=SC2086 # session and reading commands are words
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
as Ada
at 2025-01-02T03:04:05Z
two_clones One Two Three Four Five
claims() { on_hub for-each-ref --format='%(refname:lstrip=4)' refs/git-plan/claims | paste -sd' '; }

# A branch without a worktree is a claim without a worker; a worktree for it names the worker.
run git task create 001
exits 0
same "$(claims)" 001
in_bob
run git task create 001
exits 3
complains_like "^error: task '001' is claimed by machine ada, since 2025-01-02T03:04:05Z$"
complains_like '^hint: to take it over, run: git task start --take 001$'
run git task show 001 --json
exits 0
json '[.status, .machine, .ready, .claim.state, (.claim | has("worker"))]' '["in_progress","ada",false,"held",false]'
in_ada
run git task start 001 --json
exits 0
json .worker 1
json 'has("taken_from")' false
in_bob
run git task show 001 --fetch --json
exits 0
json .claim '{"machine":"ada","worker":"1","since":"2025-01-02T03:04:05Z","renewed":"2025-01-02T03:04:05Z","state":"held"}'
json 'has("branch")' false

# It is said wherever tasks are: as in progress, with the machine, and not as one that can start.
run git task list --json
json '.tasks[0] | [.status, .machine, .claim.worker]' '["in_progress","ada","1"]'
run git plan show --json
json '.tasks[0] | [.status, .machine, .claim.worker]' '["in_progress","ada","1"]'
run git task list
prints_like '^001  in progress  worker 1 on ada  One$'
run git task show 001
prints_like '^claimed by +machine ada, worker 1, since 2025-01-02T03:04:05Z$'
run git wave next --json
json '[.tasks[].id]' '["002","003","004","005"]'
run git wave status --json
json '.workers | map([.machine, .worker, .task, .since, .renewed, .state])' \
  '[["ada","1","001","2025-01-02T03:04:05Z","2025-01-02T03:04:05Z","working"]]'
at 2025-01-02T03:14:05Z
run git wave status
exits 0
prints_like '^on other machines:$'
prints_like '^  ada  worker-1  001  since 10 minutes ago  One$'
same "$(awk 'length > 80' "$out")" ''

# A task that is taken over goes on from its branch as the remote has it.
in_ada
(cd .worktrees/worker-1 && commit_file one.txt one One && git push -q origin HEAD)
in_bob
run git task start --take 001 --json
exits 0
json .taken_from.machine ada
json .taken_from.worker 1
complains_like "^task '001' was claimed by machine ada, worker 1, since 2025-01-02T03:04:05Z; it is this machine's now$"
same "$(cat .worktrees/worker-1/one.txt)" one
in_ada
run git task done 001
exits 3
complains_like "^error: task '001' is claimed by machine bob, worker 1, since "
in_bob
run git task done 001 --remove-worktree
exits 0
same "$(claims)" ''

# What another machine has starts over with -f: its branch is among the attempts there, in the push that ends its claim.
in_ada
git plan sync -q >/dev/null
git wave worker remove 1 -q >/dev/null
git task start 002 -q >/dev/null
(cd .worktrees/worker-1 && commit_file two.txt two Two && git push -q origin HEAD)
tip=$(git rev-parse task/002-two)
git clone -q "$hub" "$scratch/carl"
cd "$scratch/carl"
git plan sync origin -q >/dev/null
same "$(git branch --list 'task/002*' --format='%(refname:short)')" task/002-two
in_bob
run git task reset 002 --fetch
exits 3
complains_like '^hint: to start it over all the same, run: git task reset -f 002$'
run git task reset -f 002
exits 0
complains_like "^task '002' was claimed by machine ada, worker 1, since "
same "$(claims)" ''
same "$(on_hub for-each-ref --format='%(objectname)' "refs/git-plan/attempts/$session/002")" "$tip"
expect_not on_hub rev-parse -q --verify refs/heads/task/002-two
cd "$scratch/carl"
run git task show 002 --fetch --json
exits 0
json '[.status, .ready, has("branch")]' '["pending",true,false]'
same "$(git for-each-ref --format='%(objectname)' refs/git-plan/attempts)" "$tip"
in_bob
run git task start 002
exits 0
run git task reset 002
exits 0

# Failed, cancelled: the claims of this machine end with it, and those of others with what any machine does next.
run git task start 003
exits 0
run git task fail 003 -m 'No time'
exits 0
same "$(claims)" ''
in_ada
git plan sync -q >/dev/null
git task start 004 -q >/dev/null
in_bob
run git task cancel 004
exits 0
same "$(claims)" 004
run git wave finish
exits 0
same "$(claims)" ''
run git wave finish
exits 0

# What nobody is at any more goes with a clean-up of the plan, branches too.
in_ada
git plan sync -q >/dev/null
run git task cancel 005
exits 0
run git task cancel 002
exits 0
run git task cancel 003
exits 0
git wave worker list --json | jq -r '.workers[].worker' | while read -r n; do git wave worker remove "$n" -q >/dev/null; done
on_hub rev-parse -q --verify refs/heads/task/001-one >/dev/null
run git plan clean
exits 0
expect_not on_hub rev-parse -q --verify refs/heads/task/001-one
same "$(on_hub ls-tree flow .plan)" ''
same "$(git rev-parse flow plan/$session)" "$(on_hub rev-parse flow plan/$session)"
in_bob
run git plan show --fetch --json
exits 0
json .state completed

# Flow is delivered as the remote has it, and how to publish that is said.
run git plan deliver --into=main
exits 0
complains_like '^hint: to publish it, run: git push origin main$'
same "$(git show main:one.txt)" one
same "$(git fsck 2>&1 | grep -v dangling || true)" ''
same "$(on_hub fsck 2>&1 | grep -v dangling || true)" ''
