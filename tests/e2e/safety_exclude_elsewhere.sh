#!/bin/bash
# Where somebody keeps .git/info/exclude elsewhere, git's reading of it counts, nothing is written there, and the
# slots are out of `git status` all the same.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# A start, and nothing of it is seen.
slots_are_unseen() {
  run git task start 001
  complains_unlike '^(error|fatal|warning)'
  same "$(git status --short)" ""
  git add -A
  same "$(git status --short)" ""
  run git plan doctor
}

# A link to a file that does not say it, and stays as it is.
new_repo linked
printf 'mine' >"$scratch/shared"
ln -sf "$scratch/shared" .git/info/exclude
free_plan 1
slots_are_unseen
expect test -L .git/info/exclude
same "$(cat "$scratch/shared")" mine
same "$(cat .worktrees/.gitignore)" '*'
# Still so once nothing is in a slot, and a .gitignore that is there is somebody's.
run git wave worker remove 1
echo '!*' >.worktrees/.gitignore
git task start 001 -q >/dev/null
same "$(cat .worktrees/.gitignore)" '!*'
run git plan doctor
exits 1
prints_like "'.worktrees' is not excluded"
bash -c "$(sed -n 's/.*run: //p' "$out")"
run git plan doctor
same "$(git status --short)" ""

# A link to a file that says it: git reads through it, and so is nothing more needed.
new_repo says_it
printf '/.worktrees/\n' >"$scratch/shared"
ln -sf "$scratch/shared" .git/info/exclude
free_plan 1
slots_are_unseen
expect_not test -e .worktrees/.gitignore
same "$(cat "$scratch/shared")" '/.worktrees/'

# A link to nowhere: nothing appears there.
new_repo dangling
ln -sf "$scratch/nowhere" .git/info/exclude
free_plan 1
slots_are_unseen
expect test -L .git/info/exclude
expect_not test -e "$scratch/nowhere"

# The folder is a link, to a folder or to nowhere.
for target in there missing; do
  new_repo "info_$target"
  rm -r .git/info
  [[ $target == missing ]] || mkdir -p "$scratch/$target"
  ln -s "$scratch/$target" .git/info
  free_plan 1
  slots_are_unseen
  expect test -L .git/info
  expect_not test -e "$scratch/$target/exclude"
done

# A link to itself stops no verb.
new_repo loop
ln -sf exclude .git/info/exclude
free_plan 1
run git task start 001
expect test -L .git/info/exclude

# None at all: made, as ever.
new_repo none
rm -r .git/info
free_plan 1
slots_are_unseen
same "$(cat .git/info/exclude)" '/.worktrees/'
