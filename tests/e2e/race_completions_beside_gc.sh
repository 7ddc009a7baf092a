#!/bin/bash
# 24 processes that each complete another task, beside `git pack-refs --all` and `git gc`: none is lost.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

# Packs and collects again and again until $state/completed exists. Two collectors meet, and refs move under them:
# they may fail, the updates may not.
keep_house() {
  while [[ ! -e $state/completed ]]; do
    git pack-refs --all || true
    git gc --quiet || true
  done
}

new_repo
as Ada
independent_plan 24
same "$(plan_version)" 1
checkout_snapshot

keep_house >"$state/house" 2>&1 &
house=$!
for id in $(task_ids 24); do
  spawn git plan update --complete="$id"
done
all_exit 0
touch "$state/completed"
wait "$house"

same "$(plan_version)" 25
same "$(git rev-list --count "$plan_ref")" 25
same "$(count_tasks completed)" 24
same "$(plan_toml | grep -c '^status = "completed"')" 24
fsck_clean
no_locks
no_processes
same_checkout
