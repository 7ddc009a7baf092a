#!/bin/bash
# `task done` merges a branch: where the work stands elsewhere in the slot, or git is in the middle of something
# there, it says so, moves nothing, and names what to type.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# What the hint with number N says to run, run.
take_hint() { # [N]
  local line
  line=$(grep '^hint: ' "$err" | sed -n "${1:-1}s/^hint: .*, run: //p")
  expect bash -c "$line"
}
untouched() {
  exits 3
  prints_nothing
  same "$(git rev-parse flow plan/s1)" "$before"
}

new_repo
free_plan 9
git wave start -q -j 9 >/dev/null
s=$scratch/repo/.worktrees/worker
in_slot() { git -C "$s-$1" "${@:2}"; } # N WORDS…
before=$(git rev-parse flow plan/s1)

# A branch of the worker's own.
in_slot 1 checkout -q -b feature/login
work 1 one
run git task done 001
untouched
complains "error: '.worktrees/worker-1' has 'feature/login' checked out, not the task's branch 'task/001-task-1'; nothing was merged
hint: to bring the work over, run: git -C $s-1 checkout task/001-task-1 && git -C $s-1 merge feature/login"
take_hint
run git task done 001
expect git cat-file -e flow:one

# A detached HEAD, wherever it is.
before=$(git rev-parse flow plan/s1)
in_slot 2 checkout -q --detach
run git task done 002
untouched
work 2 two
run git task done 002
untouched
complains_like "^error: '.worktrees/worker-2' is not on the task's branch 'task/002-task-2': its HEAD is detached; nothing was merged$"
take_hint
run git task done 002
expect git cat-file -e flow:two

# flow itself, with commits of the worker's on top.
in_slot 3 checkout -q flow
work 3 three
before=$(git rev-parse flow plan/s1)
run git task done 003
untouched
take_hint
run git task done 003 # the work is in flow already
exits 3
run git task done 003 --allow-empty
expect git cat-file -e flow:three
expect git cat-file -e flow:.plan/s1/003-task-3.toml
before=$(git rev-parse flow plan/s1)

# A branch that is not there yet: what stands in the worktree stays.
in_slot 4 symbolic-ref HEAD refs/heads/nowhere
run git task done 004
untouched
complains_like "^error: '.worktrees/worker-4' has 'nowhere' checked out, not the task's branch"
take_hint
same "$(in_slot 4 status --porcelain --branch)" '## task/004-task-4'

# The task's branch renamed, within its id: it is still the task's.
in_slot 5 branch -q -m task/005-a-better-name
work 5 five
run git task done 005 --json
json .branch task/005-a-better-name
before=$(git rev-parse flow plan/s1)

# Renamed to something else, or deleted after another was made.
in_slot 6 branch -q -m my-own
work 6 six
run git task done 006
untouched
complains "error: the task's branch 'task/006-task-6' is gone, and '.worktrees/worker-6' has 'my-own' checked out; nothing was merged
hint: to make it from that, run: git -C $s-6 checkout -b task/006-task-6"
take_hint
run git task done 006
expect git cat-file -e flow:six
before=$(git rev-parse flow plan/s1)
work 7 seven
git update-ref -d refs/heads/task/007-task-7
run git task done 007
untouched
take_hint
run git task done 007
expect git cat-file -e flow:seven

# In the middle of something.
before=$(git rev-parse flow plan/s1)
work 8 eight wrong
(cd "$s-8" && GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' git rebase -q -i HEAD~1 2>/dev/null && echo right >eight && git commit -q -a --amend -m right)
run git task done 008
untouched
complains "error: '.worktrees/worker-8' is in the middle of a rebase; nothing was merged
hint: to go on, run: git -C $s-8 rebase --continue
hint: to give it up, run: git -C $s-8 rebase --abort"
take_hint
run git task done 008
same "$(git show flow:eight)" right
before=$(git rev-parse flow plan/s1)
work 9 nine
in_slot 9 merge -q --no-commit -s ours flow 2>/dev/null
run git task done 009
untouched
complains_like "^error: '.worktrees/worker-9' is in the middle of a merge; nothing was merged$"
take_hint 2
in_slot 9 bisect start -q HEAD HEAD~1 >/dev/null
run git task done 009
untouched
complains_like "^error: '.worktrees/worker-9' is in the middle of a bisect"
take_hint
run git task done 009
fsck_clean

# In a run it is an attempt that failed, with that reason.
new_repo runs
plan_like <<'END'
001
002
003
END
cat >"$HOME/work" <<'END'
#!/bin/sh
case $GIT_TASK_ID in
001) git checkout -q -b "mine-$GIT_TASK_ID" ;;
002) git checkout -q --detach ;;
003) git branch -q -m mine-003 ;;
esac
echo x >"x-$GIT_TASK_ID" && git add . && git commit -q -m x
END
chmod +x "$HOME/work"
run git wave run --keep-going -- "$HOME/work"
exits 1
prints_like "^001  failed: '.worktrees/worker-1' has 'mine-001' checked out, not the task's branch 'task/001-part-001'"
prints_like "^002  failed: '.worktrees/worker-2' is not on the task's branch 'task/002-part-002': its HEAD is detached"
prints_like "^003  failed: the task's branch 'task/003-part-003' is gone, and '.worktrees/worker-3' has 'mine-003' checked out"
prints_like '^0 of 3 tasks completed'
expect_not git cat-file -e flow:x-001
