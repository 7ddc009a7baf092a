# shellcheck shell=bash
# Two clones, ada and bob, of a bare repository that they share a plan through.

session="session-20250102-030405"
hub=$scratch/hub

on_hub() { git -C "$hub" "$@"; }
in_ada() { cd "$scratch/ada"; }
in_bob() { cd "$scratch/bob"; }

# Tasks 001, 002, … of these titles, shared by ada; bob has them too. In ada afterwards.
two_clones() { # TITLE…
  git init -q --bare "$hub"
  new_repo ada
  git remote add origin "$hub"
  git push -q origin main
  git config plan.machine ada
  git plan create $session -q >/dev/null
  local title
  for title in "$@"; do git task add "$title" -q >/dev/null; done
  git plan share -q >/dev/null
  git clone -q "$hub" "$scratch/bob"
  in_bob
  git config plan.machine bob
  git plan sync -q >/dev/null
  in_ada
}

# From here on each connection to the hub is a line of $state/connections: upload-pack or receive-pack.
count_connections() {
  mkdir -p "$scratch/counted"
  local name
  for name in upload-pack receive-pack; do
    printf '#!/bin/sh\necho %s >>"%s"\nexec git %s "$@"\n' $name "$state/connections" $name >"$scratch/counted/$name"
    chmod +x "$scratch/counted/$name"
  done
  local clone
  for clone in "$scratch/ada" "$scratch/bob"; do
    git -C "$clone" config remote.origin.uploadpack "$scratch/counted/upload-pack"
    git -C "$clone" config remote.origin.receivepack "$scratch/counted/receive-pack"
  done
  : >"$state/connections"
}

# What was connected since the last time: "2 receive-pack, 1 upload-pack"; empty: nothing.
connections() {
  sort "$state/connections" | uniq -c | sed -E 's/^ +//' | paste -sd, | sed 's/,/, /g'
  : >"$state/connections"
}

hub_goes_away() { mv "$hub" "$hub.away"; }
hub_comes_back() { mv "$hub.away" "$hub"; }
