#!/bin/bash
# wave.worktreeDir: elsewhere in the repository, outside of it, absolute; never the repository itself.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

story() { # NAME FOLDER PATH-OF-SLOT-1 PATH-AS-SHOWN
  new_repo "$1"
  git config wave.worktreeDir "$2"
  free_plan 1
  mkdir -p sub && cd sub
  run git wave start --json
  same "$(jq -r '.started[0].absolute_path' "$out")" "$3"
  json '.started[0].worktree_path' "$4"
  expect grep -qF "1. cd $3 (" <(jq -r '.started[0].prompt' "$out")
  expect test "$3" -ef "../$4" -o "$3" -ef "$4"
  expect test -f "$3/README.md"
  expect test -z "$(git status --porcelain)"
  (cd "$3" && commit_file a a a && git task done -q >/dev/null)
  run git wave finish
  expect_not test -e "$3"
  cd ..
  expect test -z "$(git status --porcelain)"
}
story inside slots "$scratch/inside/slots/worker-1" slots/worker-1
story deeper ./build//slots/ "$scratch/deeper/build/slots/worker-1" build/slots/worker-1
story beside ../beside-slots "$scratch/beside-slots/worker-1" ../beside-slots/worker-1
expect_not grep beside-slots .git/info/exclude # the same name inside is somebody else's
story absolute "$scratch/far/away" "$scratch/far/away/worker-1" "$scratch/far/away/worker-1"
story of_home \~/slots "$HOME/slots/worker-1" "$HOME/slots/worker-1"

new_repo refused
free_plan 1
for bad in . .. / "" .git "$scratch/refused"; do
  run git -c wave.worktreeDir="$bad" wave start
  exits 128
  prints_nothing
  complains_like "wave.worktreeDir"
done
run git -c wave.worktreeDir=mine wave start
prints_like 'mine/worker-1$'

# A name means itself, whatever git makes of its characters elsewhere.
for name in '[wt]' 'w*' 'w?t' 'w\t' $'w\nt' '#wt' '!wt' ' wt '; do
  new_repo "named-$RANDOM"
  git config wave.worktreeDir "$name"
  free_plan 1
  git task start -q 001 >/dev/null
  git wave status >/dev/null
  git task prompt 001 >/dev/null
  expect test -d "$name/worker-1"
  same "$(git status --porcelain)" ''
  same "$(grep -c '^/.*w.*t\?.*/$' .git/info/exclude)" 1
  mkdir webapp wxt && echo x | tee webapp/index >wxt/index
  [[ $name == $'w\nt' ]] || same "$(git status --porcelain)" '?? webapp/
?? wxt/'
done
