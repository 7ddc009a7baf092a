#!/bin/bash
# Where a missing flow branch starts: at the remote's branch of that name, where it is one of a remote that there is; else at HEAD.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
head=$(git rev-parse main)
elsewhere() { # WORDS   a commit that has nothing to do with ours
  git commit-tree -m "$1" "$(git mktree </dev/null)"
}
remote_has() { git update-ref "refs/remotes/$1" "$(elsewhere "$1")"; }
starts_at() { # COMMIT
  run git plan init
  same "$(git rev-parse flow)" "$(git rev-parse "$1")"
  git update-ref -d refs/heads/flow
}

# Another branch of a remote, whose name ends the same; and what is no remote's.
git remote add origin ../nowhere
remote_has origin/docs/flow
remote_has gone/flow
starts_at main
git update-ref -d refs/remotes/gone/flow

# The only remote that has it, whatever its name.
git remote add team/fork ../nowhere
remote_has team/fork/flow
starts_at refs/remotes/team/fork/flow
# Several: checkout.defaultRemote, else origin, else nobody can say which.
git remote add other ../nowhere
remote_has other/flow
starts_at main
git config checkout.defaultRemote other
starts_at refs/remotes/other/flow
git config checkout.defaultRemote nowhere
starts_at main
remote_has origin/flow
starts_at refs/remotes/origin/flow
git config checkout.defaultRemote team/fork
starts_at refs/remotes/team/fork/flow
git config --unset checkout.defaultRemote
starts_at refs/remotes/origin/flow

# A flow branch with slashes is a name like any other.
remote_has origin/docs/next
run git plan init --flow=docs/next
same "$(git rev-parse docs/next)" "$(git rev-parse refs/remotes/origin/docs/next)"
run git plan init --flow=next
same "$(git rev-parse next)" "$head"

# A start that is no commit is told, also where the branch exists; one that is elsewhere moves nothing.
next=$(git rev-parse next)
for branch in next other-flow; do
  run git plan init --flow=$branch nowhere
  exits 2
  complains <<'END'
error: 'nowhere' is no commit
hint: to see the branches there are, run: git branch --all
END
done
expect_not git rev-parse -q --verify other-flow
run git plan init --flow=next main
prints_like '^next [0-9a-f]+ exists$'
complains_nothing
elsewhere=$(git rev-parse --short docs/next)
run git plan init --flow=next "$elsewhere"
prints_like '^next [0-9a-f]+ exists$'
complains "branch 'next' exists, at $(git rev-parse --short=10 next): '$elsewhere' is not used"
same "$(git rev-parse next)" "$next"

# A branch's full name is no name of another branch.
run git plan init --flow=refs/heads/main
exits 128
complains "error: 'refs/heads/main' is no valid branch name
hint: for example: git plan init --flow=main"
