#!/bin/bash
# What a new worktree gets besides the checkout: files of .worktreeinclude, filters, post-checkout.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
printf '.env\n*.key\nlocal/\nbig\n' >.gitignore
echo '*.lfs filter=fake' >.gitattributes
git config filter.fake.clean 'sed s/^/pointer:/' && git config filter.fake.smudge 'sed s/^pointer://'
git config filter.fake.required true
commit_file data.lfs "content" "Add data"
same "$(git show HEAD:data.lfs)" "pointer:content"
printf '# what workers need\n.env\n*.key\nlocal/\n!not.key\nREADME.md\nplain\n' >.worktreeinclude
echo "SECRET=1" >.env && chmod 600 .env
mkdir -p local/deep sub && echo "deep" >local/deep/settings && echo "k" >sub/a.key && echo "n" >not.key
ln -s .env link.key && echo "untracked, not ignored" >plain && echo "not included" >big
chmod +x sub/a.key
git add .gitignore .gitattributes && git commit -q -m "Ignore"
cat >.git/hooks/post-checkout <<'END'
#!/bin/sh
echo "checked out" >>.post-checkout
END
chmod +x .git/hooks/post-checkout
free_plan 2

run git task start 001
cd .worktrees/worker-1
same "$(cat .env local/deep/settings sub/a.key data.lfs .post-checkout | sort)" "SECRET=1
checked out
content
deep
k"
same "$(stat -c %a .env sub/a.key | xargs)" "600 755"
same "$(readlink link.key)" .env
expect_not test -e not.key
expect_not test -e plain
expect_not test -e big
same "$(git status --porcelain)" "?? .post-checkout"
rm .post-checkout
cd ../..

# What stands in the slot stays, and no link in it leads out: the branch of this one has a link where a folder would be.
rm .git/hooks/post-checkout
git checkout -q -b evil
git rm -q --cached README.md && ln -s "$scratch/victim" local2 && mkdir "$scratch/victim"
rm -rf "$scratch/keep" && mv local "$scratch/keep" && ln -s "$scratch/victim" local
git add -f local local2 && git commit -q -m "Links"
git checkout -q main 2>/dev/null || git checkout -q -f main
rm -rf local local2 && mv "$scratch/keep" local
run git wave worker add 2 evil
same "$(find "$scratch/victim" | wc -l)" 1
same "$(readlink .worktrees/worker-2/local)" "$scratch/victim"

# Recycled slots get them too.
echo "SECRET=2" >.env
run git wave worker add 2 main~0
exits 2
git branch other main
run git wave worker add 2 other
same "$(cat .worktrees/worker-2/.env)" "SECRET=2"

# What git does not ignore in the slot, whose branch says otherwise, stays out of it: a worker would commit it.
git branch open main
git worktree add -q "$scratch/open" open
(cd "$scratch/open" && printf '!.env\n' >>.gitignore && git commit -q -a -m "Open")
git worktree remove "$scratch/open"
run git wave worker add 3 open
complains_like "^'.env' was not copied into '.worktrees/worker-3': git does not ignore it there$"
expect_not test -e .worktrees/worker-3/.env
expect test -e .worktrees/worker-3/sub/a.key

# A named pipe in its place is refused: nobody may ever write to it.
rm .worktreeinclude && mkfifo .worktreeinclude
git branch third main
run timeout 20 git wave worker add 4 third
exits 128
complains <<'END'
error: '.worktreeinclude' is not a regular file
hint: to do without it, run: mv .worktreeinclude .worktreeinclude.old
END
