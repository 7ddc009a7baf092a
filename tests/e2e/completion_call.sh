#!/bin/bash
# The hidden call behind every shell's completion: values with descriptions, silent and quick everywhere.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_completion.sh"
completion_repo
tab=$'\t'

run git-plan __complete sh
prints "show${tab}show one plan, its tasks by wave
share${tab}share plans with other machines through a remote"
run git-plan __complete show ''
prints "session-20250102-030405${tab}Users
session-20250101-000000${tab}First: the shop"
run git-task __complete show 00
prints "001${tab}in progress: Create User model
002${tab}pending: Write the guide
003${tab}cancelled: Deploy it"
run git-task __complete start ''
prints "001${tab}in progress: Create User model
002${tab}pending: Write the guide"
run git-task __complete show session-20250102-030405/002
prints "session-20250102-030405/002${tab}pending: Write the guide"
run git-task __complete show --plan=session-20250101-000000 ''
prints_nothing
run git-plan __complete update --complete=001,
prints "--complete=001,001${tab}in progress: Create User model
--complete=001,002${tab}pending: Write the guide"
# Agents, as the config defines them.
git config wave.fast.command 'fast-agent --x'
git config wave.slow.command slow-agent
for words in 'git-wave __complete run --agent=' 'git-task __complete add x --agent='; do
  # shellcheck disable=SC2086
  run $words
  prints "--agent=fast${tab}fast-agent --x
--agent=slow${tab}slow-agent"
done
git config --remove-section wave.fast
git config --remove-section wave.slow

run git-wave __complete worker add 1 f
prints 'feature/login
flow'
run git-wave __complete worker remove ''
prints "1${tab}task/001-create-user-model"
run git-wave __complete worker ''
prints_like "^prune${tab}"
run git-plan __complete diff ''
prints_like "^v5${tab}"
run git-plan __complete --plan sess
prints_like '^session-20250102-030405'
run git-plan __complete create -F ''
prints ':files'

# After -- stands a program, then what it is given.
run git-wave __complete run -- ''
prints ':programs'
run git-wave __complete run -j 2 -- claude ''
prints ':files'

# What others wrote into a plan reaches no terminal raw.
git task add -q $'A \e[31m red\tone\nmore' >/dev/null
run git-task __complete show 004
prints "004${tab}pending: A \\x1b[31m red one"

# Silent and harmless where there is nothing to say.
repository_snapshot
for words in '' 'show' 'show --' 'nonsense x' 'update --set' '-- --' 'show --plan=nowhere/'; do
  # shellcheck disable=SC2086 # words
  run git-plan __complete $words
  complains_nothing
done
same_repository
mkdir "$scratch/none" && cd "$scratch/none"
for program in plan task wave; do
  run git-$program __complete ''
  expect test -s "$out"
  complains_nothing
done
run git-plan __complete show ''
prints_nothing
complains_nothing
run git-task __complete start ''
prints_nothing
complains_nothing
git init -q --object-format=sha256 "$scratch/sha256" && cd "$scratch/sha256"
run git-plan __complete show ''
prints_nothing
complains_nothing

run git plan completion powershell
exits 129
complains <<'END'
error: no shell 'powershell' is known; there are bash, zsh and fish
hint: for example: git plan completion bash
END
# The files that are printed are those of the source.
files=$lib_folder/../../completions
expect cmp <(git plan completion bash) "$files/git-plan.bash"
expect cmp <(git plan completion zsh) "$files/_git-plan"
expect cmp <(git plan completion fish) "$files/git-plan.fish"
