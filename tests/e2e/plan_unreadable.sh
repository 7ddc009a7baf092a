#!/bin/bash
# A plan that cannot be read, one of a newer format, and a repository without a commit.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
run git plan create s1 -q
run git plan create s2 --request=Fine -q
by_hand() { # TEXT: the plan.toml of s1 becomes this
  git worktree add -q ../hand plan/s1
  printf '%s\n' "$1" >../hand/plan.toml
  git -C ../hand commit -q -a -m 'By hand'
  git worktree remove ../hand
}

by_hand 'tasks = ['
repository_snapshot
for command in 'plan show s1' 'plan check s1' 'task list --plan=s1' 'plan update --plan=s1 --note=x' 'plan delete s1'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  exits 128
  prints_nothing
  complains_like "^error: plan 's1': line [0-9]+, column [0-9]+: "
  complains_like '^hint: .*git plan edit --plan=s1$'
done
same_repository

# It is no hindrance to the others, nor to the list; and it can be deleted.
run git plan show
prints_like '^plan/s2 '
run git plan update --note=x -q
prints 'plan/s2 v2'
run git plan list --json
json '.plans | map([.session_id, has("error"), .total_tasks])' '[["s1",true,null],["s2",false,0]]'
json '.plans[0] | [has("plan_version"), .plan_version, has("state"), .state]' '[true,null,true,null]'
run git plan list
prints_like '^ +s1 .*line 2'

by_hand 'format = 2'
run git plan show s1
exits 128
complains_like "^error: plan 's1' has format 2, newer than this program understands \(1\)$"
complains_like '^hint: upgrade git-plan'
run git plan update --plan=s1 --note=x
exits 128
tip=$(git rev-parse plan/s1)
run git plan delete -f s1
prints "deleted plan/s1 (was $tip)"

# A plan.toml that is no plain file, or not there.
git worktree add -q -b plan/s3 ../hand plan/s2
git -C ../hand rm -q plan.toml
git -C ../hand commit -q -m 'Gone'
run git plan show s3
exits 128
complains_like "plan 's3'"
ln -s /etc/passwd ../hand/plan.toml
git -C ../hand add plan.toml
git -C ../hand commit -q -m 'A link'
run git plan show s3
exits 128
complains_like "plan 's3'"
run git plan update --plan=s3 --note=x
exits 128
prints_nothing
git worktree remove ../hand
run git plan delete -f s3

# Unborn HEAD: plans can be made, branches not.
git init -q "$scratch/unborn"
cd "$scratch/unborn"
run git plan create u -F - -q <<<'[{"id": "001", "description": "First"}]'
prints plan/u
run git wave next
prints_like '^001 '
for command in 'task create 1' 'task start 1' 'wave start' 'plan init'; do
  # shellcheck disable=SC2086
  run git $command
  exits 3
  prints_nothing
  complains_like '^error: .*HEAD is unborn$'
done
same "$(git for-each-ref --format='%(refname)')" refs/heads/plan/u
