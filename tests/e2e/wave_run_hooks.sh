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
