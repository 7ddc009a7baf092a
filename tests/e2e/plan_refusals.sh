#!/bin/bash
# Everything that section 5 refuses, in each way in: `plan create -F`, `plan update --add`, `task add`.
# All errors are listed at once, and nothing is written.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
base=session-20250112-143000
run git plan create -F - -q <<<'{"tasks": [{"id": "001", "description": "Model", "provides": ["User"]}]}'
settle
repository_snapshot

# The document (TOML or JSON) is refused by create, by check and by --add, for the same reason.
refused() { # ERE, document on standard input
  cat >document
  run git plan create new -F document
  exits 128
  prints_nothing
  complains_like "^error: plan 'new': .*$1"
  run git plan check -F document
  exits 1
  prints_like "^error: .*$1"
  run git plan update --plan=$base --add=document
  exits 128
  prints_nothing
  complains_like "^error: .*$1"
  same_repository
}

refused "same number as task '010'" <<<'[{"id": "010", "description": "a"}, {"id": "0010", "description": "b"}]'
refused "task '010': line 4: its id is taken|task '010': its id is taken by an earlier task" <<'END'
[[tasks]]
id = "010"
description = "a"
[[tasks]]
id = "010"
description = "b"
END
refused 'tasks 010 -> 012 -> 011 -> 010 form a cycle' <<'END'
[{"id": "010", "description": "a", "depends_on": ["012"]}, {"id": "011", "description": "b", "depends_on": ["010"]},
 {"id": "012", "description": "c", "depends_on": ["011"]}]
END
refused 'tasks 010 -> 011 -> 010 form a cycle' <<'END'
[{"id": "010", "description": "a", "preconditions": ["B"], "provides": ["A"]},
 {"id": "011", "description": "b", "preconditions": ["A"], "provides": ["B"]}]
END
refused "task '010' needs 'A', which only it provides" <<<'[{"id": "010", "description": "a", "preconditions": ["A"], "provides": ["A"]}]'
refused "task '010': depends on '110', which is not in the plan; did you mean '010'" \
  <<<'[{"id": "010", "description": "a", "depends_on": ["110"]}]'
refused "task '010': no description" <<<'[{"id": "010"}]'
refused "task '010': no description" <<<'[{"id": "010", "description": " \n"}]'
refused "task '10': bad id: it must be 3 to 6 digits; did you mean '010'" <<<'[{"id": "10", "description": "a"}]'
refused "task '../1': bad id" <<<'[{"id": "../1", "description": "a"}]'
refused "task '010': bad slug 'Two Words'; did you mean 'two-words'" \
  <<<'[{"id": "010", "description": "a", "slug": "Two Words"}]'
refused "task '010': bad status 'complete'; did you mean 'completed'" \
  <<<'[{"id": "010", "description": "a", "status": "complete"}]'
refused "task '010': bad priority 'hihg'; did you mean 'high'" \
  <<<'[{"id": "010", "description": "a", "priority": "hihg"}]'
refused "task '010': 'files' must be a list of strings, not a string" \
  <<<'[{"id": "010", "description": "a", "files": "a.c"}]'
refused "task '010': item 2 of 'provides' must be a string, not an integer" \
  <<<'[{"id": "010", "description": "a", "provides": ["x", 1]}]'
refused "'id' must be a string, not an integer" <<<'[{"id": 10, "description": "a"}]'
refused "item 2 of 'tasks' must be an object, not a string" <<<'[{"id": "010", "description": "a"}, "b"]'
refused "task '010': an empty capability in 'provides'" <<<'[{"id": "010", "description": "a", "provides": [" "]}]'
refused "task '010': a control character in capability 'a.x1bb' of 'preconditions'" \
  <<<'[{"id": "010", "description": "a", "preconditions": ["a\u001bb"]}]'
refused "task '010': a control character in capability 'a.nb' of 'provides'" <<'END'
[[tasks]]
id = "010"
description = "a"
provides = ["a\nb"]
END

# An id may be left out only where the next free one is given.
run git plan create new -F <(echo '[{"description": "a"}]')
exits 128
complains_like "^error: plan 'new': line 1: task number 1 \(without an id\): no id$"

# Of a whole plan: bad names.
refused_plan() { # ERE, document on standard input
  run git plan create -F -
  exits 128
  prints_nothing
  complains_like "$1"
  same_repository
}
refused_plan "bad session_id" <<<'{"session_id": "a..b"}'
refused_plan "bad session_id" <<<'{"session_id": "Upper"}'
refused_plan "bad flow branch 'a b'" <<<'{"flow_branch": "a b"}'
refused_plan "bad flow branch 'HEAD'" <<<'{"flow_branch": "HEAD"}'
refused_plan "bad flow branch 'task/001-x': 'plan' and 'task' are for plans and tasks" <<<'{"flow_branch": "task/001-x"}'
refused_plan "'user_request' must be a string, not a list" <<<'{"user_request": ["x"]}'
refused_plan "^error: <stdin> has format 2, newer than this program understands \(1\)$" <<<'{"format": 2}'
refused_plan "^error: <stdin>: line 1, column 6" <<<'{"a":}'
refused_plan "^error: <stdin>: line 2, column" <<<$'a = 1\nb = '
refused_plan "^error: <stdin>: line 1: duplicate key 'a'$" <<<'{"a": 1, "a": 2}'
refused_plan "^error: <stdin>: line 1: not UTF-8$" <<<$'a = "\xff"'

# Empty input, nothing there, too large.
for text in '' ' ' $'\n\n'; do
  run git plan create -F - < <(printf '%s' "$text")
  exits 128
  complains_like '^error: <stdin> is empty$'
  run git plan update --plan=$base --add=- < <(printf '%s' "$text")
  exits 128
done
{ printf '# '; head -c $((64 * 1024 * 1024)) /dev/zero | tr '\0' x; } >big.toml
for verb in 'create -F' 'check -F' "update --plan=$base --add"; do
  # shellcheck disable=SC2086 # words they are
  run git plan $verb big.toml
  exits 128
  prints_nothing
  complains_like "^error: 'big.toml' is larger than 67108864 bytes$"
done
rm big.toml

# `task add`: every error at once, as text and as JSON.
run git task add --plan=$base '' --id=7 --slug='A b' --needs= --provides=$'a\eb' --after=9
exits 128
complains <<'END'
error: plan 'session-20250112-143000': task '7': bad id: it must be 3 to 6 digits; did you mean '007'?
error: plan 'session-20250112-143000': task '7': no description
error: plan 'session-20250112-143000': task '7': bad slug 'A b'; did you mean 'a-b'?
error: plan 'session-20250112-143000': task '7': an empty capability in 'preconditions'
error: plan 'session-20250112-143000': task '7': a control character in capability 'a\x1bb' of 'provides'
error: plan 'session-20250112-143000': task '7': depends on '9', which is not in the plan
hint: to see the tasks that there are, run: git task list --plan=session-20250112-143000
END
run git task add --plan=$base '' --id=7 --json
exits 128
prints_nothing
json_error '.error | keys_unsorted' '["code","message","hint"]'
json_error '.error.message | split("\n") | length' 2
run git task add --plan=$base x --priority=urgent
exits 128
run git task add --plan=$base Model --id=1 --needs=Else
exits 3
complains_like "^error: task '1' already exists in plan '$base', with other content$"
run git task add --plan=$base x --needs=Y --provides=Y
exits 128
complains_like "task '002' needs 'Y', which only it provides"
same_repository
