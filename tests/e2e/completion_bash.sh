#!/bin/bash
# Completion in a real bash, typed at: through git's own completion, and of git-plan itself.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_completion.sh"
completion_repo
install_completions "$scratch/share"
export XDG_DATA_HOME=$scratch/data XDG_DATA_DIRS=$scratch/share:/usr/local/share:/usr/share
unset BASH_COMPLETION_USER_DIR

# What a line is completed to, each reply in brackets: the functions that a key press calls.
cat >"$HOME/complete" <<'END'
# complete LINE [COMP_TYPE]
source /usr/share/bash-completion/bash_completion
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=${2:-9} COMP_KEY=9 COLUMNS=80
# As readline splits it.
mapfile -t COMP_WORDS < <(printf '%s' "$COMP_LINE" | sed -E 's/([=:])/ \1 /g' | xargs -n 1 2>/dev/null)
[[ $COMP_LINE != *' ' && $COMP_LINE != *= ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_completion_loader "${COMP_WORDS[0]}"
read -r -a spec < <(complete -p "${COMP_WORDS[0]}")
for ((i = 0; i < ${#spec[@]}; i++)); do [[ ${spec[i]} != -F ]] || function=${spec[i + 1]}; done
COMPREPLY=()
compopt() { :; }
"$function" "${COMP_WORDS[0]}" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
for reply in "${COMPREPLY[@]}"; do printf '[%s]\n' "$reply"; done
END
tab() { run bash "$HOME/complete" "$@"; }

for git in 'git plan' 'git-plan'; do
  tab "$git sho"
  prints '[show ]'
  tab "$git show "
  prints '[session-20250102-030405 ]
[session-20250101-000000 ]'
  tab "$git update --no"
  prints '[--note=]
[--no-hooks ]'
  tab "$git show --plan=session-20250101"
  prints '[session-20250101-000000 ]'
  tab "$git use session-20250102"
  prints '[session-20250102-030405 ]'
done
tab 'git task start '
prints '[001 ]
[002 ]'
# A list that is only shown says what each is.
tab 'git task start ' 63
prints '[001  in progress: Create User model]
[002  pending: Write the guide]'
tab 'git plan graph --format=' 63
prints '[text]
[dot]
[mermaid]
[json]'
tab 'git wave worker add 1 fe'
prints '[feature/login ]'
tab 'git wave worker remove '
prints '[1 ]'
# Names of strangers come quoted, and none that no command takes.
hostile_names
tab 'git wave worker add 1 evil'
# shellcheck disable=SC2016,SC1003 # as a shell is shown it
prints '[evil\"x ]
[evil\$\(touch\$\{IFS\}pwned\) ]
[evil\'"'"'x ]
[evil\;touch\$\{IFS\}pwned ]
[evil\`touch\$\{IFS\}pwned\` ]'
tab 'git task start --plan=evil '
prints '[001 ]'
tab 'git wave worker add 1 -x'
prints_nothing
expect_not test -e pwned
cd "$scratch"
tab 'git -C repo plan use session-20250101'
prints '[session-20250101-000000 ]'
tab 'git plan use '
prints_nothing
mkdir -p files/one && touch files/plan.json
tab 'git plan create -F files/pl'
prints '[files/plan.json]'
cd repo

# Programs, then files, of what a run is to call.
mkdir "$scratch/bin" && printf '#!/bin/sh\n' | tee "$scratch/bin/story-worker" >"$scratch/bin/story-notes"
chmod +x "$scratch/bin/story-worker"
touch story.json
PATH=$scratch/bin:$PATH tab 'git wave run -- story-'
prints '[story-worker ]'
PATH=$scratch/bin:$PATH tab 'git-wave run -j 2 -- story-'
prints '[story-worker ]'
tab 'git wave run -- ../bin/story-w'
prints '[../bin/story-worker]'
tab 'git wave run -- story-worker story.js'
prints '[story.json]'

# The same, with keys, at a prompt.
cat >"$HOME/.bashrc" <<'END'
source /usr/share/bash-completion/bash_completion
PS1='prompt> '
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
END
# Types the keys and waits until a line of the screen is as claimed.
shows() { # KEYS ERE
  rm -f "$HOME/keys" && mkfifo "$HOME/keys"
  : >"$HOME/screen"
  TERM=dumb script -qefc 'bash -i' "$HOME/screen" <"$HOME/keys" >/dev/null 2>&1 &
  local terminal=$!
  exec 9>"$HOME/keys"
  wait_until grep -q 'prompt> ' "$HOME/screen"
  printf '%b' "$1" >&9
  wait_until grep -Eq -e "$2" "$HOME/screen"
  claims=$((claims + 1))
  printf '\003' >&9
  exec 9>&-
  kill -HUP "$terminal" 2>/dev/null || true
  wait "$terminal" || true
}
shows 'git pla\tup\t--comp\t002' 'prompt> git plan update --complete=002'
shows 'git task show \t\t\t' '^001  in progress: Create User model'
shows 'git task show \t\t\t' '^002  pending: Write the guide'
expect_not test -e pwned
