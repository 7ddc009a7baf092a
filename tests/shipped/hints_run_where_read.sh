#!/bin/bash
# timeout: 240
# Every hint runs as it is printed, in the folder in which it was read: in the project's, in a worker's worktree, below
# them; about the plan that the command was about. One repository with tasks in every state; each command is typed in
# it as it stood, then what its hints say.
source "$(dirname "$0")/../e2e/lib.sh"
source "$lib_folder/lib_seed.sh"
export GIT_MERGE_AUTOEDIT=no
as Ada
at 2025-01-12T14:30:00Z
new_repo
mkdir -p sub/folder && commit_file sub/folder/file x 'Add a folder'

# s2 is finished, s3 has a failed task, s1 is the current one: 001 merged, 002 ready to be merged in worker-1, 003 in
# worker-2 conflicts with flow, 004 failed in worker-3, 005 is dirty in worker-4, 006 waits for 003, 007 wants the
# file of 002, 008 is cancelled, 009 conflicts too and has no worktree, 010 may start.
free_plan 1 s2
git task start -q 1 >/dev/null && work 1 two && git task done -q 1 >/dev/null && git wave finish -q >/dev/null
free_plan 2 s3
git task fail -q 1 >/dev/null
free_plan 10
for change in 006.depends_on=003 002.files=one 007.files=one; do
  git plan update -q --set "$change" >/dev/null
done
git task start -q 1 >/dev/null && work 1 shared mine && git task done -q 1 >/dev/null && git wave finish -q >/dev/null
for task in 2 3 4 5; do
  git task start -q --worker=$((task - 1)) $task >/dev/null
done
work 1 one
(cd "$(slot 2)" && git reset -q --hard HEAD && git rm -q shared && git commit -qm 'Remove it')
git task create -q 9 >/dev/null
git worktree add -q ../nine task/009-task-9
(cd ../nine && commit_file shared theirs 'Write shared')
(cd "$(slot 2)" && commit_file shared other 'Write shared')
git worktree remove ../nine
git worktree add -q --detach ../elsewhere flow
(cd ../elsewhere && commit_file shared ours 'Change shared' && git push -q . HEAD:flow)
git worktree remove ../elsewhere
git task fail -q 4 -m 'Sessions or tokens?' >/dev/null
git task cancel -q 8 >/dev/null
echo dirty >"$(slot 4)/dirty"
repo=$PWD
cp -a "$repo" "$scratch/as-it-stood"

restore() {
  cd "$scratch"
  rm -rf "$repo"
  cp -a "$scratch/as-it-stood" "$repo"
}

# The commands that hints on stderr name.
hints() { sed -nE 's/^hint: .*: (git .*)$/\1/p' "$1"; }

# Types a command in a folder of the repository, as it stood; then, each after the same, what its hints say.
hinted() { # FOLDER COMMAND…
  local folder=$1 hint hint_status typed=no
  shift
  restore
  cd "$repo/$folder"
  "$@" >"$out" 2>"$err" </dev/null || true
  hints "$err" >"$scratch/hints"
  [[ -s $scratch/hints ]] || fail "no hint of: $* (in '$folder'): $(<"$err")"
  while IFS= read -r hint <&3; do
    if [[ $typed == yes ]]; then
      restore
      cd "$repo/$folder"
      "$@" >/dev/null 2>&1 </dev/null || true
    fi
    typed=yes hint_status=0
    bash -c "$hint" >"$out" 2>"$err" </dev/null || hint_status=$?
    # 1 is an answer: conflicts are to be resolved, a check finds what is wrong.
    if ((hint_status > 1)) || grep -vE '^error: could not revert ' "$err" | grep -qE '^(error|fatal): '; then
      fail "$* (in '$folder') says: $hint: exit $hint_status: $(<"$err")"
    fi
    claims=$((claims + 1))
  done 3<"$scratch/hints"
  cp "$scratch/hints" "$out"
}

# --- in the project's folder ---
hinted . git task start 6
hinted . git task start 2
hinted . git task start 7
hinted . git task start 4
hinted . git task start 1
hinted . git task start 10 --worker=3
hinted . git task create 2
hinted . git task create 9
hinted . git task "done" 3
prints "git -C $(slot 2) merge flow"
hinted . git task "done" 9
prints 'git task start 009'
hinted . git task "done" 4
hinted . git task "done" 10
hinted . git task "done" 5
hinted . git task "done" 2
hinted . git task cancel 1
hinted . git task cancel 2
hinted . git task reset 1
hinted . git task show 99
hinted . git task add x --after=99
hinted . git wave finish
hinted . git wave finish 2
prints 'git task done 002'
hinted . git wave finish 4
prints 'git task reset 004'
hinted . git wave finish 8
hinted . git wave finish 10
prints 'git task start 010'
hinted . git wave start -j 9
hinted . git wave worker add 2 task/002-task-2
hinted . git plan create s1
hinted . git plan delete s1
hinted . git plan show nope
hinted . git plan init --flow=plan
hinted . git plan update --set 002.status=completed
prints 'git plan update --complete=002'
hinted . git plan update --note=x --expect=v1

# --- in a folder below it, and in workers' worktrees ---
hinted sub/folder git task "done" 3
hinted .worktrees/worker-1 git task "done"
prints 'git wave next'
hinted .worktrees/worker-1 git task start 6
hinted .worktrees/worker-2/sub git task "done"
prints 'git merge flow'
hinted .worktrees/worker-4 git task "done"
hinted .worktrees/worker-3 git task "done"
prints 'git task done 004 --allow-empty'

# --- about another plan than the current one ---
hinted . git task start 1 --plan=s3
prints 'git task reset 001 --plan=s3'
hinted . git task start s3/1
prints 'git task reset 001 --plan=s3'
hinted . git wave finish 2 --plan=s3
prints 'git task start 002 --plan=s3'
hinted . git task cancel s2/1
prints 'git task show s2/001'
hinted . git task create s3/2
prints 'git task start 002 --plan=s3'
cd "$scratch"
