#!/bin/bash
# wave-pre-run and wave-post-run.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
independent_plan 2
for name in wave-pre-run wave-post-run; do
  cat >".git/hooks/$name" <<'END'
#!/bin/sh
echo "$(basename "$0") $GIT_TASK_ID $GIT_TASK_ATTEMPT $GIT_WAVE_WORKER ${GIT_WAVE_EXIT_STATUS-none} $(basename "$PWD")" >>"$HOME/log"
[ "$(basename "$0")" = wave-post-run ] || [ "$GIT_TASK_ID" != 002 ] || { echo "no licence"; exit 4; }
END
  chmod +x ".git/hooks/$name"
done
run git wave run -j 1 --keep-going -x 'echo "command $GIT_TASK_ID" >>"$HOME/log"; "$MAKE" && exit 0'
exits 1
prints <<'END'
002  failed: the wave-pre-run hook failed with exit status 4
1 of 2 tasks completed (v[..])
END
complains_like '^    no licence$'
same "$(cat "$HOME/log")" "wave-pre-run 001 1 1 none worker-1
command 001
wave-post-run 001 1 1 0 worker-1
wave-pre-run 002 1 1 none worker-1"
leaves_nothing worker-1

# The exit status is told; hooks can be left out; a slot that cannot be prepared leaves its task unstarted.
git task reset -q 002
rm "$HOME/log"
run git wave run --no-hooks -x 'exit 6'
exits 1
expect_not test -e "$HOME/log"
git task reset -q 002
rm .git/hooks/wave-pre-run
run git wave run -x 'exit 6'
exits 1
same "$(cat "$HOME/log")" "wave-post-run 002 1 1 6 worker-1"
git task reset -q 002
printf '#!/bin/sh\nexit 3\n' >.git/hooks/wave-post-create
chmod +x .git/hooks/wave-post-create
run git wave run -x '"$MAKE"'
exits 1
prints_like '^002  pending: it could start$'
complains_like '^002  failed: the wave-post-create hook failed with exit status 3'
expect_not git rev-parse -q --verify task/002-part-2
leaves_nothing

# The hooks of a slot's life are told the same; one that hangs at the end goes with the run.
new_repo slots
independent_plan 2
rm -f "$HOME/log"
for name in wave-post-create wave-pre-run wave-post-run wave-pre-remove wave-post-remove; do
  cat >".git/hooks/$name" <<'END'
#!/bin/sh
echo "$(basename "$0") $GIT_TASK_ID $GIT_TASK_ATTEMPT $(basename "$GIT_TASK_PROMPT_FILE")" >>"$HOME/log"
[ "$(basename "$0")" != wave-pre-remove ] || [ ! -e "$HOME/hangs" ] || { touch "$HOME/at.hook"; exec sleep 1000; }
END
  chmod +x ".git/hooks/$name"
done
touch "$HOME/hangs"
for signal in INT TERM; do
  rm -f "$HOME/at.hook"
  env --default-signal=INT "$GITPLAN_BIN/git-wave" run -j 1 -x '"$MAKE"' >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until test -e "$HOME/at.hook"
  kill "-$signal" "$run_id"
  run wait "$run_id"
  exits $((128 + $(kill -l $signal)))
  no_processes
done
merged_once 001 002
rm "$HOME/hangs"
run git wave run -x '"$MAKE"'
exits 0
same "$(grep -v ' 00[12] 1 prompt$' "$HOME/log" || true)" ''
same "$(cut -d' ' -f1 "$HOME/log" | sort -u | tr '\n' ' ')" \
  'wave-post-create wave-post-remove wave-post-run wave-pre-remove wave-pre-run '
leaves_nothing
