#!/bin/bash
# A repository in the checkout of flow, whatever its own state is, gives way to no checkout of ours: it is in the way,
# and the command that is hinted at renames it, with all that it has.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
git config --global protocol.file.allow always
new_repo library

# `place` holds a repository, and flow, which is checked out, knows it as a submodule.
begin() { # NAME HOW PLACE
  new_repo "$1"
  mkdir -p "$(dirname "$3")" && echo beside >"$(dirname "$3")/beside"
  case $2 in
    embedded) git clone -q "$scratch/library" "$3" && git add . 2>/dev/null ;;
    submodule) git submodule --quiet add "$scratch/library" "$3" && git add . ;;
    empty) git clone -q "$scratch/library" "$3" && git add . 2>/dev/null && rm -rf "$3" && mkdir "$3" ;;
  esac
  git commit -q -m "A repository"
  git checkout -q -b flow
  free_plan 1
  git task start 001 -q >/dev/null
}
becomes_file() { # PATH SUBMODULE
  (
    cd .worktrees/worker-1
    git rm -q -r --cached "$1" && rm -rf "$1"
    git config -f .gitmodules --remove-section "submodule.$2" 2>/dev/null || true
    echo theirs >"$1" && git add -A . && git commit -q -m Work
  )
}
goes_on() { # VERB PATH ASIDE
  run "${@:4}"
  exits 3
  complains_like "in the way: '$1'$"
  expect test -d "$1"
  command=$(sed -n 's/^hint: to put them aside, run: //p' "$err")
  (cd / && bash -c "$command" >"$state/hinted" 2>&1) || fail "'$command': $(cat "$state/hinted")"
  run "${@:4}"
  same "$(cat "$2")" theirs
  expect test -d "$3"
}
work_in() { # REPOSITORY    that leaves it clean
  (
    cd "$1"
    git checkout -q -b own && commit_file own own "Own" && git checkout -q -
    echo stashed >README.md && git stash -q
  )
}
has_it_all() { # REPOSITORY
  same "$(git -C "$1" log -1 --format=%s own)" Own
  same "$(git -C "$1" show 'stash@{0}:README.md')" stashed
}

for how in embedded submodule; do
  begin "$how" $how sub
  work_in sub
  becomes_file sub sub
  goes_on sub sub sub.aside git task done 001
  has_it_all sub.aside
  begin "$how-below" $how folder/sub
  work_in folder/sub
  becomes_file folder folder/sub
  goes_on folder/sub folder folder.aside/sub git task done 001
  has_it_all folder.aside/sub
done

# Not looked at by its own settings, or nothing but files in the place of one.
begin hidden submodule sub
git config --global status.showUntrackedFiles no
echo mine >sub/mine
git -C sub update-index --assume-unchanged README.md && echo mine >sub/README.md
becomes_file sub sub
goes_on sub sub sub.aside git task done 001
same "$(cat sub.aside/mine sub.aside/README.md)" $'mine\nmine'
git config --global --unset status.showUntrackedFiles
begin files empty sub
echo mine >sub/mine
becomes_file sub sub
goes_on sub sub sub.aside git task done 001
same "$(cat sub.aside/mine)" mine

# One without files is left to nobody.
begin nothing empty sub
becomes_file sub sub
run git task done 001
same "$(cat sub)" theirs

# A bare one, ignored or not, where a file comes to stand.
for ignored in '' /remotes/; do
  begin "bare${ignored:+-ignored}" embedded sub
  echo "$ignored" >>.git/info/exclude
  (cd .worktrees/worker-1 && echo theirs >remotes && git add -f remotes && git commit -q -m Work)
  mkdir remotes && git init -q --bare remotes/one.git
  git push -q remotes/one.git main:pushed
  git -C remotes/one.git pack-refs --all --prune
  goes_on remotes/one.git remotes remotes.aside/one.git git task done 001
  same "$(git -C remotes.aside/one.git log -1 --format=%s pushed)" "$(git log -1 --format=%s main)"
done

# What is delivered to the base branch.
begin delivered embedded sub
work_in sub
becomes_file sub sub
git checkout -q --detach && git task done 001 -q >/dev/null
git checkout -q main
goes_on sub sub sub.aside git plan deliver --into=main
has_it_all sub.aside
