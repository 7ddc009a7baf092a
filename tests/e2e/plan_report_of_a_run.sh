#!/bin/bash
# What a report tells of a run: why an attempt failed that another one followed, and what failed workers said last.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END'
001
002
003
END
git task cancel -q 003 >/dev/null
cat >"$HOME/work" <<'END'
#!/bin/sh
case $GIT_TASK_ID.$GIT_TASK_ATTEMPT in
  001.1) echo "<b>no space</b>" >&2; exit 4 ;;
  002.*) seq -f 'line %g' 30; echo 'no such table' >&2; exit 3 ;;
esac
"$MAKE"
END
chmod +x "$HOME/work"
run git wave run --retries=1 --keep-going -j 1 -- "$HOME/work"
exits 1

run git plan report --json
json '[.failures[] | select(.outcome != "cancelled") | [.task, .outcome, .attempts, .last_output[-1], (.last_output | length)]] | sort' \
  '[["001","retried",2,"<b>no space</b>",1],["002","failed",2,"no such table",20]]'
json '.failures[] | select(.task == "001") | .reason | contains("exit status 4")'
json '[.completed_tasks, .failed_tasks, .cancelled_tasks]' '[1,1,1]'
run git plan report
prints_like '^  001  .*tried again: .*exit status 4; then completed \(attempt 2\)$'
prints_like '^  002, the last it said:$'
prints_like '^    no such table$'
run git plan report --format=markdown
prints_like '^- \*\*001\*\* tried again: .*exit status 4'
prints_like '^  > no such table  $'
run git plan report --format=html
prints_like '<pre class="log">&lt;b&gt;no space&lt;/b&gt;</pre>'
prints_like '<b>1</b><span>cancelled</span>'

# A failure that was started over shows no log: it is another attempt's by now.
git task reset -q 002 >/dev/null 2>&1
run git plan report --json
json '[.failures[] | select(.task == "002") | has("last_output")] | any' false

# Each verification counts, the first too.
new_repo verified
plan_like <<'END'
001
002 001
END
run git wave run --verify=true --json=lines -x '"$MAKE"'
verified=$(grep -c '"event":"verified"' "$out")
run git plan report --json
json .verifications.count "$verified"
