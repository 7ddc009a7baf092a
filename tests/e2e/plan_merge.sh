#!/bin/bash
# timeout: 300
# `git plan merge` brings any commit into flow: as a merge commit, beside every checkout, with flow's own .plan/.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

tips() { git for-each-ref --format='%(refname) %(objectname)' refs/heads; }
nothing_moved() { # since `before` was set
  same "$(tips)" "$before"
}

new_repo
commit_file a.c "a" "Add a"
free_plan 2
git task start 001 -q >/dev/null
work 1 b.c
git task done 001 -q >/dev/null

# Flow could be forwarded to it, but a merge says what came from where. The checkout stays as it is.
git checkout -q -b feature flow
commit_file c.c "c" "Add c"
git checkout -q main
echo "mine" >>README.md
checkout_snapshot
run git plan merge feature
prints "branch 'feature' merged into flow as $(git rev-parse --short=10 flow)"
same "$(git log -1 --format='%s %p' flow)" "Merge branch 'feature' into flow $(git rev-parse --short flow~1) $(git rev-parse --short feature)"
same_checkout
run git plan merge feature
prints "branch 'feature' is in flow already"
git checkout -q README.md

# What main has; named as git names it, or by its id.
commit_file d.c "d" "Add d"
git tag v1
run git plan merge v1 --json
json .success true
json .flow_branch flow
json .merge_commit "$(git rev-parse flow)"
json '.conflicts | length' 0
same "$(git log -1 --format=%s flow)" "Merge tag 'v1' into flow"
run git plan merge main --json
json '.success and .merge_commit == null'
commit_file e.c "e" "Add e"
run git plan merge HEAD
same "$(git log -1 --format=%s flow)" "Merge commit '$(git rev-parse --short=10 main)' into flow"
same "$(git ls-tree --name-only flow | tr '\n' ' ')" ".plan README.md a.c b.c c.c d.c e.c "

# Whatever the other side did to .plan/, flow keeps its own; a file of a task that is completed does no harm.
git checkout -q -b meddling flow
git rm -q -r .plan
commit_file .plan/s1/009-x.toml "branch = 'task/009-x'" "Meddle"
commit_file .plan/other/001-x.toml "branch = 'task/001-x'" "Meddle more"
commit_file f.c "f" "Add f"
git checkout -q main
metadata=$(git rev-parse flow:.plan)
run git plan merge meddling
same "$(git rev-parse flow:.plan)" "$metadata"
same "$(git show flow:f.c)" "f"
same "$(git rev-parse flow^2)" "$(git rev-parse meddling)"
run git task list --json
json '[.tasks[].status] | join(" ")' "completed pending"

# A task that is not completed has its own way in, whether somebody else's branch brings it along or not.
git task start 002 -q >/dev/null
work 2 g.c
before=$(tips)
for word in task/002-task-2 "$(git rev-parse task/002-task-2)"; do
  run git plan merge "$word"
  exits 3
  prints_nothing
  complains_like "has task 's1/002', which is not completed$"
  complains_like '^hint: to merge it as that task, run: git task done s1/002$'
  nothing_moved
done
git task done 002 -q >/dev/null
run git plan merge task/002-task-2
prints "branch 'task/002-task-2' is in flow already"

# What must succeed on the merged tree.
commit_file h.c "h" "Add h"
before=$(tips)
run git plan merge main --verify='test -e b.c && test ! -e h.c'
exits 1
prints "branch 'main' failed its verification: exit status 1; nothing was merged"
nothing_moved
run git plan merge main --verify='test -e b.c && test -e h.c'
prints_like "^branch 'main' merged into flow as "

# Conflicts are an answer; what the hints say resolves them.
git checkout -q -b other main
commit_file b.c "theirs" "Their b"
commit_file i.c "i" "Add i"
git checkout -q main
checkout_snapshot
before=$(tips)
run git plan merge other --json
exits 1
json .success false
json .merge_commit null
json '.conflicts | join(",")' b.c
nothing_moved
git tag flow "$(git commit-tree -p main -m "Not of flow" 'main^{tree}')"
run git plan merge other
exits 1
complains_like "^hint: then run: git -C [^ ]*/resolve merge heads/flow$"
git tag -d flow >/dev/null
run git plan merge other
exits 1
prints "branch 'other' conflicts with flow:
  b.c"
complains "hint: to resolve them beside both, run: git worktree add -b resolve $PWD/.worktrees/resolve other
hint: then run: git -C $PWD/.worktrees/resolve merge flow
hint: when that is committed, run: git plan merge resolve
hint: to put that worktree away in the end, run: git worktree remove $PWD/.worktrees/resolve
hint: and its branch, which is merged by then, run: git branch -D resolve"
run git plan merge other --verify='exit 0'
exits 1
complains_like "^hint: when that is committed, run: git plan merge resolve --verify='exit 0'$"
git worktree add -q -b resolve "$PWD/.worktrees/resolve" other
expect_not git -C .worktrees/resolve merge flow
(cd .worktrees/resolve && echo "both" >b.c && git commit -q -a -m "Resolve")
run git plan merge resolve
same "$(git show flow:b.c flow:i.c)" "both
i"
same_checkout
git worktree remove .worktrees/resolve
git branch -qD resolve

# Nothing that is no commit, or has no commit in common.
before=$(tips)
for word in nonsense '' 'flow:a.c' --; do
  run git plan merge -- "$word"
  exits 2
  complains "error: '$word' is no commit
hint: to see the branches there are, run: git branch --all"
done
run git plan merge
exits 129
git checkout -q --orphan alone && git rm -q -r --cached . && git commit -q --allow-empty -m "Alone" && git checkout -q -f main
run git plan merge alone
exits 3
complains_like '^error: refusing to merge unrelated histories: '
git branch -q -D alone
nothing_moved

# A tag comes before a branch of its name, as git has it. To know a branch takes no process.
git branch twin main
git tag twin "$(git commit-tree -p main -m "Tagged" 'main^{tree}')"
run git plan merge twin
same "$(git log -1 --format=%s flow)" "Merge tag 'twin' into flow"
same "$(git rev-parse flow^2)" "$(git rev-parse refs/tags/twin)"
run git plan merge heads/twin
prints_like "^branch 'heads/twin' is in flow already$"
git branch plain "$(git commit-tree -p main -m "Plain" 'main^{tree}')"
run env GIT_TRACE="$scratch/trace" git plan merge plain
same "$(git rev-parse flow^2)" "$(git rev-parse plain)"
expect grep -q "merge-tree" "$scratch/trace"
expect_not grep -q "rev-parse" "$scratch/trace"

# Of a bare repository, and with a plan that has another flow branch.
git clone -q --bare . ../bare.git
git -C ../bare.git config user.name Ada
commit_file j.c "j" "Add j"
git push -q ../bare.git main
run git -C ../bare.git plan merge main
same "$(git -C ../bare.git show flow:j.c)" "j"
git plan create -q s2 --flow=feature-flow 2>/dev/null >/dev/null
git plan init -q --flow=feature-flow >/dev/null
git checkout -q -b branchy && commit_file k.c "k" "Add k" && git checkout -q main
run git plan merge branchy --plan=s2
same "$(git show feature-flow:k.c)" "k"
expect_not git cat-file -e flow:k.c
fsck_clean
no_locks

# Flow may be symbolic, and is made where it is missing; with nothing to make it of, a commit comes first.
new_repo symbolic
git branch real
git symbolic-ref refs/heads/flow refs/heads/real
commit_file a.c "a" "Add a"
run git plan merge main
same "$(git symbolic-ref refs/heads/flow)" refs/heads/real
same "$(git show real:a.c)" "a"
new_repo missing
run git plan merge main
prints "branch 'main' is in flow already"
same "$(git rev-parse flow)" "$(git rev-parse main)"
git init -q "$scratch/unborn" && cd "$scratch/unborn"
run git plan merge main
exits 2
complains_like "^error: 'main' is no commit$"
git fetch -q ../missing main
run git plan merge FETCH_HEAD
exits 3
complains_like "^error: flow branch 'flow' has no commit to start from: HEAD is unborn$"
