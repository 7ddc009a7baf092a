#!/bin/bash
# plan.toml in the user's editor: checked, committed, never lost.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000
cat >plan.toml <<'END'
user_request = "Users"   # why

# The first.
[[tasks]]
id = "001"
description = "Model"

[[tasks]]
id = "002"
description = "View"
END
git plan create -q -F plan.toml >/dev/null
rm plan.toml
branch=plan/$plan
kept=$(common_folder)/plan-edit
tip() { git rev-parse $branch; }
kept_files() { { find "$kept" -type f 2>/dev/null || true; } | sort; }

# An editor that runs the n-th of its scripts at its n-th call, and keeps what it was shown.
mkdir "$scratch/bin"
cat >"$scratch/bin/play" <<'END'
#!/bin/sh
n=$(($(cat "$HOME/calls" 2>/dev/null || echo 0) + 1))
echo "$n" >"$HOME/calls"
cp "$1" "$HOME/shown.$n"
echo 'an editor may say things'
eval "$(sed -n "${n}p" "$HOME/scripts")"
END
chmod +x "$scratch/bin/play"
play() { # SCRIPT…   ($1 in them is the file)
  rm -f "$HOME"/calls "$HOME"/shown.*
  printf '%s\n' "$@" >"$HOME/scripts"
  export GIT_EDITOR=$scratch/bin/play
}
calls() { cat "$HOME/calls"; }

# What is shown is the plan's text and, below, what to do.
play 'sed -i s/Model/User-model/ "$1"'
checkout_snapshot
run git plan edit
prints "$branch v2"
complains_like '^an editor may say things$'
same "$(head -n 4 "$HOME/shown.1")" "$(git show $branch~:plan.toml | head -n 4)"
expect grep -q "^# This is v1 of $branch; the next version is what you make of it.$" "$HOME/shown.1"
same "$(git diff --unified=0 $branch~ $branch | grep '^[-+]' | tail -n +3)" '-version = 1
+version = 2
-description = "Model"
+description = "User-model"'
same "$(git log -1 --format=%s $branch)" 'Edit: description of 001 (v2)'
same "$(kept_files)" ''
same_checkout

# No change, no version: also where the editor touches the file, or only our own lines.
before=$(tip)
play 'touch "$1"' ; run git plan edit $plan --json
json '[.plan_version, .changed, .success]' '["v2",false,true]'
play 'sed -i "s/^# This is/# That was/" "$1"' ; run git plan edit
prints "$branch v2 (unchanged)"
# An emptied file, a failing editor, none at all: nothing changes, nothing stays.
play ': >"$1"' ; run git plan edit
exits 128
complains <<END
an editor may say things
error: the text is empty: nothing was changed
hint: to delete a plan, run: git plan delete $plan
END
play 'rm "$1"' ; run git plan edit
exits 128
play 'exit 7' ; run git plan edit
exits 128
prints_nothing
complains_like "^error: there was a problem with the editor '.*/play': exit status 7$"
export GIT_EDITOR=no-such-editor
run git plan edit
exits 128
unset GIT_EDITOR
TERM=dumb run env -u EDITOR -u VISUAL git plan edit
exits 128
complains_like '^error: no editor: '
same "$(tip) $(kept_files)" "$before "
# An editor that failed after work was done loses nothing of it.
play 'sed -i s/View/Views/ "$1"; exit 1' ; run git plan edit
exits 128
same "$(kept_files)" "$kept/$plan.toml"
complains_like "^hint: your text is kept in $kept/$plan.toml$"
run git plan edit $plan -F "$kept/$plan.toml"
prints "$branch v3"
expect grep -q '^description = "Views"' <(git show $branch:plan.toml)
rm "$kept/$plan.toml"

# A mistake comes back as a comment, with the lines as they are shown; comments, too, make a version.
play 'sed -i "s/id = \"002\"/id = \"001\"/" "$1"' \
  'sed -i "0,/^id = .001./! s/^id = .001./id = \"003\"/" "$1"; sed -i "s/^# The first/# The very first/" "$1"'
run git plan edit
prints "$branch v4"
same "$(calls)" 2
line=$(grep -n '^id = "001"' "$HOME/shown.2" | tail -n 1 | cut -d: -f1)
expect grep -q "^#! error: plan '$plan': line $((line - 1)): .*001" "$HOME/shown.2"
expect_not grep -q -e '^#!' -e '>8' <(git show $branch:plan.toml)
expect grep -q '^# The very first' <(git show $branch:plan.toml)
play 'echo "x = [" >"$1"' ; before=$(tip)
run git plan edit
exits 128
same "$(calls)" 2
complains_like "^error: plan '$plan': "
complains_like "^hint: to commit it, mend it and run: git plan edit $plan -F $kept/$plan.toml$"
expect grep -qx 'x = \[' "$kept/$plan.toml"
rm "$kept"/*
# An editor that only makes it worse is not called for ever.
play $'sed -i "1i [[" "$1"\n' ; printf 'sed -i "1i [[" "$1"\n%.0s' {1..99} >"$HOME/scripts"
run git plan edit
exits 128
same "$(calls)" 10
same "$(kept_files)" "$kept/$plan.toml"
rm "$kept"/*
# What is appended to the file is part of the text, mistakes too.
play 'printf "\n[[tasks]]\nid = \"004\"\n" >>"$1"' 'echo "description = \"Test\"" >>"$1"'
run git plan edit
prints "$branch v5"
complains_like "^an editor may say things$"
expect grep -Eq "^#! error: plan '$plan': line [0-9]+: task '004': no description$" "$HOME/shown.2"
same "$(git show $branch:plan.toml | tail -n 3)" '[[tasks]]
id = "004"
description = "Test"'
git update-ref refs/heads/$branch "$before"
# A plan keeps its name.
play "sed -i s/$plan/session-20250112-150000/ \"\$1\"" ; run git plan edit
exits 128
complains_like "^error: plan '$plan': session_id may not change to 'session-20250112-150000'$"
rm "$kept"/*
same "$(tip)" "$before"

# Others write meanwhile: both are kept.
play "sed -i 's/Users/People/' \"\$1\"; git plan update -q --complete=3 --note=Meanwhile >/dev/null 2>&1"
run git plan edit
prints "$branch v6"
complains_like '^merged your text with v5, made meanwhile$'
run git plan show --json
json '[.user_request, .tasks[1].status, .architecture_updates[0].note]' '["People","completed","Meanwhile"]'
# Where both changed the same, the editor shows both.
play "sed -i 's/People/Mine/' \"\$1\"; git plan update -q --set user_request=Theirs >/dev/null" \
  'sed -i -e "/^<<<<<<</d" -e "/^=======/,/^>>>>>>>/d" "$1"'
run git plan edit
prints "$branch v8"
expect grep -q '^#! error: the plan changed meanwhile, and is at v7: conflicts$' "$HOME/shown.2"
expect grep -q '^user_request = "Mine"' <(git show $branch:plan.toml)
# Left unresolved, the text stays in its file, and theirs in the plan.
play "sed -i 's/Mine/My own/' \"\$1\"; git plan update -q --set user_request=Theirs >/dev/null"
run git plan edit
exits 128
same "$(kept_files)" "$kept/$plan.toml"
expect grep -q '^<<<<<<< your text$' "$kept/$plan.toml"
expect grep -q '^user_request = "My own"' "$kept/$plan.toml"
expect grep -q '^user_request = "Theirs"' <(git show $branch:plan.toml)
run git plan edit $plan -F "$kept/$plan.toml"
exits 128
complains_like '^error: line [0-9]+: a conflict marker is left$'
rm "$kept"/*

# A text from elsewhere: taken if it is of the version that there is.
git show $branch:plan.toml >mine.toml
sed -i 's/Theirs/Again/' mine.toml
run git plan edit --plan=$plan -F - <mine.toml
prints "$branch v10"
run git plan edit -F mine.toml
exits 5
complains_like "^error: 'mine.toml' is v9 of the plan, which is at v10$"
run git plan edit -F /dev/null
exits 128
run git plan edit nowhere
exits 2
fsck_clean

# A plan that nobody can read is mended here.
git worktree add -q ../hand $branch
cp ../hand/plan.toml good.toml
echo '[[' >>../hand/plan.toml
git -C ../hand commit -q -a -m Oops
git worktree remove ../hand
run git plan show $plan
exits 128
play 'sed -i "/^\[\[$/d" "$1"' ; run git plan edit $plan
prints "$branch v11"
complains_like '^an editor'
run git plan show $plan --json
json .user_request Again

# Merged tasks are recorded along the way, and no checkout moves.
git task start -q 001 >/dev/null
(cd .worktrees/worker-1 && commit_file a.txt A 'Do it')
git checkout -q -b flow-work flow && git merge -q --no-edit task/001-user-model && git branch -q -f flow HEAD && git checkout -q main
checkout_snapshot
play 'sed -i s/Again/Finally/ "$1"' ; run git plan edit $plan
same "$(git show $branch:plan.toml | grep -c 'status = "completed"')" 2
same_checkout
fsck_clean
no_locks
