#!/bin/bash
# A branch that has another task's branch in it: that task is done with it if it has work of its own and nobody is at
# it any more; else it goes on, and is done when its own worker says so.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
at 2025-01-02T03:04:05Z

# Five at once, and 006 after 001. Everybody merges 001, which has nothing yet.
new_repo
plan_like <<'END'
001
002
003
004
005
END
git task add -q "Use part 001" --after=001 >/dev/null
git wave start -q -j 5 >/dev/null
slot_of() { echo ".worktrees/worker-$1"; }
write() { (cd "$(slot_of "$1")" && commit_file "$2" "By $1" "Write $2"); } # WORKER PATH
take() { git -C "$(slot_of "$1")" merge -q --no-edit "task/$2-part-$2"; }  # WORKER ID
status_of() { git task show "$1" --json | jq -r .status; }
kept="'flow' keeps its own$"

take 2 001
write 2 two
run git task done 002
complains_like "^warning: task '002': branch 'task/002-part-002' added '.plan/session-[0-9-]*/001-part-001.toml'; $kept"
same "$(status_of 002)" completed
same "$(status_of 001)" in_progress
run git wave next --json
json '[.tasks[].id] | index("006")' null

# Its own worker has still done nothing, says so, and then works.
run git -C "$(slot_of 1)" task done
exits 3
complains_like "^error: task '001': branch 'task/001-part-001' has no commit of its own; nothing was merged$"
same "$(status_of 001)" in_progress
write 1 one
# While it works, its work may come, but it is not done by that.
take 3 001
write 3 three
run git task done 003
complains_unlike '^warning'
expect git cat-file -e flow:one
same "$(status_of 001)" in_progress
run git -C "$(slot_of 1)" task done
prints_like '^001 '
same "$(status_of 001)" completed
expect git merge-base --is-ancestor task/001-part-001 flow
run git wave next --json
json '[.tasks[].id] | index("006") != null' true

# Work that was left by its worker, in no slot: it is done with the one that took it.
write 4 four
git wave worker remove 4 -q >/dev/null
take 5 004
write 5 five
run git task done 005
complains_unlike '^warning'
same "$(status_of 004)" completed
leftover=$(git wave status --json | jq '[.workers[] | select(.task == "004")] | length')
same "$leftover" 0
# Its merge is reverted, as ever.
git worktree add -q ../flow flow
git -C ../flow revert --no-edit -m 1 HEAD >/dev/null
run git task done 004
exits 3
complains_like "was merged into 'flow' before, and reverted there$"
git worktree remove ../flow

# One that was given up stays so; one without a commit is as it was.
new_repo given-up
plan_like <<'END'
001
002
003
END
git wave start -q -j 3 >/dev/null
write 1 one
git task cancel 001 -q >/dev/null
git wave worker remove 1 -q >/dev/null
git wave worker remove 2 -q >/dev/null
take 3 001
take 3 002
write 3 three
run git task done 003
complains_like "^warning: task '003': branch 'task/003-part-003' added '.*/001-part-001.toml', added '.*/002-part-002.toml'; $kept"
same "$(status_of 001)" cancelled
same "$(status_of 002)" in_progress
run git task done 002
exits 3
run git task done 002 --allow-empty
same "$(status_of 002)" completed

# A run: the worker of 001 fails, 002 had taken its branch.
new_repo run
plan_like <<'END'
001
002
003 001
END
cat >"$HOME/work" <<'END'
#!/bin/bash
case $GIT_TASK_ID in
  001)
    for ((i = 0; i < 600; i++)); do
      [[ $(git show flow:two 2>/dev/null) == "" ]] || exit 1
      sleep 0.1
    done
    ;;
  002)
    until git rev-parse -q --verify task/001-part-001 >/dev/null; do sleep 0.1; done
    git merge -q --no-edit task/001-part-001
    echo two >two && git add two && git commit -q -m Two
    ;;
  *) exec "$MAKE" ;;
esac
END
chmod +x "$HOME/work"
run git wave run -j 3 --keep-going -- "$HOME/work"
exits 1
same "$(status_of 001) $(status_of 002) $(status_of 003)" 'failed completed pending'
fsck_clean
