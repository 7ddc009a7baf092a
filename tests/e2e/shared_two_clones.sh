#!/bin/bash
# One plan in two clones of a bare repository: what one writes the other has, nobody starts what another has, what
# lands is in the remote's flow with its record in one push, and what was written apart comes together.
source "$(dirname "$0")/lib.sh"
as Ada
session="session-20250102-030405"
git init -q --bare "$scratch/hub"
new_repo ada
git remote add origin "$scratch/hub"
git push -q origin main
git config plan.machine ada
git plan create $session -q >/dev/null
for title in One Two Three; do git task add $title -q >/dev/null; done
git task start 001 -q >/dev/null

# Shared with all that was begun, and again without harm.
run git plan share
exits 0
prints_like '^shared through origin as machine ada$'
same "$(git config plan.remote)" origin
on_hub() { git -C "$scratch/hub" "$@"; }
on_hub rev-parse -q --verify refs/git-plan/beat/flow >/dev/null
on_hub rev-parse -q --verify refs/git-plan/claims/$session/001 >/dev/null
run git plan share --json
exits 0
json .pushed '[]'

git clone -q "$scratch/hub" "$scratch/bob"
in_ada() { cd "$scratch/ada"; }
in_bob() { cd "$scratch/bob"; }
in_bob
git config plan.machine bob
run git plan sync
exits 0
prints_like '^in step with origin: 1 plan$'
run git task show 001 --json
json .status in_progress
json '[.machine, .claim.machine, .claim.worker, .claim.state]' '["ada","ada","1","held"]'

# Nobody starts what another machine has.
run git task start 001
exits 3
complains_like "^error: task '001' is claimed by machine ada, worker 1, since "
run git wave start -j 1 --json
exits 0
json '[.started[].task]' '["002"]'

# A write stands on what the others wrote, known here or not.
in_ada
run git task add Four
exits 0
in_bob
run git plan update --note=Hello
exits 0
same "$(git rev-parse plan/$session)" "$(on_hub rev-parse plan/$session)"
same "$(git show plan/$session:plan.toml | grep -c '^id = ')" 4

# A landing: flow, the record and the end of the claim.
(cd .worktrees/worker-1 && commit_file two.txt two Two)
run git task done 002
exits 0
same "$(on_hub show flow:two.txt)" two
expect_not on_hub rev-parse -q --verify refs/git-plan/claims/$session/002
same "$(on_hub show plan/$session:plan.toml | grep -A3 '^id = "002"' | grep status)" 'status = "completed"'
same "$(git rev-parse flow)" "$(on_hub rev-parse flow)"
in_ada
(cd .worktrees/worker-1 && commit_file one.txt one One)
run git task done 001 --remove-worktree
exits 0
same "$(on_hub show flow:one.txt)$(on_hub show flow:two.txt)" onetwo

# What starts over is free again.
git task start 003 -q >/dev/null
run git task reset 003
exits 0
same "$(on_hub for-each-ref refs/git-plan/claims)" ''
in_bob
run git task start 003
exits 0
run git task cancel 003 -m 'Not wanted'
exits 0
same "$(on_hub for-each-ref refs/git-plan/claims)" ''

# Written apart: other tasks and other keys come together, and a task under a taken id gets the next one.
in_ada
git plan sync -q >/dev/null
git -c plan.remote= task add 'Of Ada' -q >/dev/null
run git task add 'Not yet'
exits 3
complains_like '^hint: to bring both together, run: git plan sync$'
in_bob
git task add 'Of Bob' -q >/dev/null
git plan update --set architecture=Layers -q >/dev/null
in_ada
run git plan sync
exits 0
prints_like '^  task 005 of this clone is 006 now$'
same "$(git task list --json | jq -c '[.tasks[] | select(.id > "004") | .description]')" '["Of Bob","Of Ada"]'
same "$(git rev-parse plan/$session)" "$(on_hub rev-parse plan/$session)"

# The same key changed on both sides is named, and nothing moves.
git -c plan.remote= plan update --set architecture=Hexagons -q >/dev/null
in_bob
git plan sync -q >/dev/null
git plan update --set architecture=Onions -q >/dev/null
in_ada
before=$(git rev-parse plan/$session)
run git plan sync --json
exits 1
json '[.conflicts[].key]' '["architecture"]'
same "$(git rev-parse plan/$session)" "$before"
git update-ref refs/heads/plan/$session "$(git rev-parse origin/plan/$session)"

# A remote that cannot be reached is named; nothing has changed, and reading needs none.
mv "$scratch/hub" "$scratch/away"
run git task start 004 --json
exits 5
json_error .error.code remote_unreachable
same "$(git branch --list 'task/004*')" ''
run git task list
exits 0
mv "$scratch/away" "$scratch/hub"
run git task start 004
exits 0
same "$(git fsck 2>&1 | grep -v dangling || true)" ''
same "$(on_hub fsck 2>&1 | grep -v dangling || true)" ''

# Runs in both clones at once: each task is started once, and lands once.
in_ada
git task reset 004 -q >/dev/null
for title in Seven Eight Nine Ten; do git task add $title -q >/dev/null; done
in_bob
git plan sync -q >/dev/null
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/started"
sleep 0.2
echo "$GIT_TASK_ID" >"$GIT_TASK_ID.txt" && git add . && git commit -q -m Work
END
chmod +x "$HOME/work"
: >"$HOME/started"
(cd "$scratch/ada" && exec "$GITPLAN_BIN/git-wave" run -j 1 -- "$HOME/work" >"$state/ada.out" 2>&1) &
ada_id=$!
(cd "$scratch/bob" && exec "$GITPLAN_BIN/git-wave" run -j 1 -- "$HOME/work" >"$state/bob.out" 2>&1) &
bob_id=$!
wait "$ada_id" || true
wait "$bob_id" || true
same "$(sort "$HOME/started" | uniq -d)" ''
run git plan sync
exits 0
same "$(git task list --json | jq -c '[.tasks[].status] | unique')" '["cancelled","completed"]'
same "$(on_hub for-each-ref refs/git-plan/claims)" ''

# A plan that was deleted is gone for all; not while another machine works on it.
git plan create session-20250102-040506 -q >/dev/null
git task add Last -q >/dev/null
in_ada
git plan sync -q >/dev/null
git task start session-20250102-040506/001 -q >/dev/null
in_bob
run git plan delete session-20250102-040506
exits 3
git -c plan.remote= plan list >"$out"
run git plan delete -f session-20250102-040506
exits 0
expect_not on_hub rev-parse -q --verify refs/heads/plan/session-20250102-040506
same "$(on_hub for-each-ref refs/git-plan/claims)" ''
run git plan sync
exits 0
expect_not git rev-parse -q --verify plan/session-20250102-040506
