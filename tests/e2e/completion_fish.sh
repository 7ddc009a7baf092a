#!/bin/bash
# Completion in a real fish: through fish's own completion of git, and of git-plan itself.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_completion.sh"
completion_repo
install_completions "$scratch/share"
export XDG_DATA_DIRS=$scratch/share:/usr/local/share:/usr/share XDG_CONFIG_HOME=$scratch/config
export XDG_DATA_HOME=$scratch/data
tab=$'\t'
complete() { run fish -c "complete -C '$1'"; }

for git in 'git plan' 'git-plan'; do
  complete "$git upd"
  prints "update${tab}make one new version of the plan"
  complete "$git use session-20250101"
  prints "session-20250101-000000${tab}First: the shop"
  complete "$git show --plan=session-20250101"
  prints "--plan=session-20250101-000000${tab}First: the shop"
done
complete 'git task start '
prints "001${tab}in progress: Create User model
002${tab}pending: Write the guide"
complete 'git wave worker add 1 feat'
prints 'feature/login'
complete 'git plan update --compl'
prints_like "^--complete=${tab}record tasks as completed"
complete 'git pla'
prints_like '^plan'
touch some-plan.json
complete 'git plan create -F some-pl'
prints 'some-plan.json'
complete 'git-plan create -F some-pl'
prints 'some-plan.json'
# Programs, then files, of what a run is to call.
mkdir "$scratch/bin" && printf '#!/bin/sh\n' | tee "$scratch/bin/story-worker" >"$scratch/bin/story-notes"
chmod +x "$scratch/bin/story-worker"
PATH=$scratch/bin:$PATH complete 'git wave run -- story-w'
prints_like '^story-worker'
complete 'git-wave run -- story-worker some-pl'
prints 'some-plan.json'
# Names of strangers are offered as what they are: fish itself quotes them. None that no command takes.
hostile_names
complete 'git wave worker add 1 evil'
# shellcheck disable=SC2016
prints_like 'evil\$\(touch'
complete 'git task start --plan=evil '
prints "001${tab}pending: D"
complete 'git wave worker add 1 -x'
expect_not grep -qx -e -x "$out"
cd "$scratch"
complete 'git -C repo plan use session-20250101'
prints "session-20250101-000000${tab}First: the shop"
complete 'git-plan show '
prints_nothing
complains_nothing
