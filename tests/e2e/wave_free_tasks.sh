#!/bin/bash
# Tasks that are begun, and nobody is at: they are what starts next, and hold back no other of their kind.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
for plan in one two; do
  git plan create -q $plan >"$out" 2>"$err"
  git task add -q "Write it" --files=a.c --plan=$plan >"$out"
  git task create -q $plan/1 >"$out"
done

run git plan list --json
json '.plans[] | .state' 'running
running'

# Of two plans with such tasks for one file, each could go first; one that somebody is at goes alone.
for plan in one two; do
  run git wave next --plan=$plan --json
  json '.tasks[].id' 001
done
run git task start one/1 -q
exits 0
run git wave next --plan=two
prints_nothing
complains_like '^  001  held back: task one/001 touches a.c too$'
run git plan list --json
json '.plans[] | .state' 'running
running'
git task reset -q one/1 >"$out"
run git wave run -q --plan=two -x 'echo x >a.c; git add .; git commit -qm work'
exits 0

# What is ready waits for what others have begun, and is told for whom.
cd "$scratch"
new_repo waiting
for plan in one two; do
  git plan create -q $plan >"$out" 2>"$err"
  git task add -q "Write it" --files=a.c --plan=$plan >"$out"
done
git task create -q one/1 >"$out"
run git task start two/1 --worker=3 -f
exits 3
complains "error: task '001' is held back: task one/001 touches 'a.c' too
hint: to start it all the same, run: git task start 001 --worker=3 -f --allow-overlap --plan=two"

# A task that cannot start leaves its slot to the next one.
cd "$scratch"
new_repo taken
printf '{"tasks":[{"id":"001","description":"a","slug":"x"},{"id":"002","description":"b"}]}' >plan.json
git plan create -q one -F plan.json >"$out"
git branch task/001-x main
run git wave start --json
json '.started[] | [.task, .worker]' '["002","1"]'
