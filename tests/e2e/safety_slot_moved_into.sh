#!/bin/bash
# A folder that is moved into a slot keeps the times of its files. It is found afterwards all the same, when the slot was just
# filled, emptied, or left by a kill; and so is what an editor saves while the files of another branch are written.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_race.sh"
as Ada
new_repo
commit_file .gitattributes "*.slow filter=slow" "A filter"
commit_file x.slow "one" "Something for it"
commit_file .gitignore "*.o" "Ignore what is built"
git branch one
git branch keep
git checkout -q -b two && commit_file x.slow "and two" "Another branch" && git checkout -q main

# The filter stops until it is told to go on, or ends the command that it works for.
cat >"$scratch/tmp/filter" <<END
#!/bin/sh
if [ -e "$scratch/stop-\$1" ]; then
  rm "$scratch/stop-\$1" && touch "$scratch/stopped"
  while [ ! -e "$scratch/go" ]; do sleep 0.01; done
  rm "$scratch/go"
fi
exec cat
END
chmod +x "$scratch/tmp/filter"
git config filter.slow.smudge "$scratch/tmp/filter smudge"
git config filter.slow.clean "$scratch/tmp/filter clean"

old_folder() { # NAME    a folder with a file, made before anything that follows
  mkdir "$scratch/$1" && echo "$1" >"$scratch/$1/file"
  sleep 0.05
}
kept() { # PATH CONTENT    in a rescue ref, or a folder moved aside
  local ref
  for ref in $(git for-each-ref --format='%(refname)' refs/git-plan/rescue); do
    if [[ $(git show "$ref:$1" 2>/dev/null) == "$2" ]]; then return; fi
  done
  grep -qFx -- "$2" .worktrees/aside-worker-1-*/"$1" || fail "'$1' with '$2' is nowhere"
}
start() { # FILTER COMMAND…    until the filter stops
  rm -f "$scratch/stopped" && touch "$scratch/stop-$1"
  setsid "${@:2}" >"$scratch/tmp/said" 2>&1 &
  command_pid=$!
  wait_until test -e "$scratch/stopped"
}
go_on() { touch "$scratch/go" && wait "$command_pid"; }
kill_it() { kill -KILL -- -"$command_pid" && { wait "$command_pid" 2>/dev/null || true; }; }
slot_is() { # BRANCH
  same "$(git -C .worktrees/worker-1 branch --show-current)" "$1"
  same "$(git -C .worktrees/worker-1 status --porcelain --ignored)" ""
}

# Killed while the files of another branch are written: replaced, and removed.
for command in "worker add 1 two" "worker remove 1"; do
  name=after-${command:7:3}
  git wave worker add 1 one -q >/dev/null
  old_folder "$name"
  start smudge git wave worker add 1 two
  kill_it
  mv "$scratch/$name" .worktrees/worker-1/
  # shellcheck disable=SC2086 # words
  run git wave $command
  kept "$name/file" "$name"
done
git wave worker add 1 two -q >/dev/null
slot_is two

# Work that was saved before the kill is not saved again.
git wave worker add 1 one -q >/dev/null
git for-each-ref --format='delete %(refname)' refs/git-plan/rescue | git update-ref --stdin
echo "work" >.worktrees/worker-1/work
start smudge git wave worker add 1 two
kill_it
run git wave worker add 1 two
complains_unlike rescued
slot_is two
kept work work

# While the files are written.
git wave worker add 1 one -q >/dev/null
old_folder moved-in
start smudge git wave worker add 1 two
mv "$scratch/moved-in" .worktrees/worker-1/
echo "saved" >.worktrees/worker-1/notes.txt
go_on
kept moved-in/file moved-in
kept notes.txt saved
slot_is two

# The same where ignored files are kept: they are nobody's to save, and stay.
git config wave.keepIgnored true
git wave worker add 1 one -q >/dev/null
mkdir .worktrees/worker-1/deep
echo "built" >.worktrees/worker-1/x.o && echo "old" >.worktrees/worker-1/deep/old
start smudge git wave worker add 1 two
echo "saved later" >.worktrees/worker-1/notes.txt
go_on
kept deep/old old
kept notes.txt "saved later"
git wave worker add 1 one -q >/dev/null
echo "built" >.worktrees/worker-1/x.o && mkdir .worktrees/worker-1/deep && echo "old" >.worktrees/worker-1/deep/old
run git wave worker add 1 keep
same "$(git -C .worktrees/worker-1 status --porcelain --ignored)" "!! x.o"
expect_not test -e .worktrees/worker-1/deep
git config --unset wave.keepIgnored

# While what it holds is saved: from a shell that stands in it.
git wave worker add 1 one -q >/dev/null
old_folder while-saved
echo "changed, and longer" >.worktrees/worker-1/x.slow
exec {slot}<.worktrees/worker-1
start clean git wave worker remove 1
mv "$scratch/while-saved" "/proc/self/fd/$slot/"
go_on
exec {slot}<&-
kept while-saved/file while-saved
kept x.slow "changed, and longer"
expect_not test -e .worktrees/worker-1
fsck_clean
