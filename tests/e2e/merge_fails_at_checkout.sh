#!/bin/bash
# What git could not check out does not land: no task could start any more. A start that fails leaves nothing behind.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada
at 2025-01-02T03:04:05Z

grow_branch() { # BRANCH MODE CONTENT NAME: a commit more, with that entry
  local tree
  tree=$({
    git ls-tree "$1"
    printf '%s blob %s\t%s\n' "$2" "$(printf %s "$3" | git hash-object -w --stdin)" "$4"
  } | git mktree)
  git update-ref "refs/heads/$1" "$(git commit-tree -p "$1" -m "More" "$tree")"
}
refused() { # what was just run
  exits 3
  same "$(git rev-parse flow)" "$flow"
}

# Names that are too long, by a task and by hand.
new_repo long
independent_plan 2
git task create 001 -q >/dev/null
flow=$(git rev-parse flow)
long=$(printf 'n%.0s' {1..300})
grow_branch task/001-part-1 100644 x "$long"
run git task "done" 001
refused
complains_like "has 'n*', which no checkout can hold; nothing was merged$"
git branch by-hand main
grow_branch by-hand 100644 x "$long"
run git plan merge by-hand
refused

# A filter that must succeed, and fails for one file.
new_repo filter
git config filter.pick.smudge 'sh -c "read -r x; case \$x in bad*) echo cannot pick >&2; exit 1;; esac; printf %s \"\$x\""'
git config filter.pick.clean cat
independent_plan 2
git branch -q good main
grow_branch good 100644 '*.bin filter=pick' .gitattributes
grow_branch good 100644 fine a.bin
git branch -q bad good
grow_branch bad 100644 'bad one' b.bin
git config filter.pick.required true
run git plan merge good
exits 0
flow=$(git rev-parse flow)
run git plan merge bad
refused
complains_like "^error: branch 'bad' has files that git cannot check out; nothing was merged$"
complains_like '^error: git: cannot pick$'
same "$(find .git/git-plan -maxdepth 1 -name 'tmp-*')" ''
# One that may fail is no obstacle.
git config filter.pick.required false
run git plan merge bad
exits 0
# It came to flow all the same, as by git: the start fails, each time without a trace.
git config filter.pick.required true
for _ in 1 2; do
  run git task start 001
  exits 128
done
same "$(git for-each-ref refs/git-plan/rescue)" ''
same "$(git worktree list | wc -l)" 1
git config filter.pick.required false
run git task start 001
exits 0

# A tree that git takes into no checkout.
new_repo entry
independent_plan 2
inner=$(printf '100644 blob %s\t.git\n' "$(git rev-parse main:README.md)" | git mktree)
tree=$({ git ls-tree flow && printf '040000 tree %s\tsub\n' "$inner"; } | git mktree)
git update-ref refs/heads/flow "$(git commit-tree "$tree" -p flow -m Bad)"
for _ in 1 2; do
  run git task start 001
  exits 128
done
same "$(git for-each-ref refs/git-plan/rescue)" ''
same "$(git worktree list | wc -l)" 1
