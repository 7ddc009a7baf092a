#!/bin/bash
# Plans are pushed and fetched as branches; in a clone the hint says how to take one up.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

git init -q --bare hub.git
new_repo
git remote add origin ../hub.git
git push -q origin main
free_plan 2
git task start 001 -q >/dev/null
# A bare pattern matches nothing; what the pages show does.
git push -q origin 'plan/*' flow 2>/dev/null || true
same "$(git -C ../hub.git for-each-ref refs/heads/plan)" ''
git push -q origin 'refs/heads/plan/*' 'refs/heads/task/*' flow
same "$(git -C ../hub.git for-each-ref --format='%(refname)' refs/heads | tr '\n' ' ')" \
  "refs/heads/flow refs/heads/main refs/heads/plan/s1 refs/heads/task/001-task-1 "

git clone -q ../hub.git ../clone 2>/dev/null
cd ../clone
for words in 'plan show' 'wave next' 'task list'; do
  # shellcheck disable=SC2086
  run git $words
  exits 2
  complains "error: there is no plan here, but 'origin/plan/s1' is
hint: to have it here, run: git branch plan/s1 origin/plan/s1"
done
run git plan show s1
exits 2
complains "error: no plan named 's1' here, but 'origin/plan/s1' is
hint: to have it here, run: git branch plan/s1 origin/plan/s1"
run git plan show s2
exits 2
complains_like "^error: no plan named 's2'$"
run git branch plan/s1 origin/plan/s1
run git task show 002 --json
json .status pending
