#!/bin/bash
# Where a merge happens, git's own means apply: drivers, attributes, signing, reference-transaction hooks.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
printf 'log merge=union\nversion merge=highest\n' >.gitattributes
printf 'one\n' >log && echo 1 >version && mkdir lib && echo x >lib/x && git add . && git commit -q -m "Begin more"
git config merge.highest.driver 'sort -n %A %B | tail -n 1 >%A.new && mv %A.new %A'
free_plan 5
git wave start -q -j 5
(cd .worktrees/worker-1 && echo "of 1" >>log && echo 7 >version && git commit -q -am "One")
(cd .worktrees/worker-2 && echo "of 2" >>log && echo 3 >version && git commit -q -am "Two")
run git task done 001
run git task done 002
same "$(git show flow:log)" "one
of 1
of 2"
same "$(git show flow:version)" 7

# A renamed folder takes new files along.
git config merge.directoryRenames true
(cd .worktrees/worker-3 && git mv lib library && git commit -q -m "Rename")
(cd .worktrees/worker-4 && commit_file lib/y y "Add y")
run git task done 003
run git task done 004
expect git cat-file -e flow:library/y

# Signed as the user signs; not at all if that fails.
cat >"$scratch/fake-gpg" <<'END'
#!/bin/sh
[ ! -e "$HOME/no-key" ] || { echo "gpg: no key" >&2; exit 2; }
cat >/dev/null
printf '\n[GNUPG:] BEGIN_SIGNING\n[GNUPG:] SIG_CREATED D\n' >&2
printf -- '-----BEGIN PGP SIGNATURE-----\n\nfake\n-----END PGP SIGNATURE-----\n'
END
chmod +x "$scratch/fake-gpg"
git config gpg.program "$scratch/fake-gpg"
git config commit.gpgSign true
commit_file unsigned/5 5 "For task 5" # by the user, signed too
(cd .worktrees/worker-5 && commit_file five 5 "Five")
touch "$HOME/no-key"
flow=$(git rev-parse flow)
run git task done 005
fails
same "$(git rev-parse flow)" "$flow"
rm "$HOME/no-key"

# A reference-transaction hook may refuse the flow branch, and then nothing has happened.
cat >.git/hooks/reference-transaction <<'END'
#!/bin/sh
[ "$1" != prepared ] || [ ! -e "$HOME/frozen" ] || ! grep -q " refs/heads/flow$" || { echo "flow is frozen" >&2; exit 1; }
END
chmod +x .git/hooks/reference-transaction
touch "$HOME/frozen"
run git task done 005
fails
complains_like "frozen|hook"
same "$(git rev-parse flow)" "$flow"
run git task show 005 --json
json .status in_progress
rm "$HOME/frozen"
run git task done 005
expect git cat-file -e flow:five
expect grep -q '^gpgsig ' <(git cat-file commit flow)
expect grep -q '^gpgsig ' <(git cat-file commit plan/s1)
no_locks
