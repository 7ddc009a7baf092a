#!/bin/bash
# A task is completed by its metadata file in flow, not by whatever is called like one: a file that does not say of
# which session, task and branch it is counts for nothing.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 6
git wave start -q -j 1 >/dev/null
cd .worktrees/worker-1
folder=.plan/s1
: >"$folder/002-empty.toml"
echo 'what I found out about 003' >"$folder/003-notes.toml"
sed 's/s1/s2/' "$folder/001-task-1.toml" >"$folder/001-a.toml"                     # of another session
cp "$folder/001-task-1.toml" "$folder/004-task-4.toml"                             # of another task
sed 's/"001"/"005"/; s,task/001-.*,main",' "$folder/001-task-1.toml" >"$folder/005-task-5.toml" # of no task's branch
git add -f . && git commit -q -m 'Take notes'
cd ../..
git checkout -q flow && git merge -q task/001-task-1 && git checkout -q main

run git task list --json
json '[.tasks[].status] | join(" ")' 'completed pending pending pending pending pending'
run git plan check
exits 0
for file in 001-a 002-empty 003-notes 004-task-4 005-task-5; do
  prints_like "'$folder/$file.toml' in 'flow' is not the metadata of task '${file%%-*}', and counts for nothing$"
done
prints_unlike "001-task-1"
# The same from what is remembered; and nothing of it is recorded, or provided.
run git task list --json
json '[.tasks[].status] | join(" ")' 'completed pending pending pending pending pending'
run git plan provides
prints_nothing
run git plan update --complete=001
same "$(git show plan/s1:plan.toml | grep -c '^status = "completed"')" 1

# What stands in the way of the real one makes room.
run git wave finish
git wave start -q -j 1 002 >/dev/null
work 1 two
run git task done 002
run git task list --json
json '[.tasks[].status] | join(" ")' 'completed completed pending pending pending pending'
git wave worker remove 1 -q >/dev/null
git task start -q 004 >/dev/null
work 1 four
run git task done 004
run git task show 004 --json
json .status completed
same "$(git show flow:$folder/004-task-4.toml | grep '^id')" 'id = "004"'

# A worker that spoiled its own file is done all the same: flow gets it as it was.
git wave worker remove 1 -q >/dev/null
git task start -q 006 >/dev/null
(cd .worktrees/worker-1 && echo 'all is well' >"$folder/006-task-6.toml" && git commit -q -a -m 'Spoil it')
work 1 six
run git task done 006
run git task show 006 --json
json .status completed
same "$(git show flow:$folder/006-task-6.toml | grep '^id')" 'id = "006"'

# To merge and to deliver: what is called like a task's is none.
git branch -q notes main
git worktree add -q ../notes notes
(cd ../notes && mkdir -p "$folder" && echo "notes" >"$folder/003-more.toml" && git add -f . && git commit -q -m 'More notes')
run git plan merge notes
run git plan deliver --into=main --json
json '[.tasks[].id] | join(" ")' '001 002 004 006'
fsck_clean
