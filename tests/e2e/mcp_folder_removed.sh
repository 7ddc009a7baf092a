#!/bin/bash
# A server whose folder goes, as a worker's does when its task is merged: it answers on, and says from where.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_mcp.sh"
source "$lib_folder/lib_plans.sh"
new_repo
as Ada
independent_plan 3
top=$PWD

# It took its folder away itself.
git task start -q 001 >"$out"
work_in .worktrees/worker-1 1
cd .worktrees/worker-1
serve
call task_prompt
json .task_id 001
call complete_task '{"remove_worktree": true}'
json .success true
expect_not test -e "$top/.worktrees/worker-1"
call next_wave
json '[.tasks[].id]' '["002","003"]'
hang_up
cd "$top"

# Somebody else did.
git task start -q 002 >"$out"
work_in .worktrees/worker-1 2
cd .worktrees/worker-1
serve
call task_prompt
json .task_id 002
git -C "$top" task done -q 002 --remove-worktree >"$out"
expect_not test -e "$top/.worktrees/worker-1"
call next_wave
json '[.tasks[].id]' '["003"]'
json '.notes[0]' "'$top/.worktrees/worker-1', where this server was started, is gone; it goes on in '$top'"
call next_wave
json 'has("notes")' false
call start_wave
json '.started[0] | [.task, .worktree_path]' '["003",".worktrees/worker-1"]'
hang_up

# Made anew meanwhile, it is where the server is again.
cd "$top"
cd .worktrees/worker-1
serve
git -C "$top" task reset -q 003 >"$out"
git -C "$top" task start -q 003 >"$out"
call task_prompt
json .task_id 003
hang_up

# Where the repository goes, too, each call says so, and the server lives.
cd "$scratch"
new_repo gone
serve
rm -rf "$scratch/gone"
for _ in 1 2; do
  call next_wave
  refuses fatal
done
cd "$scratch"
hang_up
