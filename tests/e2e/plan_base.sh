#!/bin/bash
# Where flow came from is noted when it is made, and said when that branch has commits that flow lacks.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

base() { git config --local --get "plan.${1:+$1.}base"; }

new_repo
expect_not base
free_plan 1
same "$(base)" main

# That of another flow branch is its own.
git checkout -q -b develop
git plan init -q --flow=next >/dev/null
same "$(base)" main
same "$(base next)" develop
git plan init -q --flow=third main >/dev/null
same "$(base third)" main
git plan init -q --flow=fourth HEAD~0 >/dev/null
same "$(base fourth)" develop
git config plan.fifth/a.b.base main
git plan init -q --flow=fifth/a.b >/dev/null
same "$(base fifth/a.b)" develop # not what was noted of an earlier one
git checkout -q --detach
git plan init -q --flow=sixth >/dev/null
expect_not base sixth
git checkout -q main

# In a worktree elsewhere it is the main one's HEAD that flow starts at.
git worktree add -q -b side ../side
(cd ../side && git plan init -q --flow=eighth >/dev/null)
same "$(base eighth)" main

# A note, with the command, where main went on. Not for what was delivered to it.
run git wave status
complains_unlike lacks
commit_file a.c "a" "Add a"
commit_file b.c "b" "Add b"
repository_snapshot
run git wave status --json
json '.workers | length' 0
complains_like "^'main' has 2 commits that 'flow' lacks$"
complains_like '^hint: to have what is new there, run: git plan merge main$'
run git plan doctor
exits 0
prints 'all is well'
complains "'main' has 2 commits that 'flow' lacks
hint: to have what is new there, run: git plan merge main"
same_repository
# Where a tag has its name, the hint means the branch all the same.
git tag main "$(git commit-tree -p main -m "Not of main" 'main^{tree}')"
run git wave status
complains_like '^hint: to have what is new there, run: git plan merge heads/main$'
git tag -d main >/dev/null
run git wave start
complains_like "^'main' has 2 commits that 'flow' lacks$"
run git wave status --plan=s1
complains_like '^hint: to have what is new there, run: git plan merge main --plan=s1$'
run git plan merge main
run git wave status
complains_unlike lacks
work 1 part.c
git task done 001 -q >/dev/null
git plan deliver -q --squash >/dev/null
run git wave status
complains_unlike lacks
commit_file c.c "c" "Add c"
run git wave status
complains_like "^'main' has 1 commit that 'flow' lacks$"
git plan merge -q main >/dev/null
git commit -q --allow-empty -m "Go on"
git plan merge -q main >/dev/null
git plan deliver -q >/dev/null
run git wave status
complains_unlike lacks

# A base that is gone, or that nobody can read, is no trouble.
git config plan.base gone
run git wave status
complains_unlike lacks
run git plan doctor
exits 0
git config plan.base main

# Plans of other flow branches have their own.
git plan create -q s2 --flow=next >/dev/null 2>&1
git checkout -q develop && commit_file d.c "d" "Add d" && git checkout -q main
run git plan use s1
run git plan doctor
exits 0
complains_like '^hint: to have what is new there, run: git plan merge develop --plan=s2$'
run git plan merge develop --plan=s2
same "$(git show next:d.c)" "d"

# What was noted of an earlier flow branch is not where a new one goes.
new_repo again
free_plan 1
git branch -q -D flow
git checkout -q -b develop
run git plan init
exits 0
complains_like "^'flow' now goes to 'develop' when it is delivered, no longer to 'main'$"
same "$(base)" develop
git branch -q -D flow
git config plan.flow.base develop
git checkout -q main
git plan init -q >/dev/null
same "$(base) $(base flow)" 'main main'
git config --unset plan.flow.base
git config plan.flowBranch trunk
git checkout -q develop
git plan init -q >/dev/null 2>&1
same "$(base) $(base flow)" 'develop main' # the plan of flow still goes to where it did
commit_file new.txt "new" "New"
git checkout -q main
git plan create -q s2 >/dev/null 2>&1
git task add --plan=s2 Two -q >/dev/null
git task start s2/001 -q >/dev/null
work 1 two.txt
git task done s2/001 -q >/dev/null
run git plan deliver --plan=s2
prints_like '^delivered trunk merged into develop as '
