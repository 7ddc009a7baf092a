#!/bin/bash
# Work that git status does not show, in the slot's git folder, in its submodules, in folders called .git: found
# afterwards in a rescue ref, or in a slot that was moved aside.
source "$(dirname "$0")/lib.sh"
as Ada
git config --global protocol.file.allow always
new_repo
commit_file .gitignore "ignored/" "Ignore"
commit_file both "base" "Both"
git branch one
git branch two

rescues() { git for-each-ref --format='%(refname)' refs/git-plan/rescue; }
begin() { # BRANCH    a slot for what follows, of which nothing is kept yet
  rm -rf .worktrees/aside-*
  git worktree prune
  rescues | sed 's/^/delete /' | git update-ref --stdin
  git wave worker add 1 "$1" -q >/dev/null 2>&1
}
finds() { # TEXT    in a file of any object that a rescue ref leads to, in its message, or in a folder aside
  local ref object
  claims=$((claims + 1))
  for ref in $(rescues); do
    for object in $(git rev-list --objects "$ref" --not one two main | cut -d ' ' -f 1); do
      [[ $(git cat-file -t "$object") == tree ]] || ! git cat-file -p "$object" | grep -qF -- "$1" || return 0
    done
  done
  grep -rqF -- "$1" .worktrees/aside-* 2>/dev/null || fail "'$1' is nowhere"
}
conflict() { # in the slot: a merge in which two files conflict
  (
    cd .worktrees/worker-1
    echo mine >both && echo mine >README.md && git commit -q -a -m Mine
    git switch -q -c theirs HEAD~1
    echo theirs >both && echo theirs >README.md && git commit -q -a -m Theirs
    git switch -q one && expect_not git merge -q theirs >/dev/null 2>&1
  )
}
undo_conflict() { git update-ref refs/heads/one two && git update-ref -d refs/heads/theirs; }

# In the middle of a merge: a resolution that is only in the index, and the versions in conflict.
begin one && conflict
(cd .worktrees/worker-1 && echo "resolved so" >both && git add both && echo "another thought" >both)
run git wave worker remove 1
complains_like "^rescued uncommitted changes of"
finds "resolved so"
finds "another thought"
ref=$(for ref in $(rescues); do git log -1 --format="%s %H" "$ref"; done | sed -n 's/^Unsaved work of .* //p')
same "$(git show "$ref^2:both" "$ref^2:README.md~ours" "$ref^2:README.md~theirs" | xargs)" "resolved so mine theirs"
undo_conflict
begin one && conflict
(cd .worktrees/worker-1 && echo "resolved so" >both && git add both)
rm -rf .worktrees/worker-1
run git wave worker prune
complains_like "^rescued staged changes of"
finds "resolved so"

# A message that was begun for it.
undo_conflict
begin one && conflict
echo "why these two belong together" >.git/worktrees/worker-1/MERGE_MSG
run git wave worker add 1 two
complains_like "^rescued files of the git folder of '.worktrees/worker-1' to refs/git-plan/rescue/worker-1/"
finds "why these two belong together"
undo_conflict

# Patches that are still to be applied.
git checkout -q -b patches one
commit_file both "patched once" "Once" && commit_file both "patched twice" "Twice"
git format-patch --stdout one >"$scratch/tmp/series"
git checkout -q main && git branch -q -D patches
git reflog expire --expire=all --all && git gc -q --prune=now
begin one
(cd .worktrees/worker-1 && echo other >both && git commit -q -a -m Other && expect_not git am -q "$scratch/tmp/series" >/dev/null 2>&1)
run git wave worker remove 1
finds "patched twice"
git update-ref refs/heads/one two

# Commits that only FETCH_HEAD, or a name of one's own, leads to; and refs of the worktree at no commit.
git clone -q . "$scratch/clone"
(cd "$scratch/clone" && commit_file fetched "fetched content" "Fetched")
begin one
git -C .worktrees/worker-1 fetch -q "$scratch/clone" HEAD
run git wave worker remove 1
complains_like "^rescued commits that no branch has of"
finds "fetched content"
begin one
git -C .worktrees/worker-1 update-ref KEPT "$(git commit-tree -m "A commit of its own" "one^{tree}")"
run git wave worker remove 1
finds "A commit of its own"
begin one
(
  cd .worktrees/worker-1
  blob=$(echo "a blob of its own" | git hash-object -w --stdin)
  git update-ref refs/worktree/blob "$blob"
  git update-ref refs/worktree/tree "$(printf '100644 blob %s\tin-tree\n' "$(echo "in a tree" | git hash-object -w --stdin)" | git mktree)"
  git tag -a -m "a message of its own" noted && git update-ref refs/worktree/tag refs/tags/noted && git tag -d noted >/dev/null
)
run git wave worker remove 1
finds "a blob of its own"
finds "in a tree"
finds "a message of its own"
# What is fetched of branches that stay is no loss.
begin one
git -C .worktrees/worker-1 fetch -q . two
run git wave worker remove 1
complains_nothing
same "$(rescues)" ""

# Submodules, and clones that are ignored: commits that only a reflog has, files that git was told not to look at.
new_repo library
cd ../repo
git checkout -q two && git submodule --quiet add "$scratch/library" lib && git commit -q -m "Add the library" && git checkout -q main 2>/dev/null
rm -rf lib
for inner in lib ignored/clone; do
  for work in reflog mark staged; do
    begin two
    git -C .worktrees/worker-1 submodule --quiet update --init
    git clone -q "$scratch/library" .worktrees/worker-1/ignored/clone
    (
      cd ".worktrees/worker-1/$inner"
      case $work in
        reflog) git checkout -q --detach && commit_file inner "inner" "Inner" && git checkout -q origin/main ;;
        mark) git update-index --assume-unchanged README.md && echo "marked" >README.md ;;
        staged) echo "begun" >"$(git rev-parse --git-dir)/MERGE_MSG" ;;
      esac
    )
    run git wave worker remove 1
    complains_like "^moved '.worktrees/worker-1' aside to"
  done
done
expect test "$(cat .worktrees/aside-worker-1-1/ignored/clone/.git/MERGE_MSG)" = begun
begin two
git -C .worktrees/worker-1 submodule --quiet update --init
git clone -q "$scratch/library" .worktrees/worker-1/ignored/clone
run git wave worker remove 1
complains_nothing

# Folders called .git that are no repository; what is ignored goes with the rest, unless this git may only be too old for it.
begin one
mkdir -p .worktrees/worker-1/fixture/.git .worktrees/worker-1/ignored/package/.git
echo "a fixture" >.worktrees/worker-1/fixture/.git/config
echo "a fixture" >.worktrees/worker-1/ignored/package/.git/config
run git wave worker remove 1
complains_like "^moved '.worktrees/worker-1' aside to"
finds "a fixture"
begin one
mkdir -p .worktrees/worker-1/ignored/package/.git && echo "a fixture" >.worktrees/worker-1/ignored/package/.git/config
run git wave worker remove 1
complains_nothing
begin one
git init -q .worktrees/worker-1/ignored/new
(cd .worktrees/worker-1/ignored/new && git config core.repositoryFormatVersion 1 && git config extensions.fromTheFuture true)
run git wave worker remove 1
complains_like "^moved '.worktrees/worker-1' aside to"

# Names that differ in case alone, in a repository that came from a file system that does not tell them apart.
if [[ ! -e .GIT ]]; then
  git config core.ignoreCase true
  begin one
  echo "in capitals" >.worktrees/worker-1/BOTH
  run git wave worker remove 1
  finds "in capitals"
fi
if [[ ! -e .GIT ]]; then
  begin one
  mkdir .worktrees/worker-1/.GIT
  echo "in a folder of that name" >.worktrees/worker-1/.GIT/notes
  echo "in capitals, beside it" >.worktrees/worker-1/BOTH
  run git wave worker remove 1
  complains_like "^moved '.worktrees/worker-1' aside to"
  finds "in a folder of that name"
  finds "in capitals, beside it"
fi
