#!/bin/bash
# timeout: 300
# 10,000 random malformed messages: the server answers on, and has not grown.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"

# Messages that were right once, with bytes changed, cut out, doubled; and plain noise. Always the same ones.
noise() { # SEED COUNT
  LC_ALL=C awk -v seed="$1" -v count="$2" '
    function roll(n) { return int(rand() * n) }
    BEGIN {
      srand(seed)
      n = split("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"parse_plan\",\"arguments\":{\"branch\":\"plan/s1\",\"limit\":5}}}~" \
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{\"name\":\"create_worktree\",\"arguments\":{\"worker_id\":\"zz\",\"task_branch\":\"task/001-x\"}}}~" \
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"check_plan\",\"arguments\":{\"draft\":{\"tasks\":[{\"id\":\"001\",\"description\":\"A\",\"depends_on\":[\"001\"]}]}}}}~" \
        "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-03-26\"}}~" \
        "[{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/list\"}]~" \
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":[1,{}]}}~" \
        "[[[[[[[[{{{{{{\"a\":1e999,\"\\ud800\":\"\\u0000\"", seeds, "~")
      for (i = 0; i < count; i++) {
        text = seeds[1 + roll(n)]
        for (edits = 1 + roll(6); edits > 0; edits--) {
          at = 1 + roll(length(text))
          kind = roll(5)
          if (kind == 0) text = substr(text, 1, at - 1) sprintf("%c", 1 + roll(255)) substr(text, at + 1)
          if (kind == 1) text = substr(text, 1, at - 1) substr(text, at + 1 + roll(8))
          if (kind == 2) text = substr(text, 1, at) substr(text, at)
          if (kind == 3) text = substr(text, 1, at)
          if (kind == 4) text = substr(text, 1, at) substr("{}[]\",:\\0-e", 1 + roll(11), 1) substr(text, at + 1)
        }
        gsub(/\n/, " ", text)
        print text
      }
    }'
}

resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$mcp_pid/status"; }

# Sends a file, and reads replies until that of a ping behind it.
flood() { # FILE ID
  cat "$1" >&8 &
  local sender=$!
  timeout 120 grep -a -m 1 -Fx "{\"jsonrpc\":\"2.0\",\"id\":\"$2\",\"result\":{}}" <&9 >/dev/null ||
    fail "no answer to ping $2$(cat "$state/mcp.err")"
  wait "$sender"
  claims=$((claims + 1))
}

new_repo
as Ada
free_plan 3
repository_snapshot
serve
noise 1 2000 >"$state/warm"
noise 2 10000 >"$state/noise"
echo '{"jsonrpc":"2.0","id":"warm","method":"ping"}' >>"$state/warm"
echo '{"jsonrpc":"2.0","id":"done","method":"ping"}' >>"$state/noise"
flood "$state/warm" warm
before=$(resident)
flood "$state/noise" 'done'
after=$(resident)
echo "resident: $before KiB, then $after KiB" >"$out"
limit=4096
[[ ${GITPLAN_SANITIZE:-OFF} != ON ]] || limit=262144 # its allocator keeps what was freed aside
((after - before < limit)) || fail "grown from $before to $after KiB"
claims=$((claims + 1))
call parse_plan '{"branch": "plan/s1"}'
json .total_tasks 3

# Nor do good calls, or large messages, make it grow.
for ((i = 0; i < 300; i++)); do
  echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"next_wave","arguments":{}}}'
  echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"parse_plan","arguments":{"branch":"plan/s1"}}}'
  echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"parse_task","arguments":{"branch":"task/001-none"}}}'
done >"$state/good"
cp "$state/good" "$state/good.again"
{
  echo '{"jsonrpc":"2.0","id":"good","method":"ping"}'
} >>"$state/good"
{
  for _ in 1 2 3; do
    printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"parse_plan","arguments":{"branch":"'
    head -c 10000000 /dev/zero | tr '\0' x
    printf '"}}}\n'
  done
  echo '{"jsonrpc":"2.0","id":"again","method":"ping"}'
} >>"$state/good.again"
flood "$state/good" good
before=$(resident)
flood "$state/good.again" again
after=$(resident)
((after - before < limit)) || fail "grown from $before to $after KiB"
claims=$((claims + 1))
hang_up
same_repository
