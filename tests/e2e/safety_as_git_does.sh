#!/bin/bash
# What hooks, filters, submodules, permissions and encodings see of us is what they see of plain git worktree add,
# git checkout and git merge, played beside us.
# timeout: 240
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
git config --global protocol.file.allow always

hook() { # NAME < SCRIPT
  { echo '#!/bin/sh' && cat; } >"$(git rev-parse --git-path hooks/"$1")"
  chmod +x "$(git rev-parse --git-path hooks/"$1")"
}
no_hooks() { rm -f .git/hooks/*; }

# What a hook or filter can see of whoever called it, but for the names of folders and commits, and settings by -c.
cat >"$HOME/look" <<'END'
#!/bin/sh
{
  echo "= $*"
  echo "top of a worktree: $([ -e .git ] && echo yes)"
  echo "input: $(readlink /proc/self/fd/0 | sed 's/[0-9]\{4,\}/N/')"
  env | grep -E '^(GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|EXEC_PATH)|PATH|LC_ALL)=' | sort
} | sed -E "s,^PATH=([^:]+:)\\1,PATH=\\1,; s,$PWD,TOP,g; s,worktrees/[a-z0-9-]+,worktrees/NAME,g; s,[0-9a-f]{40},ID,g" >>"$HOME/seen"
END
chmod +x "$HOME/look"
seen() { cat "$HOME/seen" && : >"$HOME/seen"; }
: >"$HOME/seen"

# --- post-checkout: of a fresh worktree, and without a say in it ----------------------------------
new_repo
free_plan 9
hook post-checkout <<'END'
[ "$1" = 0000000000000000000000000000000000000000 ] && old=null
[ "$2" = "$(git rev-parse HEAD)" ] && new=HEAD
"$HOME/look" "$old" "$new" "$3" "$#" "files: $(ls | tr '\n' ' ')"
touch made-by-hook
exit 3
END
git worktree add -q "$scratch/plain" -b plain || true
expect test -e "$scratch/plain/README.md"
plain=$(seen)
same "$(head -n 1 <<<"$plain")" "= null HEAD 1 3 files: README.md "
run git task start 001
complains_like "^the post-checkout hook failed with exit status 3; '.worktrees/worker-1' is checked out all the same$"
expect test -e .worktrees/worker-1/README.md
expect test -e .worktrees/worker-1/made-by-hook
same "$(seen)" "$plain"

# A slot that is used again is a fresh worktree to it, and what it makes stays.
rm .worktrees/worker-1/made-by-hook
git branch other
run git wave worker add 1 other
expect test -e .worktrees/worker-1/made-by-hook
same "$(git -C .worktrees/worker-1 symbolic-ref HEAD)" refs/heads/other
same "$(seen)" "$plain"
same "$(git -C .worktrees/worker-1 status --porcelain)" "?? made-by-hook"

# Where core.hooksPath says, which counts from where git was called.
mkdir my-hooks && mv .git/hooks/post-checkout my-hooks/ && git config core.hooksPath my-hooks
git worktree add -q "$scratch/plain-2" -b plain-2 || true
expect test -e "$scratch/plain-2/made-by-hook"
plain=$(seen)
run git task start 002
same "$(seen)" "$plain"

# One that cannot be run is no reason not to work, and one that may not be is none.
printf '#!/no/such/interpreter\n' >my-hooks/post-checkout
run git task start 003
complains_like "^the post-checkout hook failed"
expect test -e .worktrees/worker-3/README.md
chmod -x my-hooks/post-checkout
run git task start 004
complains_unlike "post-checkout"
git config --unset core.hooksPath && rm -r my-hooks

# A git clone in it makes a repository of its own.
git init -q "$scratch/dependency" && git -C "$scratch/dependency" commit -q --allow-empty -m "Dependency"
hook post-checkout <<END
git clone -q "$scratch/dependency" vendor
END
run git task start 005
expect test -d .worktrees/worker-5/vendor/.git
rm -rf .worktrees/worker-5/vendor
no_hooks

# --- reference-transaction: of HEAD and ORIG_HEAD -------------------------------------------------
hook reference-transaction <<'END'
grep -E ' (ORIG_)?HEAD$' | sed -E "s/[1-9a-f][0-9a-f]{39}/ID/g; s/^/$1 /" >>"$HOME/seen"
END
git worktree add -q "$scratch/plain-3" -b plain-3
plain=$(seen)
run git task start 006
same "$(seen)" "$plain"
no_hooks

# --- filters ---------------------------------------------------------------------------------------
git config filter.look.smudge "$HOME/look; cat" && git config filter.look.clean cat
echo '*.looked filter=look' >.gitattributes && git add .gitattributes && commit_file a.looked a "Add a filtered file"
git branch -q -f flow main
git worktree add -q "$scratch/plain-4" -b plain-4
plain=$(seen)
expect grep -q '^GIT_DIR=' <<<"$plain"
run git task start 007
same "$(seen)" "$plain"
git branch again
run git wave worker add 7 again
seen >/dev/null

# A filter that is not there: git goes on without it, or, where it is required, does not begin.
git config filter.look.smudge 'no-such-program %f'
git worktree add -q "$scratch/plain-5" -b plain-5 2>/dev/null
run git task start 008
complains_like "^external filter 'no-such-program %f' failed 127$"
expect test -e .worktrees/worker-8/a.looked
git config filter.look.required true
expect_not git worktree add -q "$scratch/plain-6" -b plain-6
run git task start 009
exits 128
complains_like "^error: cannot check out 'task/009-task-9' in '.worktrees/worker-9': a filter failed$"
complains_like "no-such-program.*not found"
complains_like "^error: a.looked: smudge filter look failed$"
complains_like "^hint: .*, run: git config --get-regexp '\^filter\[.\]'$"
expect_not test -e .worktrees/worker-9
git config --unset filter.look.smudge && git config filter.look.process 'no-such-process --filter'
run git task start 009 --json
exits 128
json_error .error.code filter_failed
complains_like "no-such-process.*not found"
git config --remove-section filter.look
run git task start 009
expect test -e .worktrees/worker-9/a.looked

# --- line ends: what a fresh checkout shows as modified is nobody's work -----------------------------
new_repo lines
printf 'a\r\nb\r\n' >legacy.txt && cp legacy.txt "old and new.txt" && git add . && git commit -q -m "Legacy"
printf '*.txt text\n' >.gitattributes && git add .gitattributes && git commit -q -m "Attributes"
printf 'one\ntwo\n' >README.md && git add README.md && git commit -q -m "Lines"
git config core.autocrlf true
free_plan 3
git worktree add -q "$scratch/plain-lines" -b plain-lines
run git task start 001
same "$(cd .worktrees/worker-1 && sha1sum -- *)" "$(cd "$scratch/plain-lines" && sha1sum -- *)"
touch -d 2025-01-01 .worktrees/worker-1/*.txt
expect grep -q 'legacy.txt' <(git -C .worktrees/worker-1 status --porcelain)
run git wave status --json
json '.workers[0].dirty' false
work 1 one
run git task done 001
run git wave finish
complains_unlike rescued
expect_not test -e .worktrees/worker-1
run git task start 002
work 1 two
printf 'a\r\nmine\r\n' >.worktrees/worker-1/legacy.txt
run git task done 002
exits 3
complains_like "has uncommitted changes"

# The task may change such a file, where a merge has a checkout of its own, too.
hook commit-msg <<<'exit 0'
git -C .worktrees/worker-1 commit -q -a -m "Mine"
run git task done 002
expect grep -q mine <(git show flow:legacy.txt)

# --- submodules ----------------------------------------------------------------------------------
new_repo with-submodule
git submodule --quiet add "$scratch/dependency" sub && git commit -q -m "Submodule"
git config submodule.recurse true
free_plan 3
git worktree add -q "$scratch/plain-submodule" -b plain-submodule
run git task start 001
same "$(cd .worktrees/worker-1 && ls && ls -A sub)" "$(cd "$scratch/plain-submodule" && ls && ls -A sub)"
same "$(git -C .worktrees/worker-1 submodule status)" "$(git -C "$scratch/plain-submodule" submodule status)"
work 1 one
git branch other
run git wave worker add 1 other
run git task start 002
work 2 two
hook commit-msg <<<'exit 0'
run git task done 002 --verify='test -d sub'
run git task done 001 --verify='test -d sub'
run git wave finish
same "$(git status --porcelain)" ""

# --- core.sharedRepository: everything in the repository, and nothing in a worktree --------------------
not_shared() { # but for what git itself forgets
  find .git \( -type d ! -perm -g=rwx -o -type f ! -path '*/objects/*' ! -perm -g=rw -o -type f ! -perm -g=r \) \
    ! -name COMMIT_EDITMSG ! -path '.git/worktrees/plain*' -printf '%m %p\n'
}
for sharing in group all 0660 true; do
  git init -q --shared="$sharing" "$scratch/shared-$sharing" && cd "$scratch/shared-$sharing"
  no_hooks
  commit_file README.md "# Shared" "Begin"
  printf '.env\n' >.gitignore && cp .gitignore .worktreeinclude && git add . && git commit -q -m "Ignore"
  echo KEY=1 >.env && chmod 640 .env
  same "$(not_shared)" ""
  free_plan 3
  git worktree add -q "../plain-$sharing" -b plain
  run git task start 001
  same "$(stat -c '%a %n' .worktrees/worker-1/README.md)" "$(stat -c '%a' "../plain-$sharing/README.md") .worktrees/worker-1/README.md"
  same "$(stat -c %a .worktrees/worker-1/.env)" 640
  work 1 one
  run git task done 001
  run git wave run -j 2 -x 'umask >mask && git add mask && git commit -q -m mask'
  same "$(git show flow:mask)" 0022
  same "$(not_shared)" ""
done
same "$(find .git/git-plan -perm /o=w)" ""

# Exactly for those who are named, whatever the umask says.
git init -q --shared=0640 "$scratch/exact" && cd "$scratch/exact" && no_hooks
commit_file README.md "# Exact" "Begin"
free_plan 2
run git wave run -j 2 -x 'echo a >"$GIT_TASK_ID" && git add . && git commit -q -m a'
same "$(find .git -perm /o=rwx ! -name COMMIT_EDITMSG -printf '%m %p\n')" ""
same "$(find .git -type d ! -perm -g=rx -printf '%m %p\n')" ""

# --- encodings: what is written can be read, hooks or not, signed or not -------------------------------
new_repo encodings
git config i18n.commitEncoding ISO-8859-1 && git config i18n.logOutputEncoding ISO-8859-1
git config user.name 'Zoë' && GIT_AUTHOR_NAME='Zoë' GIT_COMMITTER_NAME='Zoë'
git plan create -q s1 --request='A café' && git task add -q 'Brew the café' && git task add -q 'Bouillir'
in_utf8() { git -c i18n.logOutputEncoding=UTF-8 log -1 "$@"; }
run git task start 001
same "$(in_utf8 --format='%an: %s' plan/s1 | grep -o 'Zoë')" "Zoë"
hook commit-msg <<'END'
cp "$1" "$HOME/message"
END
work 1 one
run git task done 001
same "$(in_utf8 --format='%an: %s' flow)" "Zoë: Merge task 001: Brew the café"
expect grep -q 'café' "$HOME/message"
# What others wrote in their own encoding is shown in ours.
run git task start 002
(cd .worktrees/worker-2 && echo 2 >two && git add two && printf 'Th\351' | git commit -q -F -)
run git task show 002 --json
json .last_commit "Thé"
run git task done 002
run git task show 001 --json
json .description 'Brew the café'
no_hooks

# --- merges: the hooks of git merge -------------------------------------------------------------------
new_repo merges
as Ada
for name in pre-merge-commit prepare-commit-msg commit-msg post-merge; do
  hook "$name" <<END
"\$HOME/look" $name "\$@"
END
done
free_plan 2
git worktree add -q "$scratch/plain-merge" -b plain-merge
git branch -q side && git -C "$scratch/plain-merge" commit -q --allow-empty -m "Ours" && seen >/dev/null
run git task start 001
work 1 one
seen >/dev/null
git -C "$scratch/plain-merge" merge -q --no-ff -m "Merge" task/001-task-1
plain=$(seen)
same "$(grep -c '^= ' <<<"$plain")" 4
run git task done 001
same "$(seen)" "$plain"

# In the checkout that follows flow, post-merge runs as after git merge --ff-only.
git checkout -q flow
run git task start 002
work 2 two
git checkout -q -b plain-flow && seen >/dev/null
git merge -q --ff-only task/002-task-2
plain=$(seen)
git checkout -q flow && seen >/dev/null
rm .git/hooks/*commit*
run git task done 002
same "$(seen)" "$plain"
no_hooks

# --- what --verify runs in has what a worktree has -----------------------------------------------------
new_repo verified
printf '.env\n' >.gitignore && cp .gitignore .worktreeinclude && git add . && git commit -q -m "Ignore"
echo KEY=1 >.env
free_plan 2
run git wave run -j 1 --verify='test -f .env' -x 'test -f .env && echo a >"$GIT_TASK_ID" && git add . && git commit -q -m a'
fsck_clean
no_locks
