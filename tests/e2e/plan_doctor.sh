#!/bin/bash
# Names what is wrong and how to mend it; mends what is safe, when asked.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada
at 2025-01-02T03:04:05Z
codes() { # EXPECTED-CODES…, in any order: the problems that are left
  json '[.problems[] | select(.fixed | not) | .code] | sort | join(" ")' "$(printf '%s\n' "$@" | sort | xargs)"
  json '.problems | map((.hint | length > 0) and (.message | length > 0)) | all'
}
doctor() { run git plan doctor --json "$@"; }

new_repo
doctor
exits 0
json '.success, .problems' 'true
[]'
run git plan doctor
prints 'all is well'
independent_plan 4
git wave start -q -j 4 >/dev/null
doctor
exits 0
repository_snapshot

# Slots that lost their folder, their .git, or never were one.
rm -rf .worktrees/worker-1
rm .worktrees/worker-2/.git
mkdir .worktrees/worker-9
git worktree add -q .worktrees/worker-7 -b by-hand
git worktree add -q .worktrees/other -b other
mkdir .worktrees/aside-worker-5
doctor
exits 1
codes slot_without_folder slot_lost_git not_a_worktree no_slot_record no_slot_record moved_aside
run git plan doctor
exits 1
prints_like "^problem: the folder of worker 1 is gone: '.worktrees/worker-1'$"
prints_like '^  to forget it, run: git wave worker prune$'
prints_like '^6 problems$'
doctor --fix
exits 1
json '[.problems[] | select(.fixed) | .code]' '["slot_without_folder"]'
codes slot_lost_git not_a_worktree no_slot_record no_slot_record moved_aside
# What the hints say helps.
for n in 2 7 9; do git wave worker remove $n -q >/dev/null; done
git worktree remove .worktrees/other
rm -rf .worktrees/aside-*
git for-each-ref --format='delete %(refname)' refs/git-plan/rescue | git update-ref --stdin
mkdir -p .worktrees
echo x >.worktrees/worker-8
ln -s ../README.md .worktrees/worker-9
doctor
exits 1
codes not_a_folder not_a_folder
rm .worktrees/worker-[89]
doctor
exits 0

# Rescued work, a text that was kept, plan.current of a plan that is gone.
git update-ref refs/git-plan/rescue/worker-1/20250101T000000Z HEAD
git config plan.current session-20010101-000000
doctor
exits 1
codes rescue_waiting current_missing
json '.problems[] | select(.code == "rescue_waiting") | .message' 'rescued work is waiting: 1 ref, the oldest of 2025-01-01T00:00:00Z'
echo 'x = [' >text.toml
GIT_EDITOR='cp text.toml' run git plan edit session-20250102-030405
fails
doctor --fix
exits 1
codes rescue_waiting kept_text
expect_not git config plan.current
rm "$(common_folder)"/plan-edit/*
git wave worker prune --expire=now -q >/dev/null
doctor
exits 0

# Locks: ours of the dead go with --fix, another program's is only named.
common=$(common_folder)
mkdir -p "$common/git-plan/notes"
printf 'owner 999999 1\0lock 0 %s\0' "$common/refs/heads/flow.lock" >"$common/git-plan/notes/999999-1"
: >"$common/refs/heads/flow.lock"
: >"$common/index.lock"
doctor
exits 1
codes stale_lock foreign_lock
json '.problems[] | select(.code == "foreign_lock") | .hint' "if no git runs in this repository, run: rm -f $common/index.lock"
doctor --fix
exits 1
codes foreign_lock
expect test -e "$common/index.lock"
expect_not test -e "$common/refs/heads/flow.lock"
rm "$common/index.lock"
# With this one git never packs again, and says nothing.
: >"$common/objects/maintenance.lock"
doctor
exits 1
codes foreign_lock
rm "$common/objects/maintenance.lock"

# What killed commands left, and a folder that is not excluded.
mkdir -p "$common/git-plan/tmp-999999-1-0" "$common/git-plan/trash/999999-1-1"
: >"$common/info/exclude"
doctor
exits 1
codes scraps not_excluded
doctor --fix
exits 0
json '.problems | map([.code, .fixed])' '[["not_excluded",true],["scraps",true]]'
run git plan doctor --fix
prints 'all is well'

# A task that flow lost again, and a flow branch that is gone.
(cd .worktrees/worker-3 && commit_file part-3.txt x 'Make part 3' && git task done -q)
git wave finish -q >/dev/null
git update-ref refs/heads/flow main
doctor
exits 1
codes not_in_flow
json '.problems[0].hint' 'to start it over, run: git task reset session-20250102-030405/003'
git update-ref -d refs/heads/flow
doctor --fix
exits 1
codes flow_missing not_in_flow
expect_not git rev-parse -q --verify flow
git plan init -q main >/dev/null
git plan delete -q -f session-20250102-030405 >/dev/null
doctor
exits 1
codes slot_without_plan
git wave worker remove 4 -q >/dev/null

# Plans that cannot be read, or have errors; one that nobody has begun gets its flow branch.
git branch -q -D flow
run git plan create session-20250102-040000 --request=x -q
git branch -q -D flow
doctor --fix
exits 0
json '.problems | map([.code, .fixed])' '[["flow_missing",true]]'
expect git rev-parse -q --verify flow
printf 'session_id = "%s"\nversion = 1\n[[tasks]]\nid = "001"\n[[tasks]]\nid = "1"\n' session-20250102-050000 >plan.toml
blob=$(git hash-object -w plan.toml)
tree=$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)
git update-ref refs/heads/plan/session-20250102-050000 "$(git commit-tree -m 'By hand' "$tree")"
blob=$(echo '[[' | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)
git update-ref refs/heads/plan/session-20250102-060000 "$(git commit-tree -m 'By hand' "$tree")"
doctor
exits 1
codes plan_errors plan_unreadable
json '.problems[1].hint' 'to mend it, run: git plan edit session-20250102-060000'
for session in session-20250102-050000 session-20250102-060000; do git plan delete -q -f $session >/dev/null; done

# Names in the way.
git plan delete -q -f session-20250102-040000 >/dev/null
git branch plan
git branch task/001-x/y
doctor
exits 1
codes ref_in_the_way ref_in_the_way
json '.problems | map(.hint) | .[0]' 'to rename it, run: git branch -m plan old-plan'
git branch -m plan old-plan
git branch -q -D task/001-x/y

# The folder of slots as a link.
rm -rf .worktrees && mkdir elsewhere && ln -s elsewhere .worktrees
doctor
exits 1
codes bad_slots_folder
rm .worktrees

# The machine: aliases, programs of another version, missing, and nobody's name.
git config --global alias.wave status
mkdir "$scratch/other"
printf '#!/bin/sh\necho git-task version 0.0.1\n' >"$scratch/other/git-task"
chmod +x "$scratch/other/git-task"
PATH=$scratch/other:$PATH run git plan doctor --json
exits 1
codes alias version_mismatch
json '[.problems[] | select(.code == "alias") | .hint]' '["to remove it, run: git config --global --unset-all alias.wave"]'
git config --global --unset-all alias.wave
PATH=/usr/local/bin:/usr/bin:/bin run "$GITPLAN_BIN/git-plan" doctor --json
if [[ -z $(PATH=/usr/local/bin:/usr/bin:/bin command -v git-plan) ]]; then
  exits 1
  codes not_on_path not_on_path not_on_path
fi
printf '#!/bin/sh\n[ "$1" != version ] || { echo git version 2.25.1; exit; }\nexec %s "$@"\n' "$(command -v git)" >"$scratch/other/git"
chmod +x "$scratch/other/git" && rm "$scratch/other/git-task"
PATH=$scratch/other:$PATH run "$GITPLAN_BIN/git-plan" doctor --json
exits 1
codes git_too_old
as_nobody
doctor
exits 1
codes no_identity
as Ada
fsck_clean

# Where other commands refuse, it says why, and changes nothing.
mkdir "$scratch/none" && cd "$scratch/none"
run git plan doctor
exits 1
prints <<'END'
problem: not a git repository (or any [..]
  to make one here, run: git init
1 problem
END
doctor --fix
exits 1
codes no_repository
git init -q --object-format=sha256 "$scratch/sha256" && cd "$scratch/sha256"
doctor --fix
exits 1
codes unsupported_repository
json '.problems[0].message | test("SHA-256|sha256")'
git init -q "$scratch/unborn" && cd "$scratch/unborn"
doctor
exits 0
git plan create -q >/dev/null
doctor
exits 0
git init -q --bare "$scratch/bare" && cd "$scratch/bare"
doctor
exits 0
