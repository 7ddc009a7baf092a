#!/bin/bash
# Agents by name: what the config may say, what a plan may ask for. A plan from a stranger runs nothing.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END_OF_PLAN'
001
002
END_OF_PLAN

# --- unknown ones: a warning of check, exit 3 of a run; nothing is run ---
git config wave.fast.command 'touch "$HOME/ran"; "$MAKE"'
git plan update -q --set 002.agent=fats >/dev/null
run git plan check
exits 0
prints_like "^warning: .*task '002': agent 'fats' is not defined; did you mean 'fast'\\?$"
run git wave run --agent=fast
exits 3
complains <<'END_OF_TEXT'
error: task '002' wants agent 'fats', which is not defined; did you mean 'fast'?
hint: to see those that there are, run: git wave agents
hint: to define it, run: git config wave.fats.command '<command>'
END_OF_TEXT
expect_not test -e "$HOME/ran"
run git wave run --agent=slow
exits 3
complains_like "^error: --agent names 'slow', which is not defined$"
run git wave run --agent=fast -x true
exits 129
run git wave run
exits 129
complains_like '^error: no command for the workers$'

# --- by hand, a name that is none: refused, and no shell ever sees it ---
git update-ref refs/heads/kept "$plan_ref"
text=$(plan_toml | sed 's/agent = "fats"/agent = "x; touch $HOME\/ran"/')
commit=$(printf '%s\n' "$text" | git hash-object -w --stdin | xargs -I{} printf '100644 blob {}\tplan.toml\n' | git mktree |
  xargs -I{} git commit-tree {} -p "$plan_ref" -m "By hand")
git update-ref "$plan_ref" "$commit"
run git plan check
exits 1
run git wave run --agent=fast
exits 3
complains_like "^error: task '002' wants agent 'x; touch \\\$HOME/ran', which is not defined"
expect_not test -e "$HOME/ran"
git update-ref "$plan_ref" kept
git plan update -q --set 002.agent=fast >/dev/null

# --- what the config cannot mean ---
git config wave.fast.fallback slow
run git wave run --agent=fast
exits 128
complains_like "^error: the fallback of agent 'fast' is 'slow', which has no command$"
git config wave.slow.command true
git config wave.slow.fallback fast
run git wave agents
exits 128
complains_like "^error: agents fast -> slow -> fast fall back to each other in a circle$"
git config --unset wave.slow.fallback
git config wave.slow.notNow 'a('
run git plan doctor
exits 1
prints_like "wave.slow.notNow.*bad pattern 'a\\('"
git config wave.slow.notNow 'a'
git config wave.slow.command 'no-such-program --x'
run git plan doctor
exits 1
prints_like "agent 'slow': its program 'no-such-program' is not found"
run git wave agents
exits 0
prints_like '^slow +idle +no-such-program \(not found\)'
run git wave run --max-load=x --agent=fast
exits 129
run git wave run --stall=x --agent=fast
exits 129

# --- retries and time-outs of its own; options go before ---
git config wave.fast.command 'echo "$GIT_TASK_ID" >>"$HOME/tries"; exit 1'
git config wave.fast.retries 2
git config wave.retries 0
git config --unset wave.fast.fallback
git plan update -q --cancel=001 >/dev/null
run git wave run --agent=fast
exits 1
same "$(wc -l <"$HOME/tries")" 3
git task reset -q 002
: >"$HOME/tries"
run git wave run --agent=fast --retries=0
exits 1
same "$(wc -l <"$HOME/tries")" 1
git task reset -q 002
git config wave.fast.command 'sleep 30'
git config wave.fast.timeout 1s
git config wave.fast.retries 0
run git wave run --agent=fast
exits 1
prints_like '^002  failed: timed out after 1 s$'

# --- over MCP ---
source "$lib_folder/lib_mcp.sh"
serve
call list_agents '{}'
json '[.agents[] | .name, .state]' '["fast","idle","slow","idle"]'
hang_up
