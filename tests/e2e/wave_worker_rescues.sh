#!/bin/bash
# Replacing or removing a slot loses nothing: work goes to refs under refs/git-plan/rescue, and stderr says so.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-02T03:04:05Z
new_repo
commit_file .gitignore "*.o" "Ignore objects"
git branch one
git branch two
rescued() { git for-each-ref --format='%(refname)' refs/git-plan/rescue; }
drop() { rescued | xargs -r -n 1 git update-ref -d; }

# Tracked, staged and untracked files, but not ignored ones.
git wave worker add 1 one -q >/dev/null
(
  cd .worktrees/worker-1
  echo staged >staged && git add staged && echo "and more" >>staged
  echo changed >README.md && mkdir deep && echo new >deep/new && echo obj >x.o
)
run git wave worker remove 1
prints "Removed worktree at .worktrees/worker-1"
complains_like "^rescued uncommitted changes of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"
ref=$(rescued)
same "$(git ls-tree -r --name-only "$ref" | xargs)" ".gitignore README.md deep/new staged"
same "$(git show "$ref:staged" | xargs)" "staged and more"
same "$(git show "$ref^2:staged")" "staged"
same "$(git rev-parse "$ref^1")" "$(git rev-parse one)"
expect_not test -e .worktrees/worker-1
drop

# A change as long as what it replaces, made in the same moment as the checkout.
git wave worker add 1 one -q >/dev/null
tr '[:lower:]' '[:upper:]' <README.md >.worktrees/worker-1/README.md
touch -r .git/worktrees/worker-1/index .worktrees/worker-1/README.md
git wave worker remove 1 -q >/dev/null
same "$(git show "$(rescued):README.md")" "$(tr '[:lower:]' '[:upper:]' <README.md)"
drop

# Files that git was told not to look at, and those outside of a sparse checkout.
for mark in assume-unchanged skip-worktree; do
  git wave worker add 1 one -q >/dev/null
  (cd .worktrees/worker-1 && git update-index "--$mark" README.md .gitignore && echo "$mark" >README.md)
  run git wave worker add 1 two
  complains_like "^rescued uncommitted changes of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"
  same "$(git show "$(rescued):README.md")" "$mark"
  same "$(git diff --name-only one "$(rescued)")" "README.md"
  drop
  (cd .worktrees/worker-1 && git update-index "--$mark" README.md)
  run git wave worker remove 1
  complains_nothing
done
git wave worker add 1 one -q >/dev/null
(
  cd .worktrees/worker-1
  git sparse-checkout set --no-cone /.gitignore
  echo outside >README.md && echo outside >new
)
run git wave worker remove 1
same "$(git show "$(rescued):README.md" "$(rescued):new" | xargs)" "outside outside"
drop
git config --unset core.sparseCheckout || true
git config --unset extensions.worktreeConfig || true

# What a rebase has put aside.
git wave worker add 1 one -q >/dev/null
(
  cd .worktrees/worker-1
  git checkout -q --detach
  commit_file both "mine" "Mine" && git checkout -q -b other one && commit_file both "theirs" "Theirs"
  echo "put aside" >README.md
  ! git rebase -q --autostash "HEAD@{2}" 2>"$scratch/tmp/rebase"
)
git wave worker remove 1 -q >/dev/null
for ref in $(rescued); do git show "$ref:README.md" || true; done >"$scratch/tmp/saved" 2>/dev/null
expect grep -q "put aside" "$scratch/tmp/saved"
git branch -q -D other
drop

# Nothing to save, nothing said.
git wave worker add 1 one -q >/dev/null
run git wave worker add 1 two
complains_nothing
same "$(rescued)" ""

# Changes that git was told not to look for.
git wave worker add 1 one -q >/dev/null
(
  cd .worktrees/worker-1
  echo "mine" >README.md && git update-index --skip-worktree README.md
  echo "*.obj" >.gitignore && git update-index --assume-unchanged .gitignore
  same "$(git status --porcelain)" ""
)
run git wave worker add 1 two
complains_like "^rescued uncommitted changes of"
same "$(git show "$(rescued):README.md")" mine
same "$(git show "$(rescued):.gitignore")" "*.obj"
drop
git -C .worktrees/worker-1 update-index --assume-unchanged README.md
run git wave worker remove 1
complains_nothing

# In a sparse checkout, what stands outside of it; what does not stand there is not lost for that.
git checkout -q -b wide && commit_file out/file "out" "Outside" && commit_file in/file "in" "Inside" && git checkout -q -
git sparse-checkout set --cone in
git wave worker add 1 wide -q >/dev/null
(cd .worktrees/worker-1 && expect_not test -e out/file && mkdir -p out && echo "new" >out/new)
run git wave worker remove 1
same "$(git ls-tree -r --name-only "$(rescued)" | xargs)" ".gitignore README.md in/file out/file out/new"
drop
git sparse-checkout disable

# What --autostash put aside, and what a merge under way is of.
git wave worker add 1 one -q >/dev/null
(
  cd .worktrees/worker-1
  commit_file README.md "one" "One's" && echo "put aside" >.gitignore
  git checkout -q -b side wide && commit_file README.md "side" "Side's" && git checkout -q one
  expect_not git rebase -q --autostash side && git checkout -q HEAD README.md
  git update-ref refs/worktree/mine "$(git commit-tree -m "Only here" -p side "side^{tree}")"
  git update-ref refs/worktree/blob side:README.md
)
run git wave worker remove 1
same "$(for ref in $(rescued); do git log -1 --format=%s "$ref"; done | sort)" "Files of the git folder of .worktrees/worker-1
On one: autostash
Only here"
same "$(git show "$(git for-each-ref --format='%(refname)' --contains one refs/git-plan/rescue | head -1):.gitignore")" "put aside"
drop
git wave worker add 1 two -q >/dev/null

# Commits on a detached HEAD, and one that was left behind.
(
  cd .worktrees/worker-1
  git checkout -q --detach
  commit_file first "first" "Left behind" && git checkout -q two && git checkout -q --detach
  commit_file second "second" "Still there"
)
run git wave worker add 1 two
complains_like "^rescued commits that no branch has of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"
same "$(for ref in $(rescued); do git log -1 --format=%s "$ref"; done | sort)" "Left behind
Still there"
drop

# A detached commit of a slot whose folder is gone.
(cd .worktrees/worker-1 && git checkout -q --detach && commit_file third "third" "Only its HEAD has it")
rm -r .worktrees/worker-1
run git wave worker remove 1
complains_like "^rescued commits that no branch has of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"
same "$(git log -1 --format=%s "$(rescued)")" "Only its HEAD has it"
drop
git wave worker add 1 two -q >/dev/null
(cd .worktrees/worker-1 && git checkout -q --detach && commit_file third "third" "Pruned")
rm -r .worktrees/worker-1
run git wave worker prune
prints "removed .worktrees/worker-1"
complains_like "^rescued commits that no branch has"
same "$(git log -1 --format=%s "$(rescued)")" "Pruned"
drop
git wave worker add 1 two -q >/dev/null
(cd .worktrees/worker-1 && git checkout -q --detach && commit_file third "third" "Replaced")
rm -r .worktrees/worker-1
run git wave worker add 1 one
complains_like "^rescued commits that no branch has"
same "$(git log -1 --format=%s "$(rescued)")" "Replaced"

# Old rescue refs go only when asked, and their tips are printed.
tip=$(git rev-parse "$(rescued)")
run git wave worker prune
prints_nothing
run git wave worker prune --expire=2.weeks
prints_nothing
at 2025-02-02T03:04:05Z
run git wave worker prune --expire=2.weeks
prints "dropped refs/git-plan/rescue/worker-1/[..] (was $tip)"
same "$(rescued)" ""
run git wave worker prune --expire=soon
exits 129
prints_nothing

run git wave worker remove 7
exits 2
complains_like "^error: no worker 7$"
fsck_clean
