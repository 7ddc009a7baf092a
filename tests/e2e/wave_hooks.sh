#!/bin/bash
# Hooks of a slot's life: with the worktree as current folder, and the variables that say whose it is.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 2
hook() { # NAME, its text on stdin
  { echo '#!/bin/sh' && cat; } >".git/hooks/$1"
  chmod +x ".git/hooks/$1"
}
for name in wave-post-create wave-pre-remove wave-post-remove; do
  hook "$name" <<'END'
echo "$(basename "$0") $GIT_WAVE_WORKER $GIT_TASK_ID $GIT_TASK_BRANCH $GIT_PLAN_SESSION $GIT_PLAN_BRANCH" >>"$HOME/log"
echo "$GIT_WAVE_WORKTREE $PWD" >>"$HOME/folders"
echo "said by $(basename "$0")"
END
done
run git task start 001
prints_like '^001 '
prints_unlike 'said by'
complains_like '^said by wave-post-create$'
run git wave worker remove 1
prints "Removed worktree at .worktrees/worker-1"
same "$(cat "$HOME/log")" "wave-post-create 1 001 task/001-task-1 s1 plan/s1
wave-pre-remove 1 001 task/001-task-1 s1 plan/s1
wave-post-remove 1 001 task/001-task-1 s1 plan/s1"
same "$(head -2 "$HOME/folders")" "$PWD/.worktrees/worker-1 $PWD/.worktrees/worker-1
$PWD/.worktrees/worker-1 $PWD/.worktrees/worker-1"

# A failing wave-post-create leaves the task unstarted and says so.
hook wave-post-create <<<'echo half >made; exit 3'
run git task start 002
exits 3
prints_nothing
complains_like "^error: the wave-post-create hook failed with exit status 3; '.worktrees/worker-1' was removed again$"
complains_like "no-hooks"
expect_not test -e .worktrees/worker-1
expect_not git rev-parse -q --verify task/002-task-2
run git task show 002 --json
json .status pending
run git wave start
exits 3
run git task start 001 # its branch is from before: it stays
exits 3
expect git rev-parse -q --verify task/001-task-1
run git task start 002 --no-hooks
prints "002  task/002-task-2  .worktrees/worker-1"

# A failing wave-pre-remove stops; a failing wave-post-remove is too late to.
hook wave-pre-remove <<<'exit 4'
hook wave-post-remove <<<'exit 5'
run git wave worker remove 1
exits 3
complains_like "^error: the wave-pre-remove hook failed with exit status 4; '.worktrees/worker-1' stays$"
run git task reset 002
exits 3
work 1 a
# What is merged by then stays merged, and is told so.
run git task done 002 --remove-worktree --json
exits 0
json '.success, (.merge_commit | type), has("removed_worktree"), .warnings[0].code' 'true
string
false
not_removed'
complains_like "^warning: the wave-pre-remove hook failed with exit status 4; '.worktrees/worker-1' stays$"
run git wave finish
exits 3
expect test -d .worktrees/worker-1
expect git rev-parse -q --verify task/002-task-2
run git wave finish --no-hooks
expect_not test -e .worktrees/worker-1

# A hook is in the slot's checkout, and may make another.
hook wave-pre-remove <<<'git clone -q . "$HOME/clone" && git -C "$HOME/clone" log >/dev/null && git rev-parse --show-toplevel >"$HOME/top"'
hook wave-post-remove <<<'true'
git wave worker add 3 task/001-task-1 --no-hooks -q >/dev/null
run git wave worker remove 3
same "$(cat "$HOME/top")" "$PWD/.worktrees/worker-3"
rm .git/hooks/wave-pre-remove .git/hooks/wave-post-remove

# core.hooksPath counts.
mkdir "$scratch/hooks" && cp .git/hooks/wave-post-create "$scratch/hooks/" && rm .git/hooks/wave-*
git config core.hooksPath "$scratch/hooks"
run git task start 001
exits 3
git config --unset core.hooksPath
run git task start 001

# A hook that is called by git leaves nothing of its environment behind: `task done` from a post-commit hook.
hook post-commit <<<'[ -n "$GIT_INDEX_FILE" ] && git task done >"$HOME/done" 2>&1; echo "$?" >>"$HOME/done"'
checkout_snapshot .
(cd .worktrees/worker-1 && echo b >b && git add b && GIT_DIR=$(git rev-parse --absolute-git-dir) git commit -q -m "Add b")
same_checkout
same "$(tail -1 "$HOME/done")" 0
expect git cat-file -e flow:b
same "$(git -C .worktrees/worker-1 status --porcelain)" ""

# Nor does the author of the commit that it is called for.
free_plan 1 s2
hook post-commit <<<'[ "$GIT_TASK_ID" ] || git wave run --plan=s2 -q -x "echo c >c && git add c && git commit -q -m c"'
echo more >>README.md
git commit -q --author='Someone Else <else@example.com>' --date=2001-01-01T00:00:00Z -m mine README.md >/dev/null 2>&1
same "$(git log -1 --format=%an)" 'Someone Else'
expect git cat-file -e flow:c
same "$(git log --format=%an flow plan/s2 | sort -u)" Ada
