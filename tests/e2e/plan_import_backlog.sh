#!/bin/bash
# Backlog.md: a folder of Markdown files with front matter.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-08-02T14:13:14Z
mkdir -p backlog/tasks backlog/completed backlog/drafts
cat >"backlog/tasks/back-10 - Web-UI.md" <<'END'
---
id: BACK-10
title: 'Web UI: the user''s tasks'
status: To Do
assignee: []
created_date: '2025-08-23 19:13'
labels:
  - web
  - "a, b"
dependencies:
  - task-2
  - BACK-7
priority: high
ordinal: 156000
---

## Description

Show all tasks.

## Acceptance Criteria
<!-- AC:BEGIN -->
- [ ] #1 It shows
<!-- AC:END -->
END
printf -- '---\r\nid: BACK-10.01\r\ntitle: >-\r\n  List the tasks of a\r\n  sequence\r\nstatus: In Progress\r\ndependencies: []\r\nparent_task_id: BACK-10\r\n---\r\nBody\r\n' \
  >"backlog/tasks/back-10.01 - List.md"
cat >"backlog/tasks/back-7 - Core.md" <<'END'
---
id: BACK-7
title: Core, with: a colon and a#sign   # a comment
status: On Hold
dependencies: [back-2, "BACK-99"]
labels: ['x', y]
metadata:
  deep: map
---
END
cat >"backlog/completed/back-2 - First.md" <<'END'
---
id: BACK-2
title: "A \"first\" one \u00e9"
status: Done
priority: urgent
---
END
echo 'no task' >backlog/drafts/x.md
plan=session-20250802-141314
run git plan import --from=backlog backlog --json
json '[.session_id, .added]' "[\"$plan\",[\"002\",\"007\",\"010\",\"011\"]]"
json '.warnings | map(.message)' '["priority '"'urgent'"' became medium: BACK-2","status '"'On Hold'"' became pending: BACK-7","a dependency on '"'BACK-99'"', which is not there, is left out: BACK-7"]'
run git plan show --json
json '.tasks | map([.id, .external_id, .status, .priority])' \
  '[["002","BACK-2","completed","medium"],["007","BACK-7","pending","medium"],["010","BACK-10","pending","high"],["011","BACK-10.01","pending","medium"]]'
json '.tasks[].description' "A \"first\" one é
Core, with: a colon and a#sign
Web UI: the user's tasks
List the tasks of a sequence"
# A task is done after its subtasks, and they wait for what it waits for.
json '.tasks | map(.depends_on)' '[[],["002"],["002","007","011"],["002","007"]]'
expect grep -qx 'labels = \["web", "a, b"\]' <(git show plan/$plan:plan.toml)
expect grep -qx 'details = "Show all tasks."' <(git show plan/$plan:plan.toml)
expect grep -qx 'test_strategy = "- \[ \] #1 It shows"' <(git show plan/$plan:plan.toml)

# The project that holds the folder, and the folder of tasks itself, will do.
run git plan import --from=backlog . session-20250802-150000 -q --json
json .total_tasks 4
run git plan import --from=backlog backlog/tasks session-20250802-160000 -q --json
json .total_tasks 3
run git plan import --from=backlog backlog --into=$plan -q
prints "plan/$plan v1, 0 tasks added, 4 there already"

# Out, and in again: the same, whatever stands in it; and what was changed there meanwhile counts.
cat >out.json <<'END'
{"session_id": "out", "user_request": "It's \"all\": [x]\n---\n# y", "technology_stack": "C", "color": "red", "tasks": [
  {"id": "001", "description": "It's: a 'first' \u2028 # one \u001b", "provides": ["A"], "priority": "critical", "labels": ["a, b", "'c'"],
   "details": "One\n---\n## Acceptance Criteria\nno\n\n<!-- SECTION:X:BEGIN -->\n", "test_strategy": " t\n## Other\n"},
  {"id": "002", "description": "Second", "preconditions": ["A"], "depends_on": ["001"], "part_of": "001", "status": "cancelled"},
  {"id": "017", "description": "Third", "external_id": "BACK-17", "estimated_time": "8 minutes", "files": ["a/*"], "odd": {"x": [1]}}]}
END
run git plan create -F out.json -q
run git plan export out --to=backlog --output=exported --json
json .files '["exported/tasks/task-1 - its-a-first-one.md","exported/tasks/task-2 - second.md","exported/tasks/BACK-17 - third.md"]'
expect grep -qx "  - 'task-1'" "exported/tasks/task-2 - second.md"
run git plan import --from=backlog exported back -q
complains "warning: plan 'back': not named as session-YYYYMMDD-HHMMSS"
content() { git plan export "$1" --to=json | jq -S 'del(.session_id, .plan_branch, .created_at)'; }
same "$(content back)" "$(content out)"
sed -i 's/^status: .*/status: Done/' exported/tasks/BACK-17*
sed -i "s/^title: .*/title: 'Another one'/" exported/tasks/task-2*
run git plan import --from=backlog exported changed -q
same "$(content changed)" "$(content out | jq -S '(.tasks[1].description = "Another one") | (.tasks[2].status = "completed")')"
run git plan export out --to=backlog --output=exported
exits 3
complains <<'END'
error: 'exported/tasks' is there already; nothing was written
hint: to write to another folder, run: git plan export out --to=backlog --output=backlog-out
END
run git plan export out --to=backlog
exits 129
run git plan export out --to=json --output=x
exits 129

before=$(git for-each-ref)
run git plan import --from=backlog -
exits 129
run git plan import --from=backlog README.md
exits 128
run git plan import --from=backlog .git
exits 128
# One file that is no task is named, and does not stop the others.
bad_task() { # TEXT MESSAGE
  printf '%b' "$1" >backlog/tasks/bad.md
  run git plan import --from=backlog backlog -n --json
  json .total_tasks 4
  json '[.warnings[] | select(.code == "left_out") | .message][0]' "a file is left out, $2: 'backlog/tasks/bad.md'"
}
bad_task '# A heading' "line 1: no front matter: the first line is not '---'"
bad_task '---\nid: x\n' "line 1: the front matter has no end: no second '---'"
bad_task '---\ntitle: x\n---\n' 'no id in its front matter'
bad_task '---\nid: x-1\ntitle: "open\n---\n' 'line 3: a quote or a bracket is not closed'
bad_task '---\nid: x-1\nid: x-2\n---\n' "line 3: duplicate key 'id'"
bad_task '---\nid: x-1\nnonsense\n---\n' "line 3: no 'key: value'"
bad_task '---\nid: x-1\ntitle: "bad \\q"\n---\n' 'line 3: an unknown escape in a quote'
# Where nothing else is there, it is refused.
mkdir -p odd/tasks && printf 'hello\n' >odd/tasks/notes.md
run git plan import --from=backlog odd
exits 128
complains_like "^error: 'odd/tasks/notes.md': line 1: no front matter"
# What has no title is called by its id; a note of an export that is damaged is left out alone.
printf -- '---\nid: x-1\ngit_plan: "{"\n---\n' >backlog/tasks/bad.md
run git plan import --from=backlog backlog -n --json
json .total_tasks 5
json '[.warnings[] | select(.code == "no_title") | .message]' '["no title; its id became one: x-1"]'
json "[.warnings[] | select(.message | test(\"the note 'git_plan' is left out, no JSON\"))] | length" 1
rm backlog/tasks/bad.md

# Comments in lists, dependencies as one text or as a map; pipes and links are told of, and never read.
mkdir -p other/tasks
printf -- '---\nid: task-1\ntitle: One\nlabels: [a, # first\n  b]\n---\n' >other/tasks/1.md
printf -- '---\nid: task-2\ntitle: Two\ndependencies: task-1, task-3\n---\n' >other/tasks/2.md
printf -- '---\nid: task-3\ntitle: Three\nparent_task_id: task-9\ndependencies:\n  task-1: x\n---\n' >other/tasks/3.md
mkfifo other/tasks/4.md
ln -s "$scratch/secret" other/tasks/5.md && cp other/tasks/1.md "$scratch/secret"
run timeout 20 git plan import --from=backlog other -n --json
json '.added' '["001","002","003"]'
json '.warnings | map(.message) | sort' '["a link is not followed: '"'other/tasks/5.md'"'","a parent '"'task-9'"', which is not there, is left out: task-3","dependencies that are a map are left out: task-3","what is no regular file is left out: '"'other/tasks/4.md'"'"]'
rm other/tasks/[123].md
run timeout 20 git plan import --from=backlog other
exits 128
complains_like "^error: what is no regular file is left out: 'other/tasks/4.md'$"
same "$(git for-each-ref)" "$before"

# Where a folder's links lead, whoever made the folder chose: nothing is read or written there.
mkdir -p "$scratch/elsewhere/tasks" linked written
cp "$scratch/secret" "$scratch/elsewhere/tasks/1.md"
ln -s "$scratch/elsewhere" linked/backlog
run git plan import --from=backlog linked
exits 128
complains_like "^error: a link is not followed: 'linked/backlog'$"
ln -s "$scratch/elsewhere" written/tasks
run git plan export out --to=backlog --output=written
exits 3
complains_like "^error: a link is not followed: 'written/tasks'; nothing was written$"
rm "$scratch/elsewhere/tasks/1.md" written/tasks
ln -s "$scratch/nowhere" written/tasks
run git plan export out --to=backlog --output=written
exits 3
expect_not test -e "$scratch/nowhere"
same "$(find "$scratch/elsewhere" -type f | wc -l)" 0
same "$(git for-each-ref)" "$before"
fsck_clean
