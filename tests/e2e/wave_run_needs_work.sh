#!/bin/bash
# Done needs work: a branch without a commit of its own is refused, by `git task done` and by runs; what is allowed
# to be empty is said.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# A worker that did nothing, or did it elsewhere: an attempt that failed, and the next one is told.
new_repo
plan_like <<'END'
001
002
END
cat >"$HOME/work" <<'END'
#!/bin/bash
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
[ "$GIT_TASK_ID.$GIT_TASK_ATTEMPT" != 001.1 ] || exit 0
[ "$GIT_TASK_ID" != 002 ] || { git merge -q --no-ff --no-edit flow 2>/dev/null; exit 0; }
git commit -q --allow-empty -m "Found that nothing is to be done"
END
chmod +x "$HOME/work"
run git wave run -j 1 --retries=1 --keep-going -- "$HOME/work"
exits 1
complains_like "^001  tried again: task '001': branch 'task/001-part-001' has no commit of its own; nothing was merged$"
prints <<'END'
002  failed: task '002': branch 'task/002-part-002' has no commit of its own; nothing was merged
1 of 2 tasks completed (v[..])
END
expect grep -q 'Attempt 2:.*has no commit of its own' "$HOME/prompt.001.2"
run git wave run -x true # the plan is as it was
exits 1
leaves_nothing worker-1

# Where that is what is wanted.
new_repo allowed
plan_like <<<001
run git wave run --allow-empty -x true
exits 0
merged_once 001
new_repo configured
plan_like <<<001
run git -c wave.allowEmpty=true wave run -x 'git task done -q'
exits 0
merged_once 001
leaves_nothing

# By hand. What was amended into the metadata commit is work; a merge of flow is none; an empty commit counts.
new_repo hand
plan_like <<'END'
001
002
003
004
END
git wave start -q -j 4 >/dev/null 2>&1
flow=$(git rev-parse flow)
run git -C .worktrees/worker-1 task done
exits 3
prints_nothing
complains "error: task '001': branch 'task/001-part-001' has no commit of its own; nothing was merged
hint: to merge it all the same, run: git task done 001 --allow-empty"
run git -C .worktrees/worker-1 task done --json
exits 3
json_error .error.code no_commits
same "$(git rev-parse flow)" "$flow"
(cd .worktrees/worker-2 && echo 2 >part-002.txt && git add . && git commit -q --amend --no-edit)
run git task done 002
prints_like '^002 merged into flow'
git -C .worktrees/worker-3 merge -q --no-ff --no-edit flow >/dev/null
run git task done 003
exits 3
git -C .worktrees/worker-3 commit -q --allow-empty -m 'Nothing to do'
run git task done 003
prints_like '^003 merged into flow'
run git task done 001 --allow-empty
prints_like '^001 merged into flow'
complains_unlike '^warning'

# After its merge: dirty is refused, late commits are ahead, are not put away, and are merged by the next one.
echo late >.worktrees/worker-2/late
run git task done 002
exits 3
complains_like "^error: '.worktrees/worker-2' has uncommitted changes; nothing was merged$"
(cd .worktrees/worker-2 && git add late && git commit -q -m Late)
run git wave status
prints_like '^worker-2 .*  \+1  Make part 002: Late'
run git task show 002 --json
json .commits_ahead 1
run git wave finish --json
json '.unmerged' '["002","004"]'
run git task done 002
prints_like '^002 merged into flow'
expect git cat-file -e flow:late

# A merge is taken back by the command that reset names: flow checked out nowhere, and here.
run git task reset 002
exits 3
hint=$(sed -n "s/^hint: to take its merge back and start it over, run: //p" "$err")
run bash -c "$hint"
expect_not git cat-file -e flow:late
run git task show 002 --json
json .status pending
run git worktree list
prints_unlike take-back
git worktree add -q ../flow flow
run git task reset 001
exits 3
hint=$(sed -n "s/^hint: to take its merge back and start it over, run: //p" "$err")
same "${hint%% revert *}" "git -C $scratch/flow"
# Of the empty merge, too: between the two commands the plan says so.
bash -c "${hint%% && *}" >/dev/null 2>&1
run git plan check
prints_like "^warning: line 9: task '001' is recorded completed, but 'flow' does not have it \(reverted\?\)"
run git task done 001
exits 3
complains_like '^hint: to start the task over, run: git task reset 001$'
run bash -c "${hint##* && }"
run git task show 001 --json
json .status pending
fsck_clean

# What the task was started from is nobody's work, also where flow was rewritten since, or its commits are dated before
# their parents.
begun_from_what_goes() { # NAME
  new_repo "$1"
  plan_like <<'END'
001
002
END
  git task start -q 001 >/dev/null
  (cd .worktrees/worker-1 && commit_file part-001.txt one One && git task done -q) >/dev/null
  git wave finish -q >/dev/null 2>&1
  git task start -q 002 >/dev/null
  commit_file more.txt more More
}
did_nothing() {
  run git task done 002
  exits 3
  complains_like "^error: task '002': branch 'task/002-part-002' has no commit of its own; nothing was merged$"
}
begun_from_what_goes rebased
git rebase -q main flow && git checkout -q main
did_nothing
git wave worker remove 1 -q >/dev/null
run git wave run -x true
exits 1
run git task show 002 --json
json .status failed
begun_from_what_goes set_back
git plan deliver --squash -q >/dev/null
git branch -q -f flow main
did_nothing
begun_from_what_goes dated
git checkout -q flow
for n in $(seq 12); do GIT_COMMITTER_DATE=1999-01-01T00:00:$((n + 10))Z git commit -q --allow-empty -m "Earlier $n"; done
git checkout -q main
did_nothing
(cd .worktrees/worker-1 && commit_file part-002.txt two Two)
run git task done 002
prints_like '^002 merged into flow'
