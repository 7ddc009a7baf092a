#!/bin/bash
# Branches that must not be merged as they are: with files where the slots stand, over a submodule's local work, set back.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada

not_merged() {
  same "$(count_tasks completed)" 0
  same "$(git rev-parse flow)" "$before"
}

# Files where other workers' worktrees stand would be written into them.
new_repo slots
independent_plan 2
git checkout -q flow
git wave start -q >"$out"
before=$(git rev-parse flow)
(
  cd .worktrees/worker-1
  mkdir -p .worktrees/worker-2
  echo stray >.worktrees/worker-2/stray
  git add -f .worktrees
  git commit -qm "Into the slot of another"
)
run git task done 001
exits 3
complains_like "^error: branch 'task/001-part-1' has files in '.worktrees', where the workers' worktrees stand; nothing was merged$"
not_merged
same "$(git -C .worktrees/worker-2 status --porcelain)" ''
git -C .worktrees/worker-1 rm -rq .worktrees
git -C .worktrees/worker-1 commit -qm "Not there"
work_in .worktrees/worker-1 1
run git task done 001
exits 0

# Set back to where it began, a branch has nothing to merge, and was never reverted.
git -C .worktrees/worker-2 reset -q --hard flow
before=$(git rev-parse flow)
run git task done 002
exits 3
complains_like "^error: branch 'task/002-part-2' has no commit of its own: 'flow' has all of it$"
same "$(git rev-parse flow)" "$before"
same "$(count_tasks completed)" 1

# A file in the place of a submodule deletes what stands in it: not where somebody works in there.
cd "$scratch"
new_repo library
cd "$scratch"
new_repo submodule
git -c protocol.file.allow=always submodule --quiet add "$scratch/library" library
git commit -qm "A library"
independent_plan 1
git checkout -q flow
git task start -q 001 >"$out"
before=$(git rev-parse flow)
(
  cd .worktrees/worker-1
  git rm -q library
  echo vendored >library
  git add library
  git commit -qm "A file instead"
)
for work in 'echo mine >>library/README.md' 'echo mine >library/notes.txt'; do
  eval "$work"
  run git task done 001
  exits 3
  complains_like "^error: in the way: 'library'$"
  not_merged
  git -C library checkout -q README.md
done
same "$(cat library/notes.txt)" mine
# Clean, too, it gives way to nothing: its commits may be nowhere else. Put aside as the hint says, it does.
rm library/notes.txt
run git task done 001
exits 3
aside=$(sed -n 's/^hint: to put them aside, run: //p' "$err")
expect test -n "$aside"
eval "$aside"
run git task done 001
exits 0
same "$(cat library)" vendored

# A tree that no checkout can hold, as a clone may bring one: nobody could start a task any more.
new_repo unusable
independent_plan 2
git task create 001 -q >/dev/null
branch=task/001-part-1
inner=$(printf '100644 blob %s\t.git\n' "$(git rev-parse main:README.md)" | git mktree)
tree=$({ git ls-tree "$branch" && printf '040000 tree %s\tsub\n' "$inner"; } | git mktree)
git update-ref "refs/heads/$branch" "$(git commit-tree "$tree" -p "$branch" -m Bad)"
flow=$(git rev-parse flow)
run git task "done" 001
exits 3
complains_like "^error: branch '$branch' has 'sub/.git', which no checkout can hold; nothing was merged$"
run git plan merge "$branch"
exits 3
same "$(git rev-parse flow)" "$flow"
# A tree that holds itself ten times, twelve levels deep: few objects, no end of paths.
tree=$(for i in {0..9}; do printf '100644 blob %s\t%s\n' "$(git rev-parse main:README.md)" "$i"; done | git mktree)
for _ in {2..12}; do tree=$(for i in {0..9}; do printf '040000 tree %s\t%s\n' "$tree" "$i"; done | git mktree); done
tree=$({ git ls-tree flow && printf '040000 tree %s\tbomb\n' "$tree"; } | git mktree)
git update-ref "refs/heads/$branch" "$(git commit-tree "$tree" -p "$branch^" -m Bomb)"
bomb_refused() {
  exits 3
  complains_like "^error: branch '$branch' has millions of new paths below 'bomb/.*', which no checkout can hold; nothing was merged$"
  same "$(git rev-parse flow)" "$flow"
}
run timeout 60 git task "done" 001
bomb_refused
run timeout 60 git plan merge "$branch"
bomb_refused

# A commit that only git can read, and a ref at something else, under a number of nobody's plan: they are nobody's.
commit=$(printf 'tree %s\nparent %s\nauthor T 1 +0000\ncommitter T 1 +0000\n\nm\n' "$(git rev-parse 'main^{tree}')" \
  "$(git rev-parse main)" | git hash-object -t commit -w --literally --stdin)
git update-ref refs/heads/task/009-theirs "$commit"
git rev-parse main:README.md >.git/refs/heads/task/010-blob
run git wave next
prints_like '^002 '
run git plan list
prints_like ' ready '
run git plan doctor
complains_nothing
