#!/bin/bash
# beads' issues, a JSON object a line.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-08-02T14:13:14Z
mkdir .beads
cat >.beads/issues.jsonl <<'END'
{"id":"shop-e1","title":"Login","status":"open","priority":1,"issue_type":"epic","created_at":"2026-01-11T19:50:25Z"}
{"id":"shop-a","title":"Model","description":"The table","status":"closed","priority":0,"issue_type":"task","close_reason":"Closed","dependencies":[{"issue_id":"shop-a","depends_on_id":"shop-e1","type":"parent-child"}]}

{"id":"shop-b","title":"Service","status":"open","priority":2,"issue_type":"feature","labels":["api"],"estimated_minutes":90,"dependencies":[{"issue_id":"shop-b","depends_on_id":"shop-e1","type":"parent-child"},{"issue_id":"shop-b","depends_on_id":"shop-a","type":"blocks"},{"issue_id":"shop-b","depends_on_id":"shop-d","type":"discovered-from"}]}
{"id":"shop-c","title":"Gone","status":"tombstone","priority":4}
{"id":"shop-d","title":"Deploy","status":"blocked","priority":4,"issue_type":"chore","dependencies":[{"issue_id":"shop-d","depends_on_id":"shop-e1","type":"blocks"},{"issue_id":"shop-d","depends_on_id":"shop-b","type":"related"},{"issue_id":"shop-d","depends_on_id":"shop-c","type":"blocks"}]}
{"id":"shop-f","title":"Later","status":"deferred","priority":3}
END
plan=session-20250802-141314
run git plan import --from=beads . --json
json '[.session_id, .added]' "[\"$plan\",[\"001\",\"002\",\"003\",\"004\",\"005\"]]"
json '.warnings | map(.message)' '["a dependency of type '"'discovered-from'"' orders no work and is left out: shop-b","a dependency of type '"'related'"' orders no work and is left out: shop-d","status '"'deferred'"' became pending: shop-f","a dependency on '"'shop-c'"', which is not there, is left out: shop-d","task '"'003'"': estimated at 1 h 30 min, more than 10 min; split it"]'
run git plan show --json
json '.tasks | map([.external_id, .status, .priority, .depends_on, .estimated_time])' \
  '[["shop-e1","pending","high",["002","003"],null],["shop-a","completed","critical",[],null],["shop-b","pending","medium",["002"],"90 minutes"],["shop-d","pending","low",["001"],null],["shop-f","pending","low",[],null]]'
expect grep -qx 'labels = \["api"\]' <(git show plan/$plan:plan.toml)
expect grep -qx 'details = "The table"' <(git show plan/$plan:plan.toml)

# Ids that end in numbers keep them.
printf '%s\n' '{"id":"bd-12","title":"A"}' '{"id":"bd-7","title":"B","dependencies":[{"depends_on_id":"bd-12","type":"blocks"}]}' |
  git plan import --from=beads - numbers -q >/dev/null 2>&1
run git plan show numbers --json
json '.tasks | map([.id, .depends_on])' '[["012",[]],["007",["012"]]]'

# A hash without a letter in it is no number. What is no issue, what stands there twice after a union merge: told of.
cat >merged.jsonl <<'END'
{"id":"bd-a3f8","title":"A","status":"open","updated_at":"2025-01-01T00:00:00Z"}
{"_type":"memory","key":"style","value":"two spaces"}
{"id":"bd-8557","title":"B","status":"open","dependencies":[{"issue_id":"bd-8557","depends_on_id":"bd-a3f8","type":"blocks"}]}
{"id":"bd-a3f8","title":"A","status":"closed","updated_at":"2025-02-01T00:00:00Z"}
END
run git plan import --from=beads merged.jsonl merged --json
json '.warnings[0:2] | map(.message)' '["a record of type '"'memory'"' is no issue and is left out: line 2","of records with one id only the newest is taken: bd-a3f8"]'
run git plan show merged --json
json '.tasks | map([.id, .external_id, .status, .depends_on])' '[["001","bd-a3f8","completed",[]],["002","bd-8557","pending",["001"]]]'

# Out, and in again: the same plan; and what beads closed meanwhile is completed.
git plan update -q --plan=$plan --set 003.provides='Service' --set architecture=MVC --fail=005 >/dev/null
run git plan export $plan --to=beads
cp "$out" exported.jsonl
same "$(jq -r .id exported.jsonl | tr '\n' ' ')" 'bd-plan shop-e1 shop-a shop-b shop-d shop-f '
same "$(jq -c 'select(.id == "shop-b") | [.status, .priority, .issue_type, .labels, .estimated_minutes, (.dependencies | map([.depends_on_id, .type]))]' exported.jsonl)" \
  '["open",2,"feature",["api"],90,[["shop-a","blocks"],["bd-plan","parent-child"]]]'
run git plan import --from=beads exported.jsonl session-20250802-150000 -q
same "$(git diff --unified=0 plan/$plan plan/session-20250802-150000 | grep '^[-+][^-+]')" "-session_id = \"$plan\"
-version = 2
+session_id = \"session-20250802-150000\"
+version = 1"
jq -c 'if .id == "shop-b" then .status = "closed" else . end' exported.jsonl |
  git plan import --from=beads - session-20250802-160000 -q >/dev/null 2>&1
run git plan show session-20250802-160000 --json
json '.tasks | map(.status)' '["pending","completed","completed","pending","failed"]'

# The list form, and nonsense.
jq -s . .beads/issues.jsonl | git plan import --from=beads - session-20250802-170000 -q >/dev/null 2>&1
run git plan show session-20250802-170000 --json
json .total_tasks 5
before=$(git for-each-ref)
# One odd record does not stop the others: a line that is no JSON is named, what has no title is called by its id.
printf '%s\n' '{"id":"bd-a","title":"A"}' '{"id":' '{"id":"bd-b","title":" "}' '<<garbage' >bad.jsonl
run git plan import -n --from=beads bad.jsonl --json
json .total_tasks 2
json '.warnings | map([.code, .message]) | map(.[0])' '["left_out","left_out","no_title"]'
json '.warnings[0].message | test("^a line is left out, no JSON: .*: line 2$")' true
json '.warnings[2].message' 'no title; its id became one: bd-b'
# A file in which nothing can be a task is refused.
printf '%s\n' '{"id":"bd-b","title":" "}' '{"id":"bd-c"}' >bad.jsonl
run git plan import --from=beads bad.jsonl
exits 128
complains "error: no title: 'bd-b', 'bd-c'
hint: to see how it is used, run: git plan import -h"
for bad in '' '{"title":"x"}' '[1]' 'nonsense' '{"id":"x"}' '{"id":3,"title":""}' '[]'; do
  run git plan import --from=beads - <<<"$bad"
  exits 128
  prints_nothing
done
mkdir empty
run git plan import --from=beads empty
exits 128
complains_like "^error: no '.beads/issues.jsonl' in 'empty'$"
# Whoever handed a folder over does not choose by a link in it what else is read.
mkdir -p handed private && echo '{"id":"a","title":"Private"}' >private/issues.jsonl
ln -s ../private handed/.beads
for tool in beads taskmaster; do
  run git plan import --from="$tool" handed
  exits 128
  [[ $tool != beads ]] || complains_like "^error: a link is not followed: 'handed/.beads'$"
  mkdir -p handed/.taskmaster/tasks
  ln -sf ../../../private/tasks.json handed/.taskmaster/tasks/tasks.json
  echo '{"tasks":[{"id":1,"title":"Private"}]}' >private/tasks.json
done
complains_like "^error: a link is not followed: 'handed/.taskmaster/tasks/tasks.json'$"
same "$(git for-each-ref)" "$before"
fsck_clean
