#!/bin/bash
# The real task list of another tool's own development, 93 tasks, as a plan.
source "$(dirname "$0")/lib.sh"
tests=$lib_folder/..
new_repo
as Ada
at 2025-08-02T14:13:14Z
plan=session-20250802-141314
"$tests/taskmaster-to-plan" "$tests/data/taskmaster-tasks.json" >plan.json
run git plan create -F plan.json --json
json '[.session_id, .total_tasks, .warnings]' "[\"$plan\",93,[]]"
repository_snapshot

run git plan list --json
json '.plans[0] | [.total_tasks, .completed_tasks, .state]' '[93,57,"ready"]'
run git wave list --json
json '.waves | map(.tasks | length)' '[57,5,7,12,7,5]'
json '[.waves[].tasks[]] | length == 93 and (unique | length) == 93'
json '[.unreachable, .unestimated]' '[[],93]'
# A task is in the wave after the last of those it depends on.
jq '[.waves[] | .wave as $w | .tasks[] | {(.): $w}] | add' "$out" >waves.json
same "$(jq --slurpfile waves waves.json '[.tasks[] | select(.depends_on | length > 0)
  | $waves[0][.id] == 1 + ([.depends_on[] | $waves[0][.]] | max)] | all and length > 20' plan.json)" true

# What can start: all pending ones whose dependencies are done, best first.
run git wave next --json
same "$(jq -c '.tasks | map(.id) | sort' "$out")" "$(jq -c '
  (.tasks | map({(.id): .status}) | add) as $status
  | [.tasks[] | select(.status == "pending" and ([.depends_on[] | $status[.] == "completed"] | all)) | .id] | sort' plan.json)"
json '.tasks | map({"high": 1, "medium": 2, "low": 3}[.priority]) | . == sort'
json '.tasks[0] | [.id, .external_id, .priority]' '["024","24","high"]'
run git wave next --explain
prints_like '^024 '

# Tasks completed elsewhere are no mistake: check finds nothing.
run git plan check --json
json '[.errors, .warnings]' '[[],[]]'
run git plan show
prints_like "^plan/$plan v1, ready, 57 of 93 tasks completed$"
same_repository

# And work goes on with it.
run git wave start -j 2 --json
json '.started | map(.task)' '["024","026"]'
fsck_clean
