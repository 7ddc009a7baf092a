# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# Talking to `git plan mcp` as an agent does; after lib.sh. The result of the last `call` stands where that of a `run`
# would: an answer on stdout, a refusal on stderr, with exit 0 or 1.
#     serve
#     call create_plan_branch '{"user_request": "Add it", "tasks": []}'
#     json .plan_version v1
#     call create_worktree '{"worker_id": 1, "task_branch": "task/009-none"}'
#     refuses not_found

mcp_id=0
reply=$state/reply

# Starts a server here, and shakes hands.
serve() { # [OPTION…]
  settle
  mkfifo "$state/mcp.in" "$state/mcp.out"
  git plan mcp "$@" <"$state/mcp.in" >"$state/mcp.out" 2>>"$state/mcp.err" &
  mcp_pid=$!
  exec 8>"$state/mcp.in" 9<"$state/mcp.out"
  rm "$state/mcp.in" "$state/mcp.out"
  ask initialize '{"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "story", "version": "1"}}'
  replies .result.serverInfo.name git
  send '{"jsonrpc": "2.0", "method": "notifications/initialized"}'
}

# The client goes; the server ends with exit 0.
hang_up() {
  local end_status=0
  exec 8>&-
  wait "$mcp_pid" || end_status=$?
  exec 9<&-
  claims=$((claims + 1))
  [[ $end_status == 0 ]] || fail "the server ended with exit $end_status"
}

send() { # LINE
  printf '%s\n' "$1" >&8
}

receive() {
  IFS= read -r -t $((60 * ${GITPLAN_PATIENCE:-1})) -u 9 mcp_line ||
    fail "the server does not answer$(sed 's/^/; it says: /' "$state/mcp.err")"
  printf '%s\n' "$mcp_line" >"$reply"
}

# One request, and its reply.
ask() { # METHOD [PARAMS]
  mcp_id=$((mcp_id + 1))
  send "{\"jsonrpc\": \"2.0\", \"id\": $mcp_id, \"method\": \"$1\", \"params\": $(tr '\n' ' ' <<<"${2:-{\}}")}"
  receive
  jq -e --argjson id "$mcp_id" '.jsonrpc == "2.0" and .id == $id' "$reply" >/dev/null ||
    fail "no reply to $1: $(head -c 2000 "$reply")"
}

# What the last reply has, by a jq filter.
replies() { # FILTER EXPECTED
  claims=$((claims + 1))
  local actual
  actual=$(jq -rc "$1" "$reply")
  [[ $actual == "$2" ]] || fail "$1 of the reply is '$actual', where '$2' was expected: $(head -c 2000 "$reply")"
}

# Calls a tool. The text says what the structured content says.
call() { # TOOL [ARGUMENTS]
  settle
  ran=(call "$@")
  ran_at=$(story_line)
  ran_in=$PWD
  settled=no
  : >"$out"
  : >"$err"
  ask tools/call "{\"name\": \"$1\", \"arguments\": ${2:-{\}}}"
  if jq -e .error "$reply" >/dev/null; then
    status=129
    jq -c .error "$reply" >"$err"
    return
  fi
  claims=$((claims + 1))
  jq -e '.result | .structuredContent as $object | .content[0]
    | .type == "text" and (.text | fromjson) == (if .text[0:1] == "[" then $object.provides else $object end)' \
    "$reply" >/dev/null || fail "text and structured content differ: $(head -c 2000 "$reply")"
  if jq -e .result.isError "$reply" >/dev/null; then
    status=1
    jq -c .result.structuredContent "$reply" >"$err"
  else
    status=0
    jq -c .result.structuredContent "$reply" >"$out"
  fi
}

# The last call was refused, with this code.
refuses() { # CODE [MESSAGE-ERE]
  exits 1
  json_error .error.code "$1"
  (($# < 2)) || claim_line 'the refusal' <(jq -r '.error | .message, .hint // ""' "$err") "$2"
}

# The last call broke the tool's schema.
bad_params() { # MESSAGE-ERE
  exits 129
  same "$(jq .code "$err")" -32602
  claim_line 'the error' "$err" "$1"
}
