#!/bin/bash
# timeout: 400
# Four clones and forty tasks, while clones are killed and cut off and the hub is killed in pushes: see
# tests/bench/machines-soak for what must hold.
source "$(dirname "$0")/lib.sh"
as Ada
run env GITPLAN_BIN="$GITPLAN_BIN" GITPLAN_SOAK_SECONDS=200 "$lib_folder/../bench/machines-soak" 4 40 2 20250102
exits 0
prints_like '^4 clones of 2 workers, 40 tasks: '
