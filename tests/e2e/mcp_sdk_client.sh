#!/bin/bash
# timeout: 240
# The seed's whole flow, driven by a client that we did not write: the official TypeScript SDK.
source "$(dirname "$0")/lib.sh"
client=$lib_folder/mcp/seed_flow.mjs
expect test -d "$lib_folder/mcp/node_modules/@modelcontextprotocol/sdk" # scripts/bootstrap --tests installs it

new_repo
as Ada
echo dirty >>README.md
echo mine >untracked
checkout_snapshot
run node "$client"
prints_like '^create_plan_branch$'
prints_like '^complete_task$'
prints_unlike '^does not'
complains_nothing
same "$(grep -cx complete_task "$out")" 5
same_checkout
same "$(git rev-list --count --first-parent --merges main..flow)" 5
run git plan show --json
json '[.completed_tasks, .total_tasks]' '[5,6]'
fsck_clean
no_locks
no_processes
