#!/bin/bash
# A plan's branch that was renamed: what was begun under the old name is not started a second time; the way back, or on, is
# said.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# Before anything has begun it is a name like any other.
new_repo early
free_plan 2
git branch -m plan/s1 plan/s2
run git wave start
complains_unlike '^warning'
same "$(git branch --list 'task/*' | wc -l)" 2

new_repo
free_plan 3
git task start -q 001 >/dev/null
work 1 one
git branch -m plan/s1 plan/s2
refused() {
  exits 3
  complains_like "^error: plan 's2' has session_id 's1', and tasks of 's1' have begun: here they are not seen$"
  complains_like '^hint: to give it its name back, run: git branch -m plan/s2 plan/s1$'
  complains_like "^hint: to begin all of it anew, set its session_id to 's2'; to do that, run: git plan edit --plan=s2$"
  prints_nothing
  same "$(git branch --list 'task/*' | wc -l)" 1
}
for command in 'git wave start' 'git task start 002' 'git task create 002' 'git wave start 002' 'git wave run -x true'; do
  # shellcheck disable=SC2086 # words
  run $command
  refused
done
# Every other write says so.
run git plan update --note='Still at it'
complains_like "^warning: plan 's2' has session_id 's1'"
complains_like '^hint: to give it its name back, run: git branch -m plan/s2 plan/s1$'
run git task add "One more"
complains_like "^warning: plan 's2' has session_id 's1'"
run git plan check
exits 0
prints_like "session_id is 's1', but the branch is 'plan/s2'"

# Back.
git branch -m plan/s2 plan/s1
run git task done 001
complains_unlike '^warning'
run git task list --json
json '[.tasks[].status] | join(" ")' 'completed pending pending pending'
git wave worker remove 1 -q >/dev/null

# A copy of the plan: what flow has counts too.
git branch -D -q task/001-task-1
git branch plan/s3 plan/s1
run git wave start --plan=s3
exits 3
complains_like "^error: plan 's3' has session_id 's1'"
complains_like '^hint: to go on with those, run: git plan use s1$'

# Whoever says that it is another plan may begin it.
cat >"$HOME/editor" <<'END'
#!/bin/sh
sed -i "s/^session_id = .*/session_id = 's3'/; s/^status = .*//" "$1"
END
chmod +x "$HOME/editor"
EDITOR=$HOME/editor run git plan edit --plan=s3
run git wave start -j 1 --plan=s3 --json
json '[.started[].task] | join(" ")' 001
fsck_clean
