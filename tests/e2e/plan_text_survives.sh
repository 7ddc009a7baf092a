#!/bin/bash
# Text full of what could be taken for TOML, JSON, or orders to a terminal goes in and comes out
# unchanged, and no control character ever reaches stdout or stderr.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000

# Nothing that a terminal would obey: C0 but newline and tab, DEL, C1, bidirectional overrides.
harmless() {
  expect_not grep -qP '[\x{0}-\x{8}\x{b}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]' "$out" "$err"
}

cat >texts.json <<'END'
["plain", "", " leading and trailing ", "\"\"\"", "'''", "\"\"\"\"\"\"'''''' \"", "ends with \\", "\\\" \\\\ \\n",
 "line one\nline two\n\n[[tasks]]\nid = \"666\"\n# no comment", "[[tasks]]", "\r\n carriage\r return", "\ttab",
 "emoji 👩‍👩‍👧 ünïcödé 日本", "esc \u001b[31mred\u001b]0;title\u0007", "bell \u0007 backspace \u0008 delete \u007f",
 "C1 \u009b31m \u0085 next line", "override \u202e txt.exe \u2066", "{\"json\": [1, 2]}", "key = \"value\"", "${HOME} $(id) `id`",
 "-- --option -x", "%s %n {0} {}", "\u2028 separator \u2029"]
END
count=$(jq length texts.json)

# Lines of what a worker is told end as on Unix.
# Every text, as every text field of a plan and of a task; in by JSON, out by JSON, twice.
jq '{session_id: "session-20250112-143000", user_request: (. | join("\n")), architecture: .[3], design_patterns: .[8],
  technology_stack: .[13], estimated_total_time: .[15], dependency_graph: .[9],
  tasks: (. as $all | [range(0; length) | {id: (100 + . | tostring), description: "x\($all[.] | gsub("\n"; " "))",
    external_id: $all[.], details: "\($all[.]).", test_strategy: "\($all[.]).", files: [$all[.], "f\(.)"]}])}' texts.json >plan.json
run git plan create -F plan.json
harmless
git plan show --json >shown.json
for field in user_request architecture design_patterns technology_stack estimated_total_time dependency_graph; do
  same "$(jq -c .$field shown.json)" "$(jq -c .$field plan.json)"
done
same "$(jq -c '.tasks | map([.id, .description, .files, .details, .test_strategy])' shown.json)" \
  "$(jq -c '.tasks | map([.id, .description, .files, (.details, .test_strategy | gsub("\r\n"; "\n"))])' plan.json)"
run git plan create copy -q -F shown.json
same "$(git plan show copy --json | jq -c '.tasks | map([.id, .description, .files, .external_id])')" \
  "$(jq -c '.tasks | map([.id, .description, .files, .external_id])' shown.json)"
run git plan delete -f copy -q

# Through the other ways in: --add, --set, --note, `task add`, and the options of create.
run git plan use $plan -q
for ((i = 0; i < count; i++)); do
  text=$(jq -r ".[$i] + \".\"" texts.json) # the dot: a shell drops newlines at the end
  run git task add --provides="Task $i" --json -- "$text"
  harmless
done
# Of several lines the first is the description.
same "$(git task list --json | jq -c "[.tasks[$count:][] | .description]")" \
  "$(jq -c '[.[] + "." | if test("\n") then sub("^[ \t\r\n]+"; "") | split("\n")[0] | sub("[ \t\r]+$"; "") else . end]' texts.json)"
text=$(jq -r 'join("\n") + "."' texts.json)
run git plan update --note="$text" --set architecture="$text" --set 100.details="$text"
harmless
git plan show --json >shown.json
printf '%s' "$text" >"$state/text.in"
for filter in .architecture '.architecture_updates[0].note' '.tasks[0].details'; do
  jq -j "$filter" shown.json >"$state/text.out"
  if [ "$filter" = '.tasks[0].details' ]; then printf '%s' "${text//$'\r\n'/$'\n'}" >"$state/text.in"; fi
  expect cmp "$state/text.in" "$state/text.out"
done
same "$(jq '.tasks | length' shown.json)" $((2 * count))

# Nothing raw in any answer, as text or JSON.
for command in 'plan show' 'plan list' 'plan check' 'plan provides' 'task list' 'task show 113' 'task show 117' \
  'wave list' 'wave next' 'wave next --explain' 'plan update --fail=113 --cancel=114'; do
  for format in '' --json; do
    # shellcheck disable=SC2086 # words they are
    run git $command $format
    harmless
  done
done
run git plan show --color=never
prints_like '^  esc .x1b\[31mred.x1b\]0;title.x07$'

# Nor from words that are typed.
esc=$'\e[31m'
for command in "plan $esc" "plan show $esc" "plan show --$esc" "plan use $esc" "task show $esc" "task show a/$esc" \
  "plan check -F $esc" "plan update --set $esc=1" "plan update --complete=$esc" "plan create $esc" \
  "task list --status=$esc" "plan show --color=$esc" "plan create --flow=$esc"; do
  for format in '' --json; do
    # shellcheck disable=SC2086 # words they are
    run git $command $format
    fails
    harmless
  done
done
fsck_clean
