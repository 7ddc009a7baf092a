#!/bin/bash
# What the user may not read in a slot is never deleted: nobody can say what it is. The slot stays, and the refusal
# names the folder and the way in.
if [ "$(id -u)" = 0 ]; then # whom nothing is closed to
  exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" "$@"
fi
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada
new_repo
commit_file .gitignore "cache/" "Ignore the cache"
commit_file data/table "one" "Data"
git branch other
independent_plan 1
git task start 001 -q >/dev/null
work_in .worktrees/worker-1 1
slot=$PWD/.worktrees/worker-1

# Untracked, ignored, and tracked with a change that git status cannot see; closed, or without the right to enter.
for folder in new cache/deep data; do
  for mode in 000 400 300; do
    mkdir -p "$slot/$folder"
    echo "precious" >"$slot/$folder/table"
    chmod $mode "$slot/$folder"
    for command in "wave worker remove 1" "wave worker add 1 other" "task reset 001" "wave finish -f 001"; do
      # shellcheck disable=SC2086 # words
      run git $command
      exits 3
      complains_like "cannot read '.worktrees/worker-1/$folder': Permission denied"
      complains_like "^hint: to be let in again, run: chmod -R u\+rwX $slot/$folder$"
    done
    same "$(git -C "$slot" branch --show-current)" task/001-part-1
    chmod -R u+rwX "$slot/$folder"
    same "$(cat "$slot/$folder/table")" precious
    rm -r "${slot:?}/$folder"
    git -C "$slot" checkout -q -- data
  done
done

# A folder that can be read, but not written to, as some build tools leave them, holds nobody up.
mkdir "$slot/cache" && echo "built" >"$slot/cache/file" && chmod 500 "$slot/cache"
run git wave worker remove 1
complains_nothing
expect_not test -e "$slot"
