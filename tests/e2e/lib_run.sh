# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# Plans for `git wave run`, and what must hold after any of its runs.
source "$lib_folder/lib_plans.sh"

# Creates session-20250102-030405 from lines "ID [NEEDED-ID…]"; each task is of a file of its own.
plan_like() {
  jq -Rn '{session_id: "session-20250102-030405", user_request: "Many things at once",
    tasks: [inputs | split(" ") | {id: .[0], description: "Make part \(.[0])", slug: "part-\(.[0])",
      provides: ["part \(.[0])"], preconditions: (.[1:] | map("part " + .)), files: ["part-\(.[0]).txt"],
      estimated_time: "5 minutes"}]}' >"$state/plan.json"
  git plan create -q -F "$state/plan.json" >"$state/plan.created"
}

# A dirty checkout of the user's, to be found as it was.
dirty_checkout() {
  echo "not to be lost" >>README.md
  echo "nor this" >notes.txt
  git add -N notes.txt
  checkout_snapshot
}

# What every worker can call: commits its part, unless an attempt that was cut short has.
cat >"$HOME/make-part" <<'END'
#!/bin/sh
[ -z "$(git ls-tree HEAD "part-$GIT_TASK_ID.txt")" ] || exit 0
echo "Part $GIT_TASK_ID" >"part-$GIT_TASK_ID.txt" && git add "part-$GIT_TASK_ID.txt" &&
  git commit -q -m "Make part $GIT_TASK_ID"
END
chmod +x "$HOME/make-part"
export MAKE="$HOME/make-part"

# How often a task was merged into flow.
merges_of() { # ID
  git log --merges --format='%(trailers:key=Task,valueonly,separator=%x2C)' flow | grep -cx "$1" || true
}

# Each task is in flow exactly once.
merged_once() { # ID…
  local id
  for id in "$@"; do
    same "$id: $(merges_of "$id")" "$id: 1"
  done
}

# No process, no lock, no note, no worker's record is left, and no slot but those named.
leaves_nothing() { # [SLOT…]
  no_processes
  nothing_left_over
  same "$(find "$(git rev-parse --show-toplevel)/.worktrees" -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null |
    sort | tr '\n' ' ')" "${*:+$* }"
  same "$(find "$(common_folder)/git-plan/workers" -name record 2>/dev/null || true)" ''
  fsck_clean
}
