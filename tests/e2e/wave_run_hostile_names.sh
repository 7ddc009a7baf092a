#!/bin/bash
# The name of a branch that a stranger made reaches no shell: where it is no plain word, it stands for nothing.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END'
001
002
END
run git plan init
session=$(git plan list --json | jq -r '.plans[0].session_id')
# shellcheck disable=SC2016 # for a shell that is deceived
branch='task/001-$(touch${IFS}$HOME${PWN})'
mkdir -p "$scratch/made/.plan/$session"
printf 'format = 1\nid = "001"\nbranch = "%s"\ndescription = "d"\n' "$branch" >"$scratch/made/.plan/$session/001-x.toml"
tree=$(GIT_INDEX_FILE=$scratch/index sh -c 'git --work-tree="$1" add -A . && git write-tree' _ "$scratch/made")
git update-ref "refs/heads/$branch" "$(git commit-tree -p flow -m Made "$tree")"
export PWN=/pwned

# shellcheck disable=SC2089,SC2090 # what stands behind the bar is one argument
for command in "sh -c|echo 'works on {branch}' && \"\$MAKE\"" 'env sh -c|echo {branch}; "$MAKE"' '/bin/bash -c|: "{branch}"; "$MAKE"'; do
  # shellcheck disable=SC2086 # words they are
  run git wave run --retries=0 --keep-going --allow-overlap -- ${command%%|*} "${command#*|}"
  exits 1
  complains_like '^001  failed: .* may not stand for \{branch\} in the command: a shell could run it; use "\$GIT_TASK_BRANCH" there'
  expect_not test -e "$HOME/pwned"
  leaves_nothing
done
merged_once 002
# The environment has it, and nothing else goes wrong with such a name.
# shellcheck disable=SC2016 # for the worker's shell
run git wave run -- sh -c 'test "$(git symbolic-ref --short HEAD)" = "$GIT_TASK_BRANCH" && "$MAKE"'
exits 0
expect_not test -e "$HOME/pwned"
