#!/bin/bash
# What section 5 warns of, at every way in; --strict and plan.strict refuse it. Errors that a person's commit
# brought in are warnings, and work goes on.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
base=session-20250112-143000
cat >plan.toml <<'END'
[[tasks]]
id = "001"
description = "Model"
provides = ["User model class"]
END
run git plan create -F plan.toml -q
complains_nothing

warned() { # CODE ERE, tasks as a JSON list on standard input
  cat >document.json
  printf '{"session_id": "session-20250112-150000", "provides": ["ground"], "tasks": %s}' "$(cat document.json)" >whole.json
  run git plan create -n -F whole.json --json
  json ".warnings | map(select(.code == \"$1\" and (.message | test(\"$2\")))) | length > 0"
  complains_like "^warning: .*$2"
  run git plan check -F whole.json --json
  json ".errors == [] and any(.warnings[]; .code == \"$1\")"
  run git plan check --strict -F whole.json
  exits 1
  run git plan update --plan=$base --add=document.json --strict
  exits 128
  prints_nothing
  complains_like "^error: plan '$base': .*$2"
  run git -c plan.strict=yes plan create -F whole.json
  exits 128
}
warned unprovided "task '010': no task provides 'nobody'" \
  <<<'[{"id": "010", "description": "a", "preconditions": ["nobody", "ground"]}]'
warned provided_twice "tasks 010 and 011 both provide 'x'" \
  <<<'[{"id": "010", "description": "a", "provides": ["x"]}, {"id": "011", "description": "b", "provides": [" x "]}]'
warned overlapping_files "tasks 010 and 011 of wave 1 touch the same files: 'src/a.c'" \
  <<<'[{"id": "010", "description": "a", "files": ["src/a.c"]}, {"id": "011", "description": "b", "files": ["src"]}]'
warned overlapping_files "tasks 010 and 011 of wave 1 touch the same files" \
  <<<'[{"id": "010", "description": "a", "files": ["src/*.c"]}, {"id": "011", "description": "b", "files": ["src/b.c"]}]'
warned long_estimate "task '010': estimated at 11 min, more than 10 min" \
  <<<'[{"id": "010", "description": "a", "estimated_time": "11 minutes"}]'
warned seed_id "task '1234': an id outside 001 to 999" <<<'[{"id": "1234", "description": "a"}]'
run git plan check --strict
prints "plan '$base': 0 errors, 0 warnings"
run git plan create odd-name --strict
exits 128
complains_like "^error: plan 'odd-name': not named as session-YYYYMMDD-HHMMSS$"

# No warning where there is no reason: in different waves, or with an estimate of ten minutes.
run git task add --plan=$base 'View' --needs='User model class' --files=a.c --estimate=10m
complains_nothing
run git task add --plan=$base 'Next view' --after=2 --files=a.c
complains_nothing

# A near miss.
run git task add --plan=$base Tests --needs='User model'
prints 004
complains <<'END'
warning: task '004': no task provides 'User model'; did you mean 'User model class' (task 001)?
END
run git plan update --plan=$base --set 004.preconditions='User model class' -q
complains_nothing

# A person's commit brings in errors: `check` says them with their lines, and writes only warn.
git worktree add -q ../hand plan/$base
cat >>../hand/plan.toml <<'END'
[[tasks]]
id = "005"
description = ""
depends_on = ["009"]
status = "done"
END
git -C ../hand commit -q -a -m 'By hand'
git worktree remove ../hand
line=$(git show plan/$base:plan.toml | grep -n '"005"' | cut -d: -f1)
run git plan check
exits 1
prints_like "^error: line $((line - 1)): task '005': no description$"
prints_like "^error: line $((line + 3)): task '005': bad status 'done'; it must be "
prints_like "^plan '$base': 3 errors, 0 warnings$"
run git plan check --json
exits 1
json '.errors | map([.code, .task, .line]) | sort' \
  "[[\"bad_status\",\"005\",$((line + 3))],[\"missing_description\",\"005\",$((line - 1))],[\"unknown_dependency\",\"005\",$((line - 1))]]"
run git plan update --complete=1 --fail=2 --cancel=3 --json
run git task add 'Goes on'
prints 006
complains_like "^warning: task '005': no description$"
run git task add 'One error more' --after=77
exits 128
complains_unlike "^error: .*'005'"
run git plan update --cancel=5
git show plan/$base:plan.toml | grep -A4 '"005"' >now
expect grep -Fx 'status = "cancelled"' now
