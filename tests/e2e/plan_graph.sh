#!/bin/bash
# `plan graph`: what waits for what, for people and for other programs.
source "$(dirname "$0")/lib.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
[[tasks]]
id = "001"
description = "Create User model"
provides = ["User"]
[[tasks]]
id = "002"
description = "Create AuthService"
preconditions = ["User"]
provides = ["Auth"]
[[tasks]]
id = "003"
description = "Create JWT tokens"
preconditions = ["User"]
provides = ["JWT"]
[[tasks]]
id = "004"
description = "Wire the endpoints"
preconditions = ["Auth", "JWT", "User"]
[[tasks]]
id = "005"
description = "Write the guide"
depends_on = ["001"]
END
git plan create -q -F plan.toml session-20250112-143000
git wave start -q >/dev/null
git -C .worktrees/worker-1 commit -q --allow-empty -m Work
git task done 001 -q >/dev/null
git task start 003 -q >/dev/null

# An edge that a longer way implies (001 to 004) is not drawn.
run git plan graph
prints <<'END'
      Wave 1
  ┌───✓ 001 Create User model
  │   Wave 2
┌─┼───○ 002 Create AuthService
│ ├─┬─● 003 Create JWT tokens
│ └─│─○ 005 Write the guide
│   │ Wave 3
└───┴─· 004 Wire the endpoints

✓ completed  ● in progress  ○ ready  · pending
END
LC_ALL=C run git plan graph
prints_like "^'---'-\. 004 Wire the endpoints$"
expect_not grep -P '[^\x00-\x7f]' "$out"
cp "$out" "$scratch/ascii"
run git plan graph --ascii
prints <"$scratch/ascii"

# JSON has all of it.
run git plan graph --json
json '.nodes | map([.id, .status, .wave])' \
  '[["001","completed",1],["002","pending",2],["003","in_progress",2],["004","pending",3],["005","pending",2]]'
json '.edges | map([.from, .to, .capability, .alternative, .implied])' \
  '[["001","002","User",false,false],["001","003","User",false,false],["002","004","Auth",false,false],["003","004","JWT",false,false],["001","004","User",false,true],["001","005",null,false,false]]'
run git plan graph --format=json
json '.unreachable' '[]'

# Graphviz accepts it, with hostile text, an alternative, a cycle, and the same id twice.
git worktree add -q ../hand plan/session-20250112-143000
cat >>../hand/plan.toml <<'END'
[[tasks]]
id = "006"
description = "\" ]; evil [label=\"<b>\\ &lt; --> %% {x} `y` #z; | end\u202e\u001b[31m\nnext"
preconditions = ["Auth"]
provides = ["JWT", "Hen"]
[[tasks]]
id = "007"
description = ""
preconditions = ["Egg"]
provides = ["Hen 2"]
[[tasks]]
id = "008"
description = "Hen and egg"
preconditions = ["Hen 2"]
provides = ["Egg"]
[[tasks]]
id = "\"]; x"
description = "No id of ours"
depends_on = ["008", "404"]
END
git -C ../hand commit -q -a -m 'By hand'
run git plan graph --format=dot
prints_like '^  t5 -> t3 \[style=dashed\];$' # JWT may come from 006 too
cp "$out" "$scratch/graph.dot"
expect dot -Tsvg -o "$scratch/graph.svg" "$scratch/graph.dot"
same "$(grep -c 'class="node"' "$scratch/graph.svg")" 9
expect_not grep -F '<b>' "$scratch/graph.svg"

# Mermaid gets nothing but lines of its grammar.
run git plan graph --format=mermaid
same "$(head -1 "$out")" 'flowchart LR'
expect_not grep -Evq -e '^flowchart LR$' \
  -e '^  t[0-9]+\["[^]["`<>{}()|%:&]*"\]:::(pending|in_progress|completed|failed|cancelled)$' \
  -e '^  t[0-9]+ (-->|-\.->) t[0-9]+$' -e '^  classDef [a-z_]+ [a-z0-9:#,-]+$' "$out"
run git plan graph
prints_like '^ +Unreachable$'
prints_like '· 007 \(.*cycle.*\)'
expect_not grep -P '[\x00-\x08\x0b-\x1f\x7f]' "$out"

# On a terminal of 80 columns nothing is wider, and every task of a large plan has its row.
jq -n '{session_id: "large", user_request: "Many", tasks: [range(1; 94) | {id: ("00\(.)"[-3:]),
  description: "Make part \(.) of all the many parts that there are to make", provides: ["part \(.)"],
  preconditions: (if . > 10 then ["part \(. - 10)", "part \(. - 7 - . % 3)"] else [] end)}]}' >large.json
git plan create -q -F large.json
COLUMNS=80 script -qec "git plan graph large --color=never" /dev/null </dev/null | tr -d '\r' >"$scratch/terminal"
expect test -s "$scratch/terminal"
same "$(grep -cE '(○|·) [0-9]{3} ' "$scratch/terminal")" 93
expect test "$(wc -L <"$scratch/terminal")" -le 80
# A wave that all comes from one task and leads to one: the first has its line, the last names those without room.
jq -n '{tasks: [{id: "001", description: "Root"}, (range(102; 140) | {id: tostring, description: "Part", depends_on: ["001"]}),
  {id: "140", description: "Join", depends_on: [range(102; 140) | tostring]}]}' |
  run git plan create -q -F - wide
run git plan graph wide
prints_like '─· 102 Part$'
prints_like '─· 140 \(after 102-1[0-9][0-9]\) Join$'
run git plan create -q empty
run git plan graph empty
prints_nothing
for format in dot mermaid json; do
  run git plan graph empty --format=$format
done
run git plan graph --format=svg
exits 129

# Where very many give what very many need, not all edges and not all providers are listed, and what is left out is counted.
{
  capabilities=$(seq -s, -f '"c%g"' 100)
  for n in $(seq -f %03g 300); do
    printf '[[tasks]]\nid = "%s"\ndescription = "t"\n' "$n"
    if ((10#$n <= 150)); then printf 'provides = [%s]\n' "$capabilities"; else printf 'preconditions = [%s]\n' "$capabilities"; fi
  done
} >many.toml
git plan create -q -F many.toml many 2>/dev/null >/dev/null
run git plan graph many --format=json
json '.edges | length < 130000' true
json '(.edges | length) + .edges_left_out' $((150 * 100 * 150))
json '[.edges[] | select(.alternative | not) | "\(.to) \(.capability)"] | unique | length' $((150 * 100))
run git plan show many --json
json '[.tasks[].blocked_by[].provided_by | length] | add < 60000' true
json '.tasks[299].blocked_by[99] | [.precondition, (.provided_by | length), .provided_by_total]' '["c100",1,150]'
