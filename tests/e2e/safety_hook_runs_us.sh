#!/bin/bash
# A hook that runs one of these commands while the one that git runs it for holds a lock: it is told so at once, and
# nobody waits for ever.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada

hook() { # NAME COMMAND…    that runs it once, with what it said and ended with in $HOME/said
  cat >".git/hooks/$1" <<END
#!/bin/sh
[ ! -e "\$HOME/said" ] || exit 0
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
${*:2} >"\$HOME/said" 2>&1
echo "exit \$?" >>"\$HOME/said"
END
  chmod +x ".git/hooks/$1"
  rm -f "$HOME/said"
}
is_told() {
  expect grep -q "^error: cannot take the lock '.*': process [0-9]* holds it, and waits for this command, which one of its hooks runs$" "$HOME/said"
  same "$(tail -n 1 "$HOME/said")" 'exit 5'
}

# After each landing in the checkout of flow.
new_repo
free_plan 3
git task start 001 -q >/dev/null
work 1 one
git checkout -q flow
hook post-merge git plan deliver --into=main
run timeout 20 git task done 001
exits 0
is_told
expect git cat-file -e flow:one
git wave finish -q >/dev/null
git task start 002 -q >/dev/null
work 1 two
hook wave-pre-remove git wave finish
run timeout 20 git task done 002 --remove-worktree
exits 0
expect test -s "$HOME/said"

# One that holds none of the locks that are needed does what it says.
hook post-merge git task list
git task start 003 -q >/dev/null
work 1 three
run timeout 20 git task done 003
exits 0
same "$(tail -n 1 "$HOME/said")" 'exit 0'
fsck_clean
