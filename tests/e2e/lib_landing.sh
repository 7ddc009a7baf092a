# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# What lands, verified: a command that tells which trees it saw, and what must hold of flow.
source "$lib_folder/lib_run.sh"

# Verifies by what a story puts into $HOME/check (nothing in its way: green), and notes each tree that it is asked for,
# and each that is green. Red is what has a file bad-….
cat >"$HOME/verify" <<'END'
#!/bin/bash
tree=$(git rev-parse 'HEAD^{tree}') || exit 9
echo "$tree" >>"$HOME/asked"
if [ -x "$HOME/check" ]; then "$HOME/check" || exit; fi
for file in bad-*; do
  [ ! -e "$file" ] || { echo "$file is bad"; exit 7; }
done
echo "$tree" >>"$HOME/green"
END
chmod +x "$HOME/verify"
verify=$HOME/verify

# A script that everything waits for, or that says what comes of it.
script() { # NAME, its lines on standard input
  { echo '#!/bin/bash' && cat; } >"$HOME/$1.new"
  chmod +x "$HOME/$1.new"
  mv "$HOME/$1.new" "$HOME/$1"
}

# Nothing of what was verified in the repository before.
fresh_verify() {
  rm -f "$HOME/check"
  : >"$HOME/asked"
  : >"$HOME/green"
}

asked_count() { wc -l <"$HOME/asked"; }

tasks_done() { git for-each-ref refs/git-plan/done --format='%(refname:lstrip=4)'; }
are_done() { # COUNT
  (($(tasks_done | wc -l) >= $1))
}

# Each commit that flow ever was at has a tree that is green; BASE, where it was made, is asked by nobody.
flow_only_green() { # BASE
  local commit tree base
  claims=$((claims + 1))
  base=$(git rev-parse "$1^{tree}")
  for commit in $(git reflog show --format=%H flow); do
    tree=$(git rev-parse "$commit^{tree}")
    [[ $tree == "$base" ]] || grep -qx "$tree" "$HOME/green" || fail "flow was at $commit, which nobody verified"
  done
}

# No tree that was green is verified again.
none_green_twice() {
  same "$(sort "$HOME/green" | uniq -d)" ''
}

# And nothing of the landing.
landing_leaves_nothing() { # [SLOT…]
  local common
  leaves_nothing "$@"
  common=$(common_folder)
  same "$(tasks_done)" ''
  same "$(find "$common/git-plan" -maxdepth 1 -name 'scratch-*' -not -name '*.lock' -printf '%f\n')" ''
  same "$(find "$common/git-plan/landing" -type f -printf '%f\n' 2>/dev/null)" ''
  same "$(git worktree list | grep git-plan/ || true)" ''
}
