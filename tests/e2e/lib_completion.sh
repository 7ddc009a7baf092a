# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# A repository with a plan to complete, and the completion files where a shell would find them.

completion_repo() {
  new_repo
  as Ada
  at 2025-01-02T03:04:05Z
  git plan create -q --request='First: the shop' session-20250101-000000 >/dev/null
  git plan create -q --request='Users' session-20250102-030405 >/dev/null
  git task add -q 'Create User model' >/dev/null
  git task add -q 'Write the guide' >/dev/null
  git task add -q 'Deploy it' >/dev/null
  git task cancel -q 003 >/dev/null
  git task start -q 001 >/dev/null
  git branch feature/login
}

# What a stranger's branches and plans may be called: nothing of it may be run, or stand where it would be.
hostile_names() {
  # shellcheck disable=SC2016 # for a shell that is deceived
  for name in 'evil$(touch${IFS}pwned)' 'evil`touch${IFS}pwned`' 'evil;touch${IFS}pwned' "evil'x" 'evil"x' '-x'; do
    git update-ref "refs/heads/$name" HEAD
  done
  local blob
  # shellcheck disable=SC2016
  blob=$(printf '[[tasks]]\nid = "%s"\ndescription = "%s"\n[[tasks]]\nid = "001"\ndescription = "D"\n' \
    '$(touch${IFS}pwned)' '$(touch pwned) *' | git hash-object -w --stdin)
  git update-ref refs/heads/plan/evil "$(git commit-tree -m x "$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)")"
}

# share/… as `cmake --install` lays it out.
install_completions() { # FOLDER
  local program
  mkdir -p "$1/bash-completion/completions" "$1/zsh/site-functions" "$1"/fish/vendor_{completions,conf}.d
  git plan completion fish >"$1/fish/vendor_conf.d/git-plan.fish"
  for program in plan task wave; do
    git plan completion bash >"$1/bash-completion/completions/git-$program"
    git plan completion zsh >"$1/zsh/site-functions/_git-$program"
    git plan completion fish >"$1/fish/vendor_completions.d/git-$program.fish"
  done
}
