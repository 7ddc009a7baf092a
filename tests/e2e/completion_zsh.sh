#!/bin/bash
# Completion in a real zsh, typed at: through zsh's own completion of git.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_completion.sh"
completion_repo
install_completions "$scratch/share"

# A zsh on a pseudo-terminal of its own, with keys pressed; what it shows then.
cat >"$HOME/typed" <<'END'
zmodload zsh/zpty
zpty shell zsh -f -i
drain() { local text; while zpty -r -t shell text; do screen+=$text; done }
zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit && compinit -u -d $HOME/.zcompdump; PS1='prompt> '; unsetopt zle_bracketed_paste 2>/dev/null; unset zle_bracketed_paste; setopt no_list_beep; zstyle ':completion:*' list-colors; stty columns 100 rows 50; print rea''dy"
for i in {1..100}; do drain; [[ $screen != *ready* ]] || break; sleep 0.1; done
screen=
zpty -w -n shell "$(print -n -- "$2")"
for i in {1..30}; do drain; sleep 0.1; done
zpty -d shell
print -r -- "$screen"
END
typed() { # KEYS
  TERM=dumb zsh -f "$HOME/typed" "$scratch/share/zsh/site-functions" "$1" |
    sed -e 's/\x1b\[[0-9;?]*[A-Za-z]//g' -e 's/\r/\n/g' >"$HOME/screen"
}
shows() { expect grep -Eq -e "$1" "$HOME/screen"; }

for git in 'git plan' 'git-plan'; do
  typed "$git upd"$'\t'
  shows "$git update"
  typed "$git use session-20250101"$'\t'
  shows "$git use session-20250101-000000"
  typed "$git show --plan=session-20250101"$'\t'
  shows "$git show --plan=session-20250101-000000"
done
typed $'git task start \t\t'
shows '001 +-- in progress: Create User model'
shows '002 +-- pending: Write the guide'
typed $'git wave worker add 1 feat\t'
shows 'git wave worker add 1 feature/login'
typed $'git plan update --compl\t002'
shows 'git plan update --complete=002'
# Descriptions may hold colons, and git's list of commands has ours.
typed $'git plan show \t\t'
shows 'session-20250101-000000 +-- First: the shop'
# What has no description is not shown with an empty one.
typed $'git plan completion \t\t'
shows 'fish'
expect_not grep -Eq -e '--' "$HOME/screen"
typed $'git pla\t'
shows 'git plan'
touch some-plan.json
typed $'git plan create -F some-pl\t'
shows 'some-plan.json'
# Programs, then files, of what a run is to call.
mkdir "$scratch/bin" && printf '#!/bin/sh\n' >"$scratch/bin/story-worker" && chmod +x "$scratch/bin/story-worker"
export PATH=$scratch/bin:$PATH
typed $'git wave run -- story-w\tsome-pl\t'
shows 'git wave run -- story-worker .*some-plan.json'
# Names of strangers run nothing, listed or put into the line.
hostile_names
typed $'git wave worker add 1 evi\t\t\n'
shows 'worker add 1 evil'
expect_not test -e pwned
