#!/bin/bash
# What a fetched plan says reaches no terminal raw, and a checkout of a plan that moves on is named.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_strangers.sh"
as Ada
share_with_me
clean_words() { expect_not grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' "$err"; }

plan_text '\u001b[31mX\u0007\r' flow 001 | push_plan s1
git plan sync -q >/dev/null
run git plan update --note=x --expect=v9
exits 5
clean_words
run git plan approve --expect=v9
exits 5
clean_words
flow=$(printf 'x\302\23331m\342\200\256X')
git branch "$flow" main
git push -q origin "$flow"
plan_text s1 "$flow" 001 | push_plan s1
git plan sync -q >/dev/null
git task start -q 001 >/dev/null
(cd .worktrees/worker-1 && commit_file one.txt one One)
git task done 001 -q >/dev/null 2>&1
for verb in reset fail cancel; do
  run git task $verb 001
  exits 3
  clean_words
done

share_with_me
git worktree add -q "$scratch/by-hand" plan/s1
in_own git task add Three -q >/dev/null
run git plan sync
exits 0
complains_like "^'$scratch/by-hand' has 'plan/s1' checked out, and not this version of it$"
