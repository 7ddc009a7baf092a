# shellcheck shell=bash
# shellcheck disable=SC2154 # lib.sh
# Words for stories of a remote that others write to as they like: sourced after lib.sh.

on_hub() { git -C "$scratch/hub" "$@"; }
in_own() { (cd "$scratch/own" && "$@"); }

# Clones 'own', which has shared plan s1 with tasks 001 and 002, and 'me', which has it by sync: the story stands there.
share_with_me() {
  rm -rf "$scratch/hub" "$scratch/own" "$scratch/me"
  git init -q --bare "$scratch/hub"
  git clone -q "$scratch/hub" "$scratch/own" 2>/dev/null
  cd "$scratch/own"
  commit_file README.md "# A project" "Begin"
  git push -q origin main
  git plan create s1 -q >/dev/null 2>&1
  git task add One -q >/dev/null 2>&1
  git task add Two -q >/dev/null 2>&1
  git plan share -q >/dev/null 2>&1
  git clone -q "$scratch/hub" "$scratch/me"
  cd "$scratch/me"
  git plan sync origin -q >/dev/null
  git plan use s1 -q >/dev/null
}

# plan_text SESSION FLOW [ID…]
plan_text() {
  printf 'format = 1\nsession_id = "%s"\nversion = 1\nflow_branch = "%s"\n' "$1" "$2"
  printf 'created_at = 2025-01-12T14:30:00Z\nuser_request = "x"\n'
  local id
  for id in "${@:3}"; do printf '[[tasks]]\nid = "%s"\ndescription = "Of a stranger"\n' "$id"; done
}

# Puts standard input on the hub as the plan's next version, whoever wrote the one before.
push_plan() { # SESSION
  local blob tree before=()
  blob=$(on_hub hash-object -w --stdin)
  tree=$(printf '100644 blob %s\tplan.toml\n' "$blob" | on_hub mktree)
  on_hub rev-parse -q --verify "plan/$1" >/dev/null && before=(-p "plan/$1")
  on_hub update-ref "refs/heads/plan/$1" "$(on_hub commit-tree "${before[@]}" -m Strange "$tree")"
}

# What git itself refuses, a host may have.
force_ref() { # REF OBJECT
  mkdir -p "$scratch/hub/$(dirname "$1")"
  echo "$2" >"$scratch/hub/$1"
}

# push_claim SESSION NUMBER: of another machine.
push_claim() {
  local commit
  commit=$({
    printf 'tree %s\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nClaim\n\n' "$(on_hub mktree </dev/null)"
    printf 'Format: 1\nMachine: m1\nWorker: 1\nSince: 2026-01-01T00:00:00Z\nRenewed: 2026-01-01T00:00:00Z\n'
    printf 'State: held\nNonce: 0123456789abcdef0123456789abcdef\n'
  } | on_hub hash-object -t commit -w --stdin)
  on_hub update-ref "refs/git-plan/claims/$1/$2" "$commit"
}

hub_hook() { # LINE…
  printf '%s\n' '#!/bin/sh' "$@" >"$scratch/hub/hooks/pre-receive"
  chmod +x "$scratch/hub/hooks/pre-receive"
}
