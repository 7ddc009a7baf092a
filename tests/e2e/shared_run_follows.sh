#!/bin/bash
# What a run pushes: claims of all free slots in one push, then landings together with the claims that follow them;
# and each landing says whose worker did it. A clone belongs to one host. Without plan.remote nothing of this is there.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared_runs.sh"
as Ada
share_between ada
git config wave.lease 900
add_tasks One Two Three Four Five Six Seven Eight Nine Ten
cat >"$HOME/work" <<'WORK'
#!/bin/sh
echo x >"$GIT_TASK_ID.txt" && git add . && git commit -q -m Work
WORK
chmod +x "$HOME/work"
printf '#!/bin/sh\necho push >>"%s/pushes"\n' "$HOME" >"$scratch/hub/hooks/pre-receive"
chmod +x "$scratch/hub/hooks/pre-receive"
start_run ada -j 1
ends_with ada 0
expect test "$(wc -l <"$HOME/pushes")" -le 12
same "$(claims)" ''
same "$(on_hub log --first-parent --format=%B flow | grep -c '^Machine: ada$')" 10
same "$(git plan report --json | jq -c '[.tasks[].run.machine] | unique')" '["ada"]'

# Another host's worktrees are not touched.
echo 'elsewhere far' >.git/git-plan/host
add_tasks Eleven
git task start 011 -q >/dev/null
run git wave run -- "$HOME/work"
exits 3
complains_like "^error: the worktrees of this clone are those of host 'far'$"
complains_like '^hint: to have a clone of this host.s own, run: git clone '
rm .git/git-plan/host

# A clone needs no more than this to join.
git task reset 011 -q >/dev/null
git clone -q "$scratch/hub" "$scratch/bob"
cd "$scratch/bob"
run git wave run --remote=origin -- "$HOME/work"
exits 0
same "$(git config plan.remote)" origin
same "$(claims)" ''
sound
