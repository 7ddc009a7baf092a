#!/bin/bash
# A task branch that cannot be read, whoever pushed it, is no task's: it stops no verb of any plan.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada
at 2025-01-02T03:04:05Z

new_repo
independent_plan 2
unreadable_tree() { # prints the id of a tree with an entry of a mode that cannot be
  { printf '77777777777777 x\0'; git rev-parse main^{tree} | sed 's/../\\x&/g' | xargs -0 printf; } |
    git hash-object -t tree -w --stdin --literally
}
commit_of() { git commit-tree -m x "$1"; }
in_folder() { printf '040000 tree %s\t%s\n' "$2" "$1" | git mktree; } # NAME TREE

broken=$(unreadable_tree)
missing=$(commit_of "$(git rev-parse main^{tree})")
git update-ref refs/heads/task/777-tree "$(commit_of "$broken")"
git update-ref refs/heads/task/778-metadata "$(commit_of "$(in_folder .plan "$broken")")"
git update-ref refs/heads/task/779-session "$(commit_of "$(in_folder .plan "$(in_folder s9 "$broken")")")"
git update-ref refs/heads/task/780-missing "$missing"
rm -f ".git/objects/${missing:0:2}/${missing:2}"

for verb in 'plan show' 'task list' 'plan log' 'plan approve' 'wave start' 'wave status' 'task done --allow-empty 001'; do
  # shellcheck disable=SC2086 # of several words
  run git $verb
  exits 0
done
run git task list
same "$(grep -c "cannot be read, and is no task's$" "$err")" 4
complains_like "^branch 'task/780-missing' cannot be read, and is no task's$"

# The doctor names each, and what it says helps.
run git plan doctor --json
exits 1
json '.problems | map(.code) | unique' '["branch_unreadable"]'
json '.problems | length' 4
for name in 777-tree 778-metadata 779-session 780-missing; do git update-ref -d refs/heads/task/$name; done
run git plan doctor
exits 0

# In flow, the folder of another session stops nobody either.
tip=$(git rev-parse flow)
folders=$({
  git ls-tree flow .plan/
  printf '040000 tree %s\t.plan/s9\n' "$broken"
} | sed 's,\.plan/,,' | git mktree)
tree=$({
  git ls-tree flow | grep -v "	.plan$"
  printf '040000 tree %s\t.plan\n' "$folders"
} | git mktree)
git update-ref refs/heads/flow "$(git commit-tree -p "$tip" -m x "$tree")"
for verb in 'plan show' 'task list' 'wave status'; do
  # shellcheck disable=SC2086 # of several words
  run git $verb
  exits 0
done
run git task list --json
json '.tasks[0].status' completed
