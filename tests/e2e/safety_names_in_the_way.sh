#!/bin/bash
# Tags, files and branches named like ours, nobody's name, and very many refs.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# Tags and files named like our branches do no harm.
new_repo named
for file in flow plan task HEAD; do echo "$file" >"$file"; done
mkdir -p task2 && git add . && git commit -q -m "Files"
free_plan 2
git tag task/001-task-1 main && git tag flow main && git tag plan/s1 main && git tag s1 main
run git wave start
work 1 a
(cd .worktrees/worker-2 && commit_file b b b && git task done -q >/dev/null)
run git task done 001
complains_unlike 'ambiguous'
same "$(git ls-tree --name-only refs/heads/flow a b | xargs)" "a b"
run git task reset 001
exits 3
run git wave finish
prints_like 'completed'
run git plan show --json
json .completed_tasks 2
fsck_clean

# A branch that stands where a folder of ours would: said clearly.
for name in plan task flow/x; do
  new_repo "in_the_way_of_$(basename "$name")"
  git branch "$name"
  run git plan create s1 -F - <<<'[[tasks]]
id = "001"
description = "Task"'
  if [[ $name == task ]]; then
    exits 0
    run git task start 001
  elif [[ $status == 0 ]]; then
    run git task start 001
  fi
  fails
  prints_nothing
  complains_like "'(refs/heads/)?$name'"
  complains_like '^hint: '
  expect_not test -e .worktrees/worker-1
done

# No user.name: who writes commits is asked for, as git does; reading works.
new_repo nobody
free_plan 1
as_nobody
repository_snapshot
run git wave next
prints_like '^001'
run git task start 001
exits 128
prints_nothing
complains_like 'user.name|tell me who you are|who you are|identity'
complains_like '^hint: .*git config'
expect_not git rev-parse -q --verify task/001-task-1
GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@example.com GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.com run git task start 001
same "$(git log -1 --format='%an %cn' task/001-task-1)" "A C"
as Ada
git config --global user.useConfigOnly false

# 50,000 packed refs.
new_repo many
commit=$(git rev-parse main)
{
  echo "# pack-refs with: peeled fully-peeled sorted "
  seq -f "$commit refs/heads/b/%05.0f" 1 25000
  seq -f "$commit refs/tags/t/%05.0f" 1 25000
} >.git/packed-refs
free_plan 2
run git wave start
work 1 a
run git task done 001
git pack-refs --all
work 2 b
run git task done 002
run git wave finish --json
json '.state' completed
same "$(git for-each-ref refs/heads/b refs/tags/t | wc -l)" 50000
fsck_clean
