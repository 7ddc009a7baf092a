#!/bin/bash
# timeout: 200
# A disk that is full while a worker ends: how it ended is kept once there is room again; and where the run itself can
# write nothing, its tasks stay as they are, and the next run goes on with them.
for contain in "unshare -m" "unshare --user --map-root-user -m"; do # its mounts are its own
  [[ -z ${has_own_mounts:-} ]] || break
  # shellcheck disable=SC2086 # words
  ! $contain true 2>/dev/null || has_own_mounts=1 exec $contain bash "$0" "$@"
done
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
mkdir "$scratch/disk"
if ! mount -t tmpfs -o size=8m disk "$scratch/disk" 2>/dev/null; then
  echo "skipped: no file system can be mounted here"
  exit 77
fi
new_repo
independent_plan 2
cd "$scratch"
cp -a repo disk/repo
cd disk/repo
rm -f .git/hooks/*
touch "$HOME/first"
git wave run -j 1 -x '"$MAKE" && if [ -e "$HOME/first" ]; then
  rm "$HOME/first"; touch "$HOME/begun"; until [ -e "$HOME/full" ]; do sleep 0.05; done; fi' >"$out" 2>"$err" &
run_id=$!
wait_until test -e "$HOME/begun"
dd if=/dev/zero of="$scratch/disk/fill" bs=4k >/dev/null 2>&1 || true
touch "$HOME/full"
sleep 2
rm "$scratch/disk/fill"
wait "$run_id" || git wave run -q -j 1 -x '"$MAKE"' >"$out" 2>"$err"
merged_once 001
merged_once 002
leaves_nothing
cd "$scratch"
settle
umount "$scratch/disk"
