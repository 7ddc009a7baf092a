#!/bin/bash
# Another tool's file with the shape of a real one, 93 tasks and 535 subtasks, as a plan.
source "$(dirname "$0")/lib.sh"
data=$lib_folder/../data/taskmaster-shape.json
new_repo
as Ada
at 2025-08-02T14:13:14Z
plan=session-20250802-141314
run git plan import --from=taskmaster --no-subtasks "$data" --json
json '[.session_id, .total_tasks, .plan_version, (.added | length), .existing]' "[\"$plan\",93,\"v1\",93,[]]"
json '.warnings | map([.code, .message])' \
  '[["status","status '"'deferred'"' became pending, with low priority: 32, 36"]]'
repository_snapshot

run git plan list --json
json '.plans[0] | [.total_tasks, .completed_tasks, .state]' '[93,57,"ready"]'
run git wave list --json
json '.waves | map(.tasks | length)' '[57,5,7,12,7,5]'
json '[.waves[].tasks[]] | length == 93 and (unique | length) == 93'
json '[.unreachable, .unestimated]' '[[],93]'
# A task is in the wave after the last of those it depends on.
git plan export --to=json >plan.json
jq '[.waves[] | .wave as $w | .tasks[] | {(.): $w}] | add' "$out" >waves.json
same "$(jq --slurpfile waves waves.json '[.tasks[] | select((.depends_on // []) | length > 0)
  | $waves[0][.id] == 1 + ([.depends_on[] | $waves[0][.]] | max)] | all and length > 20' plan.json)" true
# Each task is what it was: compared with the file itself.
same "$(jq -c '[.tasks[] | [.external_id, .description, (.depends_on // [] | map(tonumber) | sort)]]' plan.json)" \
  "$(jq -c '[.master.tasks[] | [(.id | tostring), .title, (.dependencies | sort)]]' "$data")"

# What can start: all pending ones whose dependencies are done, best first.
run git wave next --json
same "$(jq -c '.tasks | map(.external_id | tonumber) | sort' "$out")" "$(jq -c '
  (.master.tasks | map({(.id | tostring): .status}) | add) as $status
  | [.master.tasks[] | select((.status | IN("pending", "deferred"))
      and ([.dependencies[] | $status[tostring] == "done"] | all)) | .id] | sort' "$data")"
json '.tasks | map({"high": 1, "medium": 2, "low": 3}[.priority]) | . == sort'
json '.tasks[0] | [.id, .external_id, .priority]' '["024","24","high"]'
run git wave next --explain
prints_like '^024 '

# Tasks completed elsewhere are no mistake: check finds nothing.
run git plan check --json
json '[.errors, .warnings]' '[[],[]]'
run git plan show
prints_like "^plan/$plan v1, ready, 57 of 93 tasks completed, 1 cancelled$"
same_repository

# And work goes on with it.
run git wave start -j 2 --json
json '.started | map(.task)' '["024","026"]'

# With its subtasks: a task is done after them, and they wait for what it waits for.
at 2025-08-02T15:00:00Z
all=session-20250802-150000
run git plan import --from=taskmaster - --json <"$data"
json '[.session_id, .total_tasks]' "[\"$all\",628]"
json '.warnings | map(.code)' '["status","open_subtask","duplicate_id","cycle"]'
run git plan show $all --json
json '[.tasks[] | select(.external_id == "24.2")][0] | [.priority, .status, .id] | .[0:2]' '["high","pending"]'
json '(.tasks | map({(.external_id): .id}) | add) as $id
  | (.tasks | map({(.external_id): .}) | add) as $task
  | [[range(1; 6) | $id["24.\(.)"]] - $task["24"].depends_on, $task["24.2"].depends_on == [$id["24.1"]]]' '[[],true]'
json '[.tasks[] | select(.external_id | contains(".")) | .external_id] | length' 535
json .unreachable '[]'

# What went out comes back the same.
git plan export $all --to=taskmaster >out.json
run git plan import --from=taskmaster out.json session-20250802-160000 -q --json
json .warnings '[]'
same "$(git diff --unified=0 plan/$all plan/session-20250802-160000 | grep '^[-+][^-+]')" \
  "-session_id = \"$all\"
+session_id = \"session-20250802-160000\""
# In the tool's own form: subtasks below their tasks, under the ids that it gave.
same "$(jq -c '[.master.tasks[] | {id, subtasks: [.subtasks[].id]}] | map(select(.id != 42 and .id < 200))' out.json)" \
  "$(jq -c '[.master.tasks[] | {id, subtasks: [.subtasks[]?.id]}] | map(select(.id != 42 and .id < 200))' "$data")"
# What changed there meanwhile counts, the rest stays.
git plan update -q --plan=$all --set 024.provides='Test files' --set 024.files=src/ >/dev/null
git plan export $all --to=taskmaster |
  jq '(.master.tasks[] | select(.id == 24)) |= (.status = "done" | .title = "Another title")' >out.json
run git plan import --from=taskmaster out.json session-20250802-170000 -q
run git plan show session-20250802-170000 --json
json '.tasks[] | select(.id == "024") | [.status, .description, .provides, .files]' \
  '["completed","Another title",["Test files"],["src/"]]'

# A second import adds what is new, under free ids.
run git plan import --from=taskmaster "$data" --into=$all --json -q
json '[.added, (.existing | length), .plan_version]' '[[],628,"v2"]'
jq '.master.tasks += [{id: 200, title: "New", dependencies: [24], subtasks: [{id: 1, title: "Part"}]}]' "$data" >more.json
run git plan import --from=taskmaster more.json --into=$all --json -q
json '[.added, .total_tasks, .plan_version]' '[["640","641"],630,"v3"]'
run git task show $all/640 --json
json '[.external_id, .depends_on]' '["200",["024","641"]]'
run git task show $all/641 --json
json '[.external_id, .depends_on]' '["200.1",["024"]]'

# Ids and dependencies as other tools write them: numbers with a fraction, texts, objects. None is lost.
cat >forms.json <<'END'
{"tasks": [
  {"id": 1, "title": "One", "subtasks": [{"id": 1.1, "title": "a"}, {"id": "1.2", "title": "b", "dependencies": [1.1]}]},
  {"id": 2, "title": "Two", "dependencies": [1.2]},
  {"id": 3, "title": "Three", "dependencies": "1, 2"},
  {"id": 4, "title": "Four", "dependencies": [{"id": 3}, true]}]}
END
run git plan import --from=taskmaster forms.json forms --json
json '.warnings[0].message' "a dependency that names no task is left out, 'true': 4"
run git task list --plan=forms --json
json '(.tasks | map({(.id): .external_id}) | add) as $name | .tasks | map([.external_id, (.depends_on | map($name[.]))])' \
  '[["1",["1.1","1.2"]],["1.1",[]],["1.2",["1.1"]],["2",["1.2"]],["3",["1","2"]],["4",["3"]]]'
git plan use -q $all

# Other lists, and what is none of its files: refused, and nothing is written.
echo '{"tasks": [{"id": 1, "title": "Old form", "status": "done", "priority": "urgent", "dependencies": [1, 7]}]}' >old.json
run git plan import --from=taskmaster old.json session-20250802-180000 --json
json '.warnings | map(.message)' '["priority '"'urgent'"' became medium: 1","a dependency on itself is left out: 1","a dependency on '"'7'"', which is not there, is left out: 1"]'
before=$(git for-each-ref)
run git plan import --from=taskmaster --tag=other "$data"
exits 2
complains_like "^error: '.*taskmaster-shape.json': no list named 'other'; there is 'master'$"
# The hint can be pasted, whatever the file and its lists are called.
strange="x';touch ran;'.json"
printf '%s\n' '{"it'"'"'s \\ a list": {"tasks": [{"id": 1, "title": "x"}]}}' >"$strange"
run git plan import --from=taskmaster "$strange"
exits 2
paste_hint=$(sed -n 's/^hint: .*run: //p' "$err")
run bash -c "$paste_hint --dry-run"
prints_like '1 task'
rm "$strange"
expect test ! -e ran
for bad in '' '[]' '{"master": 1}' '{"tasks": [{"title": "x"}]}' '{"tasks": [' '"x"' '{"tasks": [3]}' '{"tasks": [{"id": 1}]}' $'{"tasks": [{"id": 1, "title": "\xff"}]}'; do
  run git plan import --from=taskmaster - <<<"$bad"
  exits 128
  prints_nothing
done
run git plan import --from=taskmasters x
exits 129
complains_like "did you mean 'taskmaster'"
run git plan import --from=taskmaster nowhere.json
exits 128
run git plan import "$data"
exits 129
run git plan import --from=taskmaster "$data" -n
same "$(git for-each-ref)" "$before"
fsck_clean
