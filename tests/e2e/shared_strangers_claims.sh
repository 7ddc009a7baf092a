#!/bin/bash
# timeout: 240
# What others do to claims and plans never has a start go round for ever.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_strangers.sh"
as Ada
share_with_me

# Two tasks of one number, which another machine has claimed; and an id that is none.
plan_text s1 flow 001 0001 | push_plan s1
git plan sync -q >/dev/null 2>&1
push_claim s1 001
run timeout -s KILL 20 git-wave start --json
exits 0
json .started '[]'
run timeout -s KILL 20 git-wave run -x true
exits 1
plan_text s1 flow abc | push_plan s1
git plan sync -q >/dev/null 2>&1
push_claim s1 000
run timeout -s KILL 20 git-task start abc
exits 128
complains_like "^error: 'abc' is no task id: 3 to 6 digits$"
run timeout -s KILL 20 git-wave start
expect test "$status" != 137
settled=yes

# Whose plan moves with each push: twenty tries, each after a wait.
share_with_me
cat >"$scratch/hub/hooks/pre-receive" <<'END'
#!/bin/sh
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
next() { git -c user.name=x -c user.email=x commit-tree -p "$1" -m "$(date +%N)" "$1^{tree}"; }
for ref in refs/git-plan/beat/flow refs/heads/plan/s1; do git update-ref $ref "$(next $(git rev-parse $ref))"; done
echo x >>pushes
END
chmod +x "$scratch/hub/hooks/pre-receive"
run timeout -s KILL 100 git-task start 001
exits 5
expect test "$(wc -l <"$scratch/hub/pushes")" -le 21
