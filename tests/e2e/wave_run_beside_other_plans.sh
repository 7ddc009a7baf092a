#!/bin/bash
# Tasks of several plans that touch the same files: a run waits for the runs of others, and says what else it waits for.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
git plan create -q s1 --request=x >/dev/null
git task add -q 'Make it' --files=src >/dev/null
git plan create -q s2 --request=y >/dev/null
git task add -q 'Use it' --files=src/y >/dev/null
cat >"$HOME/work" <<'END'
#!/bin/sh
touch "$HOME/at.$GIT_PLAN_SESSION"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
mkdir -p src && echo "$GIT_PLAN_SESSION" >"src/$GIT_PLAN_SESSION" && git add src && git commit -q -m Work
END
chmod +x "$HOME/work"
spawn git wave run --plan=s1 -- "$HOME/work"
wait_until test -e "$HOME/at.s1"
spawn git wave run --plan=s2 -- "$HOME/work"
sleep 1.5
expect_not test -e "$HOME/at.s2"
touch "$HOME/go"
all_exit 0
expect test -e "$HOME/at.s2"
leaves_nothing

# A person is not waited for, but named.
git plan create -q s3 --request=x >/dev/null
git task add -q 'Change it' --files=src >/dev/null
git plan create -q s4 --request=y >/dev/null
git task add -q 'Use it again' --files=src/y >/dev/null
git task start -q s3/001 >/dev/null
run git wave run --plan=s4 -- "$HOME/work"
exits 1
prints_like '^001  pending: held back: task s3/001 touches src/y too$'
run git wave run --plan=s4 --allow-overlap -- "$HOME/work"
exits 0
