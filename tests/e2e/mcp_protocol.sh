#!/bin/bash
# The protocol, message by message, whatever way the bytes arrive.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"

# All replies to a file of messages, one JSON object a line.
talk() { git plan mcp; }
heard() { # FILTER EXPECTED: of all lines
  claims=$((claims + 1))
  local actual
  actual=$(jq -rc "$1" "$out")
  [[ $actual == "$2" ]] || fail "$1 is '$actual', where '$2' was expected"
}
say() { # LINE…: each a message to a server of its own
  printf '%s\n' "$@" >"$state/said"
  run talk <"$state/said"
  exits 0
}
hello() { # VERSION
  echo "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"$1\",\"capabilities\":{},\"clientInfo\":{\"name\":\"x\",\"version\":\"1\"}}}"
}
ping='{"jsonrpc":"2.0","id":"p","method":"ping"}'
pong='{"jsonrpc":"2.0","id":"p","result":{}}'

new_repo
as Ada

# Each version that we know is agreed to; for others it is our newest.
for version in 2024-11-05 2025-03-26 2025-06-18 2025-11-25; do
  say "$(hello $version)"
  heard .result.protocolVersion $version
  heard '.result.serverInfo.name' git
  heard '.result.capabilities' '{"tools":{"listChanged":false}}'
done
say "$(hello 1999-01-01)"
heard .result.protocolVersion 2025-11-25

# Nothing said, nothing heard; the end of the input is the end.
run talk </dev/null
prints_nothing
complains_nothing

# Notifications, responses and empty lines get no answer; requests get theirs in order.
say '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
  '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}' \
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77,"reason":"?"}}' \
  '{"jsonrpc":"2.0","method":"notifications/of-the-future","params":[1]}' \
  '{"jsonrpc":"2.0","id":9,"result":{}}' '' '   ' \
  '{"jsonrpc":"2.0","id":3,"method":"ping"}' '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' \
  '{"jsonrpc":"2.0","id":1,"method":"ping","params":null}'
same "$(jq -r .id "$out" | xargs)" '3 2 1'

# A request that is cancelled while it waits is dropped.
say "$ping" '{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"get_provides"}}' \
  '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}'
prints "$pong"

# What is wrong gets the code that it should.
say '{"jsonrpc":"2.0","id":1,"method":"resources/list"}' '{"jsonrpc":"2.0","id":2,"method":"tools/call"}' \
  '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"parse_tusk"}}' \
  '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":[]}' '{"jsonrpc":"2.0","id":5,"method":7}' '{"id":6,"method":"ping"}' \
  '{"jsonrpc":"2.0","id":null,"method":"ping"}' '{"jsonrpc":"2.0","id":{},"method":"ping"}' 'nonsense' '{"a":' '5' '[]' "[$ping]" \
  '{"jsonrpc":"2.0","id":8,"method":"tools/list","params":{"cursor":"x"}}' '{"jsonrpc":"2.0","id":9,"method":"initialize"}' \
  '{"jsonrpc":"2.0","id":10,"method":"tools/call","params":{"name":"parse_plan","arguments":[]}}'
same "$(jq -rc '[.id, .error.code] | join(" ")' "$out" | paste -sd, -)" \
  '1 -32601,2 -32602,3 -32602,4 -32602,5 -32600,6 -32600, -32600, -32600, -32700, -32700, -32600, -32600, -32600,8 -32602,9 -32602,10 -32602'
prints_like "did you mean 'parse_task'"

# Batches exist in one version.
say "$(hello 2025-03-26)" "[$ping,{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"},{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"none\"},3]" \
  '[{"jsonrpc":"2.0","method":"notifications/x"}]' "[$(hello 2025-11-25)]" "$ping"
same "$(jq -c 'if type == "array" then map([.id, .error.code]) else .id end' "$out" | paste -sd' ' -)" \
  '0 [["p",null],[2,-32601],[null,-32600]] [[0,-32600]] "p"'
say "$(hello 2025-06-18)" "[$ping]"
same "$(jq -c '[.id, .error.code]' "$out" | tail -n 1)" '[null,-32600]'

# CRLF, a last line without an end, a byte-wise trickle.
printf '%s\r\n%s' "$ping" "$ping" >"$state/said"
run talk <"$state/said"
prints "$pong
$pong"
trickle() {
  local i
  for ((i = 0; i < ${#ping}; i++)); do
    printf '%s' "${ping:i:1}"
    ((i % 7)) || sleep 0.01
  done
  echo
}
run talk < <(trickle)
prints "$pong"

# 10 MB in one line; bad UTF-8; a bomb of brackets; each is answered, and the server lives.
{
  printf '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"'
  head -c 10000000 /dev/zero | tr '\0' x
  printf '"}}\n'
  printf '{"jsonrpc":"2.0","id":2,"method":"ping","params":{"x":"\xff\xfe"}}\n'
  printf '{"jsonrpc":"2.0","id":3,"method":"ping","params":'
  head -c 1000000 /dev/zero | tr '\0' '['
  printf '\n{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"parse_plan","arguments":{"branch":'
  printf '{"a":%.0s' {1..100000}
  printf '1'
  printf '}%.0s' {1..100000}
  printf '}}}\n{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"get_provides","arguments":{"plan_branch":"\\ud800"}}}\n'
  echo "$ping"
} >"$state/said"
run talk <"$state/said"
exits 0
same "$(jq -c '[.id, .error.code]' "$out" | paste -sd' ' -)" \
  '[1,null] [null,-32700] [null,-32700] [null,-32700] [null,-32700] ["p",null]'

# Nobody reads any more: the end, without a word.
unread() (
  trap '' PIPE # whoever writes into the void is told, not killed
  (
    for _ in {1..2000}; do echo "$ping" || exit 0; done 2>/dev/null
  ) | (
    git plan mcp
    echo "exit $?" >"$state/unread"
  ) | head -n 1
)
run unread
prints "$pong"
wait_until test -s "$state/unread"
same "$(cat "$state/unread")" 'exit 0'
complains_nothing

# Every tool says what it takes.
say '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
heard '.result.tools | map(.name) | map(select(. as $name | ["parse_task","parse_plan","get_provides","create_plan_branch",
  "create_task_branch","update_plan_branch","create_worktree","remove_worktree","next_wave","start_wave","finish_wave",
  "complete_task","task_prompt","check_plan","approve_plan","plan_report","merge_into_flow","deliver_flow","clean_plans",
  "wave_status","fail_task","reset_task","list_agents","sync_plan"] | index($name) != null)) | length' 24
heard '.result.tools | length' 24
heard '[.result.tools[].inputSchema | select(.type != "object" or has("$ref"))] | length' 0
heard '[.result.tools[].inputSchema.properties | to_entries[] | select(.value | (has("type") or has("anyOf")) and (.description // "" | contains("for example: ")) | not) | .key] | length' 0
heard '.result.tools | map(.annotations | [.readOnlyHint, .destructiveHint, .idempotentHint] | all(type == "boolean")) | all' true
heard '.result.tools | map(select(.annotations.readOnlyHint) | .name) | sort | join(" ")' \
  'check_plan get_provides list_agents next_wave parse_plan parse_task plan_report task_prompt wave_status'
heard '.result.tools | map(select(.name == "create_plan_branch").inputSchema.properties.tasks.items.properties.priority.enum) | add | length' 4
heard '.result.tools | map(select(.name == "create_plan_branch" or .name == "update_plan_branch").inputSchema.properties
  | (.tasks // .new_tasks).items.required)' '[["id","description"],["description"]]'
heard '[.result.tools[].inputSchema | .. | .properties? // empty | to_entries[] | select(.value.description // "" | contains("for example: ") | not) | .key] | unique' '[]'

# Hooks that print reach standard error, never the client; and they get no message to read.
run git plan create -q -F <(auth_plan)
cat >.git/hooks/post-checkout <<'END'
#!/bin/sh
echo "a hook speaks"
cat
END
cp .git/hooks/post-checkout .git/hooks/wave-post-create
chmod +x .git/hooks/post-checkout .git/hooks/wave-post-create
say '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"start_wave","arguments":{}}}' "$ping"
same "$(jq -c .id "$out" | paste -sd' ' -)" '1 "p"'
heard 'select(.id == 1).result.structuredContent.started | map(.task) | join(" ")' 001

# No repository: every call says so, as the shell does, and the server goes on.
mkdir "$scratch/nowhere"
cd "$scratch/nowhere"
say '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"parse_plan","arguments":{"branch":"plan/x"}}}' "$ping"
heard 'select(.id == 1).result | [.isError, .structuredContent.error.code]' '[true,"fatal"]'
same "$(jq -c .id "$out" | paste -sd' ' -)" '1 "p"'
