#!/bin/bash
# Whoever writes in a slot while it is removed or replaced finds all of it afterwards: in a rescue ref, or in a
# folder that was moved aside.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_race.sh"
as Ada
new_repo
mkdir many
for ((i = 0; i < 1500; i++)); do echo "$i" >"many/$i"; done
git add many && git commit -q -m Many
git branch one && git branch two

# A number of files, one after the other; the last one that could be written stands in `last`.
write_by_path() { # FOLDER
  local i
  for ((i = 1; ; i++)); do
    echo "note $i" 2>/dev/null >"$1/note-$i.txt" || break
    echo "$i" >>"$scratch/last"
    sleep 0.005
  done
}
write_from_inside() { cd "$1" && write_by_path .; } # in a process of its own, to be killed
# All that was written stands in some rescue ref, or in a folder beside.
all_is_kept() { # COUNT
  {
    for ref in $(git for-each-ref --format='%(refname)' refs/git-plan/rescue); do
      git ls-tree --name-only "$ref"
    done
    find .worktrees -mindepth 2 -maxdepth 2 -printf '%f\n'
  } | sort -u >"$scratch/kept"
  { echo dirt.txt && seq -f 'note-%.0f.txt' "$1"; } | sort >"$scratch/written"
  same "$(comm -13 "$scratch/kept" "$scratch/written")" ""
}

for writer in write_by_path write_from_inside; do
  for command in "wave worker remove 1" "wave worker add 1 two"; do
    git wave worker add 1 one -q >/dev/null 2>&1
    echo dirt >.worktrees/worker-1/dirt.txt
    $writer "$PWD/.worktrees/worker-1" 2>/dev/null &
    wait_until test -s "$scratch/last"
    sleep 0.1
    # shellcheck disable=SC2086 # words
    run git $command
    exits 0
    # The writer that knows the path goes on in the slot's new content.
    sleep 0.1
    kill %% 2>/dev/null || true
    wait 2>/dev/null || true
    all_is_kept "$(tail -n 1 "$scratch/last")"
    rm -rf "$scratch/last" .worktrees/aside-*
    git wave worker remove 1 -q >/dev/null 2>&1 || true
    git for-each-ref --format='delete %(refname)' refs/git-plan/rescue | git update-ref --stdin
  done
done
fsck_clean
