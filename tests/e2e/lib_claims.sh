# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# What the last `run` showed. Each claim ends the story where it does not hold.
# Expected texts come from standard input (a here-document) or as one argument. In them "[..]" stands for
# anything within a line, and a line "..." for any number of lines.

exits() { # STATUS
  settled=yes
  claims=$((claims + 1))
  [[ $status == "$1" ]] || fail "exit $status, where $1 was expected"
}

# Refuses, with whatever status: but crashes, signals and missing programs are no refusal.
fails() {
  settled=yes
  claims=$((claims + 1))
  case $status in
    0) fail "exit 0, where a failure was expected" ;;
    86 | 126 | 127 | 13[0-9] | 14[0-9]) fail "exit $status is no orderly failure" ;;
  esac
}

prints() { claim_text prints "$out" "$@"; }
complains() { claim_text complains "$err" "$@"; }

prints_nothing() { claim_nothing stdout "$out"; }
complains_nothing() { claim_nothing stderr "$err"; }

prints_like() { claim_line stdout "$out" "$1"; }
complains_like() { claim_line stderr "$err" "$1"; }
prints_unlike() { claim_no_line stdout "$out" "$1"; }
complains_unlike() { claim_no_line stderr "$err" "$1"; }

# stdout is one JSON object with "schema" first, of which FILTER (jq's) is true, or prints EXPECTED
# (raw strings, compact values, one a line).
json() { # FILTER [EXPECTED]
  claim_json stdout "$out" "$@"
}

# The same of the error object that --json puts on stderr, after whatever narration there is.
json_error() { # FILTER [EXPECTED]
  sed -n '/^{/,$p' "$err" >"$state/json_error"
  claim_json stderr "$state/json_error" "$@"
}

# A claim about anything: that a command succeeds, or that it does not.
expect() { # COMMAND…
  claims=$((claims + 1))
  "$@" >"$state/expect" 2>&1 || {
    show_file "what it printed" "$state/expect" >&2
    fail "does not hold: ${*@Q}"
  }
}
expect_not() { # COMMAND…
  claims=$((claims + 1))
  ! "$@" >"$state/expect" 2>&1 || {
    show_file "what it printed" "$state/expect" >&2
    fail "holds, but should not: ${*@Q}"
  }
}

# Two words are the same.
same() { # ACTUAL EXPECTED
  claims=$((claims + 1))
  [[ $1 == "$2" ]] || fail "'$1', where '$2' was expected"
}

# --- how -----------------------------------------------------------------------------------------

claim_text() { # WORD FILE [EXPECTED]
  claims=$((claims + 1))
  if (($# > 2)); then
    printf '%s\n' "$3" >"$state/expected"
  else
    cat >"$state/expected"
    [[ -s $state/expected ]] || fail "$1 what? Say ${1}_nothing where nothing is expected"
  fi
  text_matches "$state/expected" "$2" || {
    diff -u --label expected --label actual "$state/expected" "$2" >&2 || true
    fail "$1 something else"
  }
}

claim_nothing() { # STREAM FILE
  claims=$((claims + 1))
  [[ ! -s $2 ]] || fail "$1 is not empty"
}

claim_line() { # STREAM FILE ERE
  claims=$((claims + 1))
  grep -Eq -e "$3" "$2" || fail "no line of $1 is like: $3"
}

claim_no_line() { # STREAM FILE ERE
  claims=$((claims + 1))
  local grep_status=0
  grep -Eq -e "$3" "$2" || grep_status=$?
  ((grep_status == 1)) || fail "a line of $1 is like: $3"
}

claim_json() { # STREAM FILE FILTER [EXPECTED]
  claims=$((claims + 1))
  jq -se 'length == 1 and (.[0] | type == "object" and keys_unsorted[0] == "schema" and .schema == 1)' \
    "$2" >/dev/null 2>&1 || fail "$1 is not one JSON object that begins with \"schema\": 1"
  if (($# == 3)); then
    jq -e "[$3] | length > 0 and all" "$2" >/dev/null || fail "not true of the JSON on $1: $3"
  else
    jq -rc "$3" "$2" >"$state/actual" || fail "not a jq filter: $3"
    printf '%s\n' "$4" >"$state/expected"
    cmp -s "$state/expected" "$state/actual" || {
      diff -u --label expected --label actual "$state/expected" "$state/actual" >&2 || true
      fail "the JSON on $1 has another $3"
    }
  fi
}

text_matches() { # EXPECTED-FILE ACTUAL-FILE
  if ! grep -Fq -e '[..]' "$1" && ! grep -Fxq -e '...' "$1"; then
    cmp -s "$1" "$2"
    return
  fi
  local patterns lines
  # Everything that a glob would read is escaped, then "[..]" becomes "*".
  mapfile -t patterns < <(sed -e 's/[][\\*?]/\\&/g' -e 's/\\\[\.\.\\\]/*/g' "$1")
  mapfile -t lines <"$2"
  lines_match
}

# Whether `lines` match `patterns` (of the caller); a "..." takes as few lines as it can, and then more.
# shellcheck disable=SC2053 # patterns they are
lines_match() {
  local p=0 l=0 resume_p=-1 resume_l=0
  while ((l < ${#lines[@]})); do
    if ((p < ${#patterns[@]})) && [[ ${patterns[p]} == '...' ]]; then
      p=$((p + 1)) resume_p=$p resume_l=$l
    elif ((p < ${#patterns[@]})) && [[ ${lines[l]} == ${patterns[p]} ]]; then
      p=$((p + 1)) l=$((l + 1))
    elif ((resume_p >= 0)); then
      resume_l=$((resume_l + 1)) p=$resume_p l=$resume_l
    else
      return 1
    fi
  done
  while ((p < ${#patterns[@]})) && [[ ${patterns[p]} == '...' ]]; do
    p=$((p + 1))
  done
  ((p == ${#patterns[@]}))
}
