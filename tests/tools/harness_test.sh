#!/bin/bash
# The story harness itself: what holds passes, and every claim that does not hold fails its story, says
# where, and leaves nothing behind. harness_test.sh KILL_AT
set -euo pipefail
e2e=$(cd "$(dirname "$0")/../e2e" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/harness-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' TERM INT HUP

# A program for the stories to run: says its words, one a line, complains with GIT_PLAN_TEST_DATE, and exits as told.
mkdir -p "$scratch/bin/tests/tools" "$scratch/tmp"
ln -s "$1" "$scratch/bin/tests/tools/kill_at"
cat >"$scratch/bin/git-plan" <<'END'
#!/bin/sh
status=$1; shift
for word; do printf '%s\n' "$word"; done
echo "at ${GIT_PLAN_TEST_DATE:-no time}" >&2
exit "$status"
END
chmod +x "$scratch/bin/git-plan"
export GITPLAN_BIN=$scratch/bin TMPDIR=$scratch/tmp
export GITPLAN_SWEEP=all
unset GITPLAN_KEEP GITPLAN_PATIENCE GITPLAN_SANITIZE

# tell STORY: plays it; its outputs are in $scratch/told, its exit status in $status.
tell() {
  { printf '#!/bin/bash\nsource "%s/lib.sh"\n' "$e2e" && printf '%s\n' "$1"; } >"$scratch/story.sh"
  status=0
  "$e2e/run" "$scratch/story.sh" >"$scratch/told" 2>&1 || status=$?
  local left
  left=$(ls -A "$TMPDIR")
  if [[ -n $left ]]; then
    echo "harness_test: the story left '$left' behind: $1" >&2
    exit 1
  fi
}

passes() { # STORY
  tell "$1"
  if ((status != 0)); then
    printf 'harness_test: exit %s of a story that holds:\n%s\n--- told\n' "$status" "$1" >&2
    cat "$scratch/told" >&2
    exit 1
  fi
}

# The story fails, and what it tells has a line like ERE. The last line of the story is the one at fault.
breaks() { # ERE STORY
  tell "$2"
  if ((status == 0)) || ! grep -Eq -e "$1" "$scratch/told"; then
    printf 'harness_test: exit %s, where a failure like "%s" was expected, of the story:\n%s\n--- told\n' \
      "$status" "$1" "$2" >&2
    cat "$scratch/told" >&2
    exit 1
  fi
}

# --- what was run ---
passes 'run git plan 3 a; exits 3'
passes 'run git plan 0 a'
passes 'run git plan 0; exits 0; run git plan 5; fails'
breaks 'FAILED story.sh:3: exit 3, where 4' 'run git plan 3; exits 4'
breaks 'FAILED story.sh:4: exit 3 of the command at story.sh:3' $'run git plan 3\nrun git plan 0'
breaks 'story: at the end: exit 3 of the command at story.sh:3, where 0' 'run git plan 3'
breaks 'where a failure was expected' 'run git plan 0; fails'
breaks 'no orderly failure' 'run git plan 139; fails'
breaks 'no orderly failure' 'run no-such-program; fails'
breaks 'FAILED story.sh:3: exit 1 of: false' $'false\nrun git plan 0; exits 0'
breaks 'FAILED story.sh:3: exit 1 of' $'x=$(false)\nrun git plan 0; exits 0'
breaks 'without a claim' 'git --version >/dev/null'
breaks "'git' 'plan' '0' 'it said this'" $'run git plan 0 "it said this"\nexits 1'
breaks '^it said this$' $'run git plan 0 "it said this"\nexits 1'
breaks 'FAILED' '(fail "in a subshell") || true; run git plan 0'

# --- what it printed ---
passes $'run git plan 0 one two\nprints <<END\none\ntwo\nEND'
passes 'run git plan 0 one; prints one; prints_like "^o.e$"; prints_unlike two'
passes 'at 2025-01-02T03:04:05Z; run git plan 0; prints_nothing; complains "at 1735787045"; complains_like ^at'
passes 'run git plan 0 "a 123 b*c" x y z; prints $'"'a [..] b*c\\n...\\nz'"
passes 'run git plan 0 "[a]"; prints "[a]"; run git plan 0 x "[a] 12"; prints $'"'...\\n[a] [..]'"
passes 'run git plan 0 a; prints $'"'...\\na\\n...'"
breaks '^\+two$' 'run git plan 0 one two; prints one'
breaks 'prints something else' 'run git plan 0 "one "; prints one'
breaks 'prints something else' 'run git plan 0 bXc 1; prints $'"'b*c\\n[..]'"
breaks 'prints something else' 'run git plan 0 x y; prints $'"'...\\nx'"
breaks 'prints something else' 'run git plan 0 x; prints $'"'x\\n[..]'"
breaks 'complains something else' 'run git plan 0; complains "at a time"'
breaks 'say prints_nothing|prints_nothing where' 'run git plan 0; prints </dev/null'
breaks 'stdout is not empty' 'run git plan 0 x; prints_nothing'
breaks 'stderr is not empty' 'run git plan 0; complains_nothing'
breaks 'no line of stdout' 'run git plan 0 x; prints_like y'
breaks 'no line of stderr' 'run git plan 0 x; complains_like y'
breaks 'a line of stdout' 'run git plan 0 x; prints_unlike x'
breaks 'a line of stderr' 'run git plan 0 x; complains_unlike at'
breaks 'a line of stdout' 'run git plan 0 x; prints_unlike "("'

# --- JSON ---
object='{"schema":1,"tasks":[{"id":"001","ready":true}]}'
passes "run git plan 0 '$object'; json '.tasks[].ready'; json '.tasks[].id' 001; json '.tasks' '[{\"id\":\"001\",\"ready\":true}]'"
passes "run sh -c 'echo narration >&2; printf %s \"\$1\" >&2; exit 2' - '{\"schema\":1,\"error\":{\"code\":\"x\"}}'; exits 2; json_error .error.code x"
breaks 'not true' "run git plan 0 '$object'; json '.tasks[].id == \"002\"'"
breaks 'not true' "run git plan 0 '$object'; json '.tasks[1:][]'"
breaks 'not true' "run git plan 0 '$object'; json .absent"
breaks 'has another .tasks' "run git plan 0 '$object'; json '.tasks[].id' 002"
breaks 'not a jq filter' "run git plan 0 '$object'; json '.[' 1"
breaks 'not one JSON object' "run git plan 0 '$object' '$object'; json .schema 1"
breaks 'not one JSON object' "run git plan 0 '{\"a\":1,\"schema\":1}'; json .schema 1"
breaks 'not one JSON object' 'run git plan 0 text; json .schema 1'
breaks 'not one JSON object' 'run git plan 0; json .schema 1'

# --- other claims ---
passes 'expect test 1 = 1; expect_not test 1 = 2; same a a'
breaks 'does not hold' 'expect test 1 = 2'
breaks 'holds, but' 'expect_not test 1 = 1'
breaks "'a', where 'b'" 'same a b'

# --- repositories ---
world='new_repo; commit_file a/b.txt text Second; git worktree add -q ../other -b other; echo x >>.git/info/exclude; echo i >x
  git worktree add -q .worktrees/worker-1 -b task; echo changed >a/b.txt; checkout_snapshot;'
passes "$world"'same_checkout; fsck_clean; no_locks'
passes "$world"'echo more >.worktrees/worker-1/new; git branch topic; git -C .worktrees/worker-1 commit -q --allow-empty -m x; same_checkout'
passes "$world"'cd ../other; same_checkout; cd "$scratch/repo/a"; same_checkout'
for change in 'echo more >>README.md' 'echo new >new' 'echo j >x' 'chmod +x README.md' 'git add a' 'git reset -q --hard' \
  'git stash -q' 'git checkout -q --detach' 'git checkout -q -b elsewhere' 'git commit -q --allow-empty -m x' \
  'git update-index --assume-unchanged README.md' 'rm README.md' 'ln -sf a link' 'touch -d @1 README.md' \
  'git branch -f other HEAD~1' 'echo new >../other/new' 'git worktree remove ../other' 'git merge --no-commit -q --no-ff other'; do
  extra=
  [[ $change != *merge* ]] || extra='git -C ../other commit -q --allow-empty -m y; checkout_snapshot;'
  # A branch that a worktree has checked out can be moved under it: its HEAD is then another commit.
  change=${change/git branch -f other/git update-ref refs/heads/other}
  breaks "checkout is not as it was" "$world$extra$change; same_checkout"
done
passes "$world"'repository_snapshot; GIT_OPTIONAL_LOCKS=0 git status >/dev/null; git log >/dev/null; same_repository'
breaks 'repository is not as it was' "$world"'repository_snapshot; git branch topic; same_repository'
breaks 'repository is not as it was' "$world"'repository_snapshot; echo blob | git hash-object -w --stdin >/dev/null; same_repository'
breaks 'repository is not as it was' "$world"'repository_snapshot; git config a.b c; same_repository'
breaks 'a lock stays in the way' "$world"'touch .git/index.lock; no_locks'
passes "$world"'mkdir .git/git-plan; touch .git/git-plan/store.lock; no_locks'
breaks 'not clean' "$world"'rm -f .git/objects/$(git rev-parse HEAD^{tree} | sed "s,..,&/,"); fsck_clean'

# --- who and when ---
passes 'new_repo; as "Ada Lovelace"; at 2025-01-02T03:04:05Z; commit_file a b c
  same "$(git log -1 --format="%an <%ae> %cn %aI %cI")" "Ada Lovelace <ada.lovelace@example.com> Ada Lovelace 2025-01-02T03:04:05+00:00 2025-01-02T03:04:05+00:00"'
passes 'new_repo; as_nobody; run git commit --allow-empty -m x; exits 128; complains_like "user.(name|email)|tell me who you are"'
GIT_DIR=/nowhere GIT_INDEX_FILE=/nowhere passes 'new_repo; expect git rev-parse HEAD'
passes 'run git rev-parse; exits 128; expect test "$HOME" = "$scratch/home"'

# --- several at once, kills ---
passes 'spawn git plan 0 a; spawn git plan 5; all_exit 0 5'
breaks '1 of 2 spawned' 'spawn git plan 0; spawn git plan 5; all_exit 0'
breaks 'nothing was spawned' 'all_exit 0'
passes '(sleep 0.2; touch there) & wait_until test -e there; expect test -e there'
breaks 'still running' 'sleep 60 & no_processes'
passes 'sleep 0.1 & wait; no_processes'
sweep='new_repo; kills=0; cd "$PWD"; two() { echo 1 >a; echo 2 >b; }; export -f two;'
passes "$sweep"'after() { kills=$((kills + 1)); run bash -c two; same "$(cat a b | xargs)" "1 2"; }
  kill_sweep --whole-tree --step 1 after bash -c two; same "$kills $sweep_kills" "4 4"; expect test -e b'
passes "$sweep"'after() { expect true; }; kill_sweep --whole-tree after bash -c two; same "$sweep_kills" 2'
passes "$sweep"'after() { expect true; }; kill_sweep --root-only --step 2 after bash -c two; same "$sweep_kills" 2'
breaks "'half', where 'whole'" "$sweep"'after() { [[ $1 != 3 ]] || same half whole; }; kill_sweep --whole-tree after bash -c two'
breaks 'nothing to kill' "$sweep"'after() { :; }; kill_sweep --whole-tree after true'
breaks 'under kill_at' "$sweep"'after() { :; }; kill_sweep --whole-tree after bash -c "exit 3"'

# --- sanitizers and limits ---
breaks 'a sanitizer found' 'run sh -c "echo AddressSanitizer >\${ASAN_OPTIONS##*log_path=}.1"; exits 0'
breaks 'a sanitizer found' 'run sh -c "echo a.cpp:1:2: runtime error: overflow >&2"; exits 0'
breaks 'a sanitizer found' 'spawn sh -c "echo a.cpp:1:2: runtime error: overflow >&2"; all_exit 0'
breaks 'stopped after 1 seconds' $'# timeout: 1\nrun sleep 60'
GITPLAN_BIN=$scratch breaks 'no git-plan in' 'expect true'
