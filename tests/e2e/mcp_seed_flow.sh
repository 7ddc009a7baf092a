#!/bin/bash
# timeout: 600
# The seed's calls in their order, with their own arguments, over the raw protocol; its workers are shells.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"
steps=$lib_folder/mcp/seed_flow.json

new_repo
as Ada
echo dirty >>README.md
echo mine >untracked
checkout_snapshot
serve

count=$(jq length "$steps")
for ((i = 0; i < count; i++)); do
  jq ".[$i]" "$steps" >"$state/step"
  tool=$(jq -r '.tool // empty' "$state/step")
  if [[ -n $tool ]]; then
    call "$tool" "$(jq -c .arguments "$state/step")"
    filter=$(jq -r '.holds // "true"' "$state/step")
    json "$filter"
    exits 0
  else # a worker: reads its task, works, merges
    worker=$(jq -r .worker "$state/step")
    file=$(jq -r .file "$state/step")
    work "$worker" "$file"
    run git -C ".worktrees/worker-$worker" task done
    exits 0
  fi
  same_checkout
done

run git log --format=%s --first-parent --reverse main..flow
prints <<'END'
Merge task 001: Create User model with email/password
Merge task 002: Create AuthService with login/register
Merge task 003: Add JWT token generation
Merge task 004: Add authentication endpoints
Merge task 005: Write integration tests
END
run git log --format=%s --reverse plan/session-20250112-143000
same "$(git show plan/session-20250112-143000:plan.toml | grep -c '^note = ')" 4
expect test ! -e .worktrees/worker-1
expect test ! -e .worktrees/worker-2
fsck_clean
hang_up
same "$(cat "$state/mcp.err")" ''
