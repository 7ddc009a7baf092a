#!/bin/bash
# A hint's command does what was asked for, options and all; it is about the thing that is in the way.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
auth_plan >plan.json
git plan create -q -F plan.json >"$out"

# task done: the message, the verification and what comes after are said again.
git worktree add -q ../flow flow
git task start -q 1 >"$out" 2>"$err"
work 1 README.md changed
echo dirty >../flow/README.md
for verify in '' " --verify='test 1'"; do
  run bash -c "git task done 1 -m 'a b'$verify --remove-worktree"
  exits 3
  complains_like "^hint: then run again: git task done 001 -m 'a b'$verify --remove-worktree$"
done
git -C ../flow checkout -q .
git task create -q -f 2 >"$out"
run git task done 2 --verify=false -m msg
exits 3
complains_like '^hint: to merge it all the same, run: git task done 002 -m msg --verify=false --allow-empty$'

# A slot that is a link is called that, whatever is mounted behind it.
git branch other
ln -s / .worktrees/worker-12
for command in 'remove 12' 'add 12 other'; do
  # shellcheck disable=SC2086 # words they are
  run git wave worker $command
  exits 128
  complains_like 'is a symbolic link or no folder; refused$'
  complains_unlike mount
done
rm .worktrees/worker-12

# The folder of all slots is a file.
cd "$scratch"
new_repo file
git plan create -q -F ../repo/plan.json >"$out"
echo x >.worktrees
run git task start 1
exits 128
complains_like "^hint: to see what it is, run: ls -ld $PWD/.worktrees$"
run git plan doctor
exits 1
prints_like "'.worktrees' is no folder, and no slot is made in it"
prints_like "mv $PWD/.worktrees $PWD/.worktrees.aside$"
rm .worktrees

# Numbers of workers, dry runs, versions, names that are taken, plans that cannot be read.
run git wave run -j 0 -x true
exits 129
complains_like '^hint: to use three workers where -j is not given, run: git config wave.maxParallel 3$'
run git plan create -n
complains_nothing
git show plan/session-20250112-143000:plan.toml | sed 's/^version.*/version = 99/' >edited.toml
run git plan edit -F edited.toml
exits 3
complains "error: 'edited.toml' is v99 of the plan, which is at v1 only
hint: to see its versions, run: git plan log session-20250112-143000"
echo '{"tasks": [{"id": 1, "title": "x"}]}' >t.json
run git plan import --from=taskmaster t.json session-20250112-143000
exits 3
complains_like '^hint: to give it another name, run: git plan import --from=taskmaster t.json session-20250112-143001$'
run git plan create -F ../repo/plan.json
exits 3
complains_like '^hint: to give it another name, run: git plan create -F ../repo/plan.json session-20250112-143001$'
blob=$(echo bad | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)
git update-ref refs/heads/plan/broken "$(git commit-tree "$tree" -m x)"
run git plan delete broken
exits 128
complains_like '^hint: to delete it all the same, run: git plan delete -f broken$'
run git plan delete -f broken
exits 0
git checkout -q flow
mkdir -p .plan/p
commit_file .plan/p/x x "By hand"
git checkout -q main
run git plan create p
exits 3
complains_like "^error: the name 'p' is taken: 'flow' has '.plan/p'$"
run git plan diff HEAD
exits 2
complains_like "^error: plan 'session-20250112-143000' has no version 'HEAD'$"

# What cannot be read in has a way out, too: an agent looks there.
told() { # WORDS…; stdin: what is read
  run git plan "$@" --json
  fails
  json_error '.error.hint | test("run: git ")'
}
told create -F nofile </dev/null
told create -F - <<<'{'
told update --add=nofile </dev/null
told update --add=- <<<'{}'
told check -F - <<<'{'
told check -F - </dev/null
told import --from=taskmaster nofile </dev/null
told edit -F nofile </dev/null
run git plan update --add=- <<<'{"tasks": {}}'
exits 128
complains_like "^error: <stdin>: line 1: 'tasks' must be a list of objects, not an object$"
run git plan import --from=taskmaster - <<<'{"master": {"tasks": []}}'
exits 128
complains_like '^error: <stdin> has no task in it$'
