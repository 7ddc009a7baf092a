#!/bin/bash
# Whatever happens to a plan while it is in an editor, what was written there stays, and is named.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000
run git plan create -q --request='Users'
run git task add -q 'Model'
kept=$(common_folder)/plan-edit/$plan.toml
first=$(git rev-parse plan/$plan)

# An editor in which somebody writes for an hour, while other things happen.
editor() { # COMMANDS
  cat >"$HOME/editor" <<END
#!/bin/bash
sed -i 's/^user_request = .*/user_request = "an hour of writing"/' "\$1"
$1
END
  chmod +x "$HOME/editor"
  export GIT_EDITOR=$HOME/editor
}
text_is_kept() {
  complains_like "^hint: your text is kept in $kept$"
  expect grep -q '^user_request = "an hour of writing"$' "$kept"
  expect grep -rq "an hour of writing" "$(common_folder)/git-plan/edit" # where it stood in earlier versions
}
committed() { # PLAN
  expect grep -q '^user_request = "an hour of writing"$' <(git show "plan/$1:plan.toml")
  rm "$kept"
  git branch -q -f "plan/$plan" "$first"
}
# Runs what the hints of the last command say, one after the other.
follow_hints() {
  local command
  grep -o 'run: git .*' "$err" | cut -d' ' -f2- >"$HOME/hinted"
  while read -r command; do
    run bash -c "$command"
  done <"$HOME/hinted"
}

# What may be deleted whenever no command runs holds nothing that anybody wrote.
editor 'exit 1'
run git plan edit
exits 128
text_is_kept
rm -r "$(common_folder)/git-plan"
run git plan edit $plan -F "$kept"
committed $plan

# Renamed: the hint has the new name.
editor "git branch -m plan/$plan plan/renamed"
run git plan edit
exits 2
text_is_kept
complains_like "^hint: to commit it, mend it and run: git plan edit renamed -F $kept$"
follow_hints
committed renamed
git branch -q -D plan/renamed
git config plan.current $plan

# Deleted, and moved to where there is no plan: the hints bring it back.
editor "git update-ref -d refs/heads/plan/$plan"
run git plan edit
exits 2
text_is_kept
follow_hints
committed $plan
editor "git branch -f plan/$plan main"
run git plan edit
exits 128
text_is_kept
follow_hints
committed $plan

# Moved to where it cannot be read: both texts are shown, and neither is lost.
garbled=$(git commit-tree -m Garbled "$(printf '100644 blob %s\tplan.toml\n' \
  "$(echo '= no TOML' | git hash-object -w --stdin)" | git mktree)")
editor "git update-ref refs/heads/plan/$plan $garbled"
run git plan edit
exits 128
text_is_kept
rm "$kept"
git branch -q -f plan/$plan "$first"

# An editor that is killed.
# shellcheck disable=SC2016 # for the editor's shell
editor 'kill -KILL $$'
run git plan edit
exits 128
text_is_kept
follow_hints
committed $plan

# A lock in the way of the commit.
editor "touch .git/refs/heads/plan/$plan.lock"
run git -c core.filesRefLockTimeout=0 plan edit
fails
text_is_kept
rm ".git/refs/heads/plan/$plan.lock"
follow_hints
committed $plan

# A full disk, at each step: what the editor could still write stays, as it left it.
# shellcheck disable=SC2016 # for the editor's shell
editor 'grep -q "an hour of writing" "$1" && echo it is written'
full=0
for step in {1..400}; do
  run kill_at --disk-full "$step" -- git plan edit
  case $status in
    0) break ;;
    77) break ;; # no ptrace here
    *) exits 99 ;;
  esac
  if grep -q '^it is written$' "$err" "$out" && [[ $(git rev-parse plan/$plan) == "$first" ]]; then
    expect grep -q '^user_request = "an hour of writing"$' "$kept"
    full=$((full + 1))
  fi
  rm -f "$kept"
  git update-ref refs/heads/plan/$plan "$first"
done
if ((status == 77)); then exits 77; else expect test "$full" -gt 0; fi

# Committed after all, nothing is left behind.
git update-ref refs/heads/plan/$plan "$first"
run git plan edit
expect_not test -e "$kept"
