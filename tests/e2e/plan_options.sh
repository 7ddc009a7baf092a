#!/bin/bash
# How words on the command line are read, and what help, colour and -q do.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
run git plan create s1 --request 'two words' --architecture='a=b' --design-patterns= --technology-stack=-x -q
run git plan show --json
json '[.session_id, .user_request, .architecture, .design_patterns, .technology_stack]' '["s1","two words","a=b","","-x"]'

# A value or a word after `--opt=value` is not swallowed; lists repeat; only ids split at commas.
run git task add --plan=s1 One --provides='a, b' --provides c --files x --files=y,z -q
prints 001
run git task add --provides=d Two -q
prints 002
run git task add --after=1,2 -q --after 002 -- --dashed
prints 003
run git task list --json
json '.tasks | map([.description, .provides, .files, .depends_on])' \
  '[["One",["a, b","c"],["x","y,z"],[]],["Two",["d"],[],[]],["--dashed",[],[],["001","002"]]]'
run git plan update --complete=1,2 --complete 003 -q
run git plan show s1 --json
json .completed_tasks 3
run git task add --plan=s1 Four --estimate= -q
run git --no-pager task show --plan=s1 4 --json
json .description Four
run git wave next --plan s1 --json
json '.tasks | map(.id)' '["004"]'
run git wave start -j0
exits 129
run git wave start -jx
exits 129
run git plan show --color s1
prints_like $'^\e\\[1mplan/s1\e\\[m v'
run git-plan --plan s1 show
prints_like '^plan/s1 '

# Wrong usage: 129, nothing on stdout, and what may have been meant.
wrong() { # MESSAGE ARGUMENT…
  local message=$1
  shift
  run git "$@"
  exits 129
  prints_nothing
  complains_like "^error: $message$"
  complains_like '^hint: '
  run git "$@" --json
  exits 129
  prints_nothing
  json_error '.error | has("code") and has("message") and has("hint")'
}
wrong "'crate' is no verb of git plan; did you mean 'create'\?" plan crate
wrong "'worker lst' is no verb of git wave; did you mean 'worker list'\?" wave worker lst
wrong "unknown option '--reqest'; did you mean '--request'\?" plan create --reqest=x
wrong "unknown option '-z'" plan show -z
wrong "option '--dry-run' takes no value" plan create --dry-run=yes
wrong ".*" plan show a b
wrong "'git plan use' needs <plan>" plan use
wrong "'x' is no version" plan update --expect=x
wrong "'x' is no <key>=<value>" plan update --set x
wrong "'pendng' is no status; did you mean 'pending'\?" task list --status=pendng
wrong "bad number 'x' for '--max-count': at least 0 is wanted" plan log -n x
run git plan log -n x
exits 129
complains_like '^hint: to see how it is used, run: git plan log -h$'
wrong "bad colour setting 'pink'" plan show --color=pink
run git plan create --request
exits 129
complains_like "^error: option '--request' needs a value$"
run git task
exits 129
complains_like '^hint: to see all verbs, run: git task -h$'

# Help and version need no repository.
cd /
for program in plan task wave; do
  run git $program -h
  prints_like "^usage: git $program <verb>"
  run git $program --version
  prints_like "^git-$program version [0-9]"
done
# Help fits into 80 columns.
for program in plan task wave; do
  run git $program -h
  expect test "$(wc -L <"$out")" -le 80
  for verb in $(git-$program __complete '' | cut -f1 | grep -v '^-'); do
    run git $program "$verb" -h
    expect test "$(wc -L <"$out")" -le 80
  done
done
run git plan create -h
prints_like '^usage: git plan create .*\[<session>\]$'
prints_like '^ +-n, --dry-run '
cd "$scratch"
run git plan list
exits 128
prints_nothing
run git plan list --json
exits 128
json_error '.error.message | contains("not a git repository")'
cd repo

# Colour: the option, then color.plan, then color.ui; true means auto, and a pipe is no terminal.
colored() { grep -q $'\e' <(git "$@"); }
expect colored plan show s1 --color=always
expect colored -c color.ui=always plan show s1
expect colored -c color.ui=never -c color.plan=always plan show s1
expect_not colored plan show s1
expect_not colored -c color.ui=true plan show s1
expect_not colored -c color.plan plan show s1
expect_not colored -c color.ui=always -c color.plan=never plan show s1
expect_not colored -c color.ui=always plan show s1 --color=never
expect_not colored -c color.ui=always task list --json
on_terminal() { # VARIABLE… -- ARGUMENT…: whether there is colour on a terminal
  script -qec "env TERM=xterm $1 git plan show s1" /dev/null </dev/null | grep -q $'\e\\[1m'
}
if command -v script >/dev/null; then
  expect on_terminal ''
  expect_not on_terminal NO_COLOR=1
  expect_not on_terminal TERM=dumb
  expect on_terminal NO_COLOR=
fi

# A bad setting is refused before anything is done.
repository_snapshot
run git plan update --plan=s1 --note=x --color=pink
exits 129
run git -c color.plan=pink plan update --plan=s1 --note=x
exits 128
complains_like "^error: bad boolean config value 'pink' for 'color.plan'$"
run git -c plan.strict=maybe plan update --plan=s1 --set 4.estimated_time=99m
exits 128
same_repository

# -q leaves warnings and errors.
run git plan create s2 -q
complains "warning: plan 's2': not named as session-YYYYMMDD-HHMMSS"
run git -c advice.plan=false plan create s3
complains_unlike '^hint: '
