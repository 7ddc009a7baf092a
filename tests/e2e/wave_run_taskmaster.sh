#!/bin/bash
# timeout: 240
# The plan of 93 tasks, unattended: each is merged exactly once, beside workers that fail at first.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
git plan import -q --from=taskmaster --no-subtasks "$lib_folder/../data/taskmaster-shape.json" >/dev/null 2>&1
count=$(git task list --json | jq '.tasks | length')
mapfile -t open < <(git task list --json | jq -r '.tasks[] | select(.status == "pending").id')
expect test "${#open[@]}" -ge 10
expect test "$count" -ge 90
dirty_checkout
cat >"$HOME/work" <<'END'
#!/bin/sh
case $GIT_TASK_ATTEMPT$GIT_TASK_ID in
  1*7) exit 1 ;;
  1*3) echo left >left.txt && exit 0 ;;
  2*3) rm left.txt ;;
esac
"$MAKE"
END
chmod +x "$HOME/work"
run git wave run -j 3 --retries=1 --allow-overlap -- "$HOME/work"
exits 0
expect_not git wave next --exit-code # but for what was cancelled before, all is completed
same "$(count_tasks pending)$(count_tasks failed)$(count_tasks in_progress)" 000
merged_once "${open[@]}"
same "$(git log --merges --format=%H flow | wc -l)" "${#open[@]}"
same_checkout
leaves_nothing
