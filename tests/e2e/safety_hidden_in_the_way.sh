#!/bin/bash
# What git hides, and a stash leaves, is in the way of a checkout that follows its branch: the command that is hinted
# at puts it aside, whole, and the same command goes on.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# A task that lands on flow, which is checked out here: `a` is changed, `n`, `d/x` and `[n]*` are new.
begin() { # NAME
  new_repo "$1"
  printf 'base\n' >a && mkdir -p k && echo k >k/k && git add . && git commit -q -m "Add a"
  git checkout -q -b flow
  free_plan 1
  git task start 001 -q >/dev/null
  (
    cd .worktrees/worker-1
    echo "theirs" >>a && echo "theirs" >n && mkdir d && echo "theirs" >d/x && echo "theirs" >'[n]*'
    git add -f . && git commit -q -m Work
  )
}
# Somewhere in the work tree or a stash is what was written, byte for byte.
is_kept() { # CONTENT
  local file
  while read -r -d '' file; do
    if cmp -s "$file" <(printf '%s' "$1"); then return; fi
  done < <(find . -path ./.git -prune -o -path ./.worktrees -prune -o -type f -print0)
  for file in a n d/x '[n]*' build/o 'd'; do
    for tree in 'stash@{0}' 'stash@{0}^3'; do
      if cmp -s <(git show "$tree:$file" 2>/dev/null) <(printf '%s' "$1"); then return; fi
    done
  done
  fail "'$1' is lost"
}
goes_on() { # PATH CONTENT
  run git task done 001
  exits 3
  is_kept "$2"
  complains_like "in the way: '$1'$"
  command=$(sed -n 's/^hint: to put them aside, run: //p' "$err")
  (cd / && bash -c "$command" >"$state/hinted" 2>&1) || fail "'$command': $(cat "$state/hinted")"
  is_kept "$2"
  run git task done 001
  same "$(git show flow:n)" theirs
  is_kept "$2"
  same "$(cat n)" theirs
  same "$(git diff --name-only)" ""
}

for mark in skip-worktree assume-unchanged; do
  begin "$mark"
  git update-index "--$mark" a
  echo mine >a
  goes_on a "mine
"
done

# Both marks at once.
begin both
git update-index --skip-worktree a
git update-index --assume-unchanged a
echo mine >a
goes_on a "mine
"

# What a stash leaves, beside what it takes.
begin beside
git init -q n && echo "in a repository" >n/z
echo '/d/' >>.git/info/exclude
mkdir d && echo "an ignored file" >d/x
echo "an edit" >a
goes_on n "in a repository
"
is_kept "an ignored file
"
is_kept "an edit
"

# Intended to be added: in the way, or only somewhere.
begin intended
echo mine >n
git add -N n
goes_on n "mine
"
begin intended_elsewhere
echo mine >a
echo later >later
git add -N later
goes_on a "mine
"
is_kept "later
"

# A repository where a file, or a folder, comes to stand.
begin nested
git init -q n && (cd n && echo y >y && git add y && git commit -q -m Y && echo "not committed" >z)
goes_on n "not committed
"
same "$(git -C n.aside log -1 --format=%s)" Y
begin nested_around
git init -q d && echo "in a repository" >d/x
goes_on d/x "in a repository
"
begin nested_below
mkdir -p n/m && git init -q n/m && echo "deep" >n/m/z
goes_on n/m "deep
"

# Names that are patterns.
begin pattern
echo mine >'[n]*'
echo '\[n\]\*' >.git/info/exclude
goes_on '\[n\]\*' "mine
"

# What git would not store as it is.
begin line_ends
git config core.safecrlf true
printf '* text\n' >.git/info/attributes
printf 'base\r\nmixed\n' >a
goes_on a $'base\r\nmixed\n'

# What git does not see at all.
begin pipe
mkfifo n
echo "and this" >a
goes_on n $'and this\n'
expect test -p n.aside
