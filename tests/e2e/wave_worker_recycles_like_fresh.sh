#!/bin/bash
# `worker add` on an occupied slot: whatever stood in it, it ends as a fresh worktree would be, and nothing is lost.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-02T03:04:05Z
new_repo
commit_file .gitignore "*.o" "Ignore objects"
commit_file run.sh "echo" "Add a script"
commit_file docs/a.md "a" "Add a document"
git branch one
git checkout -q -b two
commit_file only-two "two" "Two"
git checkout -q main
contents() { # N
  (cd "$(slot "$1")" && find . -path ./.git -prune -o -printf '%y %m %p -> %l\n' | sort && git ls-files --stage -v)
}
admin() { git -C "$(slot "$1")" rev-parse --absolute-git-dir; }

run git wave worker add 1 two --json # what fresh looks like
json '.worker, .worktree_path, .branch' '1
.worktrees/worker-1
two'
fresh=$(contents 1)
git wave worker remove 1 -q >/dev/null

like_fresh() { # N
  same "$(contents "$1")" "$fresh"
  same "$(git -C "$(slot "$1")" status --porcelain --ignored)" ""
  same "$(git -C "$(slot "$1")" branch --show-current)" two
  local left
  for left in MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG BISECT_START rebase-merge rebase-apply sequencer \
    MERGE_MSG index.lock; do
    expect_not test -e "$(admin "$1")/$left"
  done
  same "$(git -C "$(slot "$1")" for-each-ref refs/bisect refs/worktree)" ""
}

occupied() { # N: on branch one, with something to conflict
  git checkout -q --detach && git branch -qf one main && git checkout -q main
  git wave worker add "$1" one -q >/dev/null
  cd "$(slot "$1")"
}
replace() { # N
  cd "$scratch/repo"
  run git wave worker add "$1" two
  like_fresh "$1"
  git wave worker remove "$1" -q >/dev/null
}

occupied 1 # in the middle of a merge
git checkout -q -b a && commit_file docs/a.md "aaa" "a" && git checkout -q one && commit_file docs/a.md "bbb" "b"
expect_not git merge -q a
replace 1
complains_like "^rescued uncommitted changes of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"

occupied 1 # of a rebase
commit_file docs/a.md "ccc" "c"
expect_not git rebase -q a
replace 1
git branch -qD a

occupied 1 # of a cherry-pick
commit_file docs/a.md "ddd" "d"
expect_not git cherry-pick two~1 two
replace 1

occupied 1 # of a bisection
git bisect start -q HEAD HEAD~2 >/dev/null
replace 1

occupied 1 # ignored files, changed modes and types, files marked
echo obj >x.o && chmod +x docs/a.md && chmod 600 run.sh && rm README.md && ln -s run.sh README.md
git update-index --assume-unchanged docs/a.md && git update-index --skip-worktree run.sh
replace 1

occupied 1 # a sparse checkout
git sparse-checkout set docs 2>/dev/null
expect_not test -e run.sh -a -e only-two
replace 1

occupied 1 # a folder that cannot be written, a file where the branch has a folder, spaces and newlines
rm -r docs && echo file >docs && mkdir -p closed/in && touch closed/in/x "a b" $'new\nline' -- -n && chmod 500 closed
replace 1

# Where the user wants them kept, ignored files stay.
git config wave.keepIgnored true
occupied 1
echo obj >x.o && echo junk >junk
cd "$scratch/repo"
run git wave worker add 1 two
expect test -f .worktrees/worker-1/x.o
expect_not test -e .worktrees/worker-1/junk
fsck_clean
