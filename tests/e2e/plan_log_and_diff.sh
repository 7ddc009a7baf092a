#!/bin/bash
# A plan's versions in one line each, and what changed between two of them, task by task.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000
cat >plan.json <<'JSON'
{"user_request": "Users", "tasks": [
  {"id": "001", "description": "Model", "provides": ["User"]},
  {"id": "002", "description": "View", "preconditions": ["User"]},
  {"id": "003", "description": "Docs"}]}
JSON
git plan create -q -F plan.json >/dev/null

# Before the first version there was nothing.
run git plan diff --json
json '[.before, .after.plan_version, (.added | length), .removed, .changed]' '[null,"v1",3,[],[]]'

as Bob
at 2025-01-12T15:30:00Z
git plan update -q --complete=1 --fail=3 --set architecture=MVC --note='bcrypt cost 12, and an index' \
  --add=- <<<'[{"description": "Tests", "depends_on": ["002"]}]' >/dev/null 2>&1
at 2025-01-12T16:30:00Z
git plan update -q --set 002.priority=high --set 002.files=views/a.py --set 002.files=views/b.py >/dev/null
repository_snapshot

run git plan log
prints <<END
v3  $(git rev-parse --short=10 plan/$plan)  0 seconds ago   Bob  files, priority of 002
v2  $(git rev-parse --short=10 plan/$plan~)  60 minutes ago  Bob  completed 001; failed 003; added 004; architecture; note
    bcrypt cost 12, and an index
v1  $(git rev-parse --short=10 plan/$plan~2)  2 hours ago     Ada  created, 3 tasks
END
run git plan log -n 1 --json
json '.versions | map([.plan_version, .author, .at, .changes, .by_hand])' \
  '[["v3","Bob","2025-01-12T16:30:00Z","files, priority of 002",false]]'
run git plan log -1
prints "v3  $(git rev-parse --short=10 plan/$plan)  0 seconds ago  Bob  files, priority of 002"
run git plan log -2 plan/$plan --json
json '.versions | map(.plan_version)' '["v3","v2"]'
run git plan log plan/$plan --json
json '.versions | map(.plan_version)' '["v3","v2","v1"]'
json '.versions[1].notes' '[{"version":2,"at":"2025-01-12T15:30:00Z","note":"bcrypt cost 12, and an index"}]'
json '.versions | map(.commit)' "$(git rev-list plan/$plan | jq -Rc . | jq -sc .)"

run git plan diff
prints <<END
plan/$plan v2 ([..]) -> v3 ([..])
~ 002  View
    files: (none) -> views/a.py, views/b.py
    priority: (none) -> high
END
run git plan diff v1 2
prints <<END
plan/$plan v1 ([..]) -> v2 ([..])
architecture: (none) -> MVC
+ note v2
    bcrypt cost 12, and an index
~ 001  Model
    status: pending -> completed
~ 003  Docs
    status: pending -> failed
+ 004  Tests
    status: pending
    depends_on: 002
END
# The other way round, what was added is removed; ranges and commits name versions as well.
run git plan diff v2..v1 --json
json '[.removed[].id, (.added | length), .before.plan_version, .after.plan_version]' '["004",0,"v2","v1"]'
json '.changed[0]' \
  '{"id":"001","description":"Model","changes":[{"key":"status","before":"completed","after":"pending"}]}'
run git plan diff "$(git rev-parse plan/$plan~2)" plan/$plan~ --json
json '[.before.plan_version, .after.plan_version]' '["v1","v2"]'
run git plan diff 1 --json
json '[.before.plan_version, .after.plan_version]' '["v1","v3"]'
run git plan diff v3 v3
prints "plan/$plan v3 ([..]) -> v3 ([..])"
complains_nothing

for word in 9 nowhere main --upload-pack=x; do
  run git plan diff -- "$word"
  fails
  prints_nothing
done
run git plan diff v9
exits 2
complains <<END
error: plan '$plan' has no version 'v9'
hint: to see its versions, run: git plan log $plan
END
same_repository

# Commits by hand: one that repeats its version, and one that changes no word of the plan.
git worktree add -q ../hand plan/$plan
as Eve
sed -i 's/"Docs"/"Handbook"/' ../hand/plan.toml
git -C ../hand commit -q -a -m 'A better name'
echo '# a comment' >>../hand/plan.toml
git -C ../hand commit -q -a -m 'Say more'
run git plan log -n 2 --json
json '.versions | map([.plan_version, .author, .by_hand, .changes])' \
  '[["v3","Eve",true,"comments and spacing (by hand: Say more)"],["v3","Eve",true,"description of 003 (by hand: A better name)"]]'
# v3 is what v3 came to; the default still compares it with v2.
run git plan diff --json
json '[.before.plan_version, .after.plan_version, (.changed | map(.id))]' '["v2","v3",["002","003"]]'
run git plan diff v3 plan/$plan~2 --json
json '.changed | map(.changes[0])' '[{"key":"description","before":"Handbook","after":"Docs"}]'
run git plan diff plan/$plan~ plan/$plan
complains_like '^hint: only comments, spacing or unknown keys differ; to see them, run: git diff [0-9a-f]+ [0-9a-f]+$'
# One that nobody can read is a line of the log, and does not hide the others.
cp ../hand/plan.toml good.toml
echo '[[' >../hand/plan.toml
git -C ../hand commit -q -a -m 'Oops'
cp good.toml ../hand/plan.toml
git -C ../hand commit -q -a -m 'Mend it'
run git plan log -n 3 --json
json '.versions | map(.plan_version)' '["v3",null,"v3"]'
run git plan log
prints_like '^\?  .*unreadable: '
prints_like '^v3  .*unknown changes: the version before is unreadable$'
run git plan diff v2 v3 --json
json '.after.plan_version' v3

# Nothing raw reaches a terminal.
sed -i 's/"Handbook"/"A\\u001B[31m red one"/' ../hand/plan.toml
git -C ../hand commit -q -a -m $'Red \e[31m'
run git plan diff plan/$plan~ plan/$plan
prints_like 'A\\x1b\[31m red one'
run git plan log
expect_not grep -q $'\e' "$out"
git worktree remove ../hand
fsck_clean
