#!/bin/bash
# The recipes of wave-agents(7), each with a script that prints what such an agent prints at its limit.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
page=$lib_folder/../../man/wave-agents.adoc
at 2025-03-04T12:00:00Z
mkdir "$HOME/bin"
PATH=$HOME/bin:$PATH

# The agent is parked until UNTIL when it ends with STATUS after it printed the lines on standard input.
limit() { # AGENT STATUS UNTIL
  cat >"$HOME/said"
  new_repo "recipe-$((recipes += 1))"
  plan_like <<<001
  grep -E "^git config (--add )?wave[.]$1[.](command|notNow|maxParallel) " "$page" >"$state/recipe"
  expect grep -q "command" "$state/recipe"
  # shellcheck disable=SC1091
  source "$state/recipe"
  for program in claude codex gemini ask-model; do
    printf '#!/bin/sh\ncat >/dev/null\ncat "$HOME/said"\nexit %s\n' "$2" >"$HOME/bin/$program"
    chmod +x "$HOME/bin/$program"
  done
  rm -f "$state/spawn.0.out"
  spawn git-wave run --json=lines --agent="$1"
  is_parked() { grep -q '"event":"parked"' "$state/spawn.0.out"; }
  wait_until is_parked
  kill -INT $!
  all_exit 130
  same "$(jq -r 'select(.event == "parked") | "\(.agent) \(.until)"' "$state/spawn.0.out")" "$1 $3"
}
recipes=0

limit claude 1 2025-03-04T17:10:00Z <<<"You've hit your session limit · resets 5:10pm (Europe/Paris)"
limit claude 1 2025-03-04T15:00:00Z <<<"Claude usage limit reached. Your limit will reset at 3pm (America/Bogota)."
limit claude 1 2025-03-04T13:00:00Z <<<"Claude AI usage limit reached|$(date -d 2025-03-04T13:00:00Z +%s)"
limit claude 1 2025-03-04T12:01:00Z <<<"You've hit your weekly limit"
limit codex 1 2025-03-04T15:12:00Z <<<"You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 3 hours 12 minutes."
limit codex 1 2025-03-05T12:00:00Z <<<"You've hit your usage limit. Upgrade to Pro (https://openai.com/chatgpt/pricing) or try again in 2 days 17 hours 14 minutes."
limit codex 1 2025-03-04T15:04:00Z <<<"You've hit your usage limit. To get more access now, send a request to your admin or try again at 3:04 PM."
limit gemini 1 2025-03-04T12:01:00Z <<'END_OF_OUTPUT'
[API Error: [{
    "error": {
      "code": 429,
      "message": "Quota exceeded for quota metric 'Requests' and limit 'Requests per day per user per tier'",
      "status": "RESOURCE_EXHAUSTED"
    }
  }
]]
END_OF_OUTPUT
limit local 7 2025-03-04T12:02:00Z <<<"503 busy"

# What fails otherwise fails.
new_repo otherwise
plan_like <<<001
grep -E "^git config wave[.]claude[.](command|notNow) " "$page" >"$state/recipe"
# shellcheck disable=SC1091
source "$state/recipe"
echo "Error: no such model" >"$HOME/said"
run git wave run --agent=claude
exits 1
prints_like '^001  failed: '
