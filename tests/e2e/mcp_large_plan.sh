#!/bin/bash
# timeout: 600
# Replies stay small: lists are pages.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_mcp.sh"

new_repo
as Ada
{
  echo "session_id = 'big'"
  for ((i = 1; i <= 1000; i++)); do
    printf '[[tasks]]\nid = "%04d"\ndescription = "Task %d"\nprovides = ["cap %d", "other %d"]\nfiles = ["all"]\n' $i $i $i $i
  done
} >"$state/plan"
run git plan create -q -F "$state/plan"
serve
call parse_plan '{"branch": "plan/big"}'
json '[.total_tasks, .completed_tasks, (.tasks | length), .next_cursor]' '[1000,0,200,"200"]'
seen=200
while cursor=$(jq -r '.next_cursor // empty' "$out") && [[ -n $cursor ]]; do
  call parse_plan "{\"cursor\": \"$cursor\", \"limit\": 300}"
  seen=$((seen + $(jq '.tasks | length' "$out")))
done
same "$seen" 1000
json '.tasks[-1].id' 1000
call parse_plan '{"limit": 3}'
json '.tasks | map(.id)' '["0001","0002","0003"]'
call parse_plan '{"cursor": "99999"}'
json '[.tasks, has("next_cursor")]' '[[],false]'

# Everybody is held back by the first one: counted, not listed.
call next_wave
json '[(.tasks | length), (.held_back | length), .held_back_total]' '[1,200,999]'
call start_wave
json '[(.started | length), .held_back_total]' '[1,999]'
call check_plan
json '[(.warnings | length) <= 200]'

jq -nc '{completed_task_ids: [range(1; 1001) | tostring]}' >"$state/all"
call update_plan_branch "$(cat "$state/all")"
json '[(.completed | length), .completed_total, (.warnings | length), .warnings_total]' '[200,1000,200,1000]'
call get_provides
json '[(.provides | length), .total, .next_cursor]' '[1000,2000,"1000"]'
same "$(jq -r '.result.content[1].text | fromjson | .next_cursor' "$reply")" 1000
call get_provides '{"cursor": "1000"}'
json '[(.provides | length), has("next_cursor")]' '[1000,false]'
call next_wave
json '[.state, .tasks, (.available | length), .available_total]' '["completed",[],200,2000]'
hang_up
