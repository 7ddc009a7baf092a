#!/bin/bash
# The source tarball holds what is committed, and its man pages are there without asciidoctor.
source "$(dirname "$0")/../e2e/lib.sh"
source_folder=$(cd "$lib_folder/../.." && pwd)
cmake=${CMAKE:-cmake}

git config --global --add safe.directory "$source_folder"
if ! git -C "$source_folder" rev-parse --verify -q HEAD:scripts/dist >/dev/null; then
  # Unpacked from such a tarball, which has brought its pages along.
  expect test -f "$source_folder/man/prebuilt/git-plan.1"
  exit 0
fi

# A worktree of its own: what is not committed yet has no part in this.
run "$source_folder/scripts/dist" "$scratch"
exits 0
prints "$scratch/git-plan-0.1.0.tar.gz"
tarball=$scratch/git-plan-0.1.0.tar.gz
mv "$tarball" "$scratch/first.tar.gz"
run "$source_folder/scripts/dist" "$scratch"
exits 0
expect cmp "$tarball" "$scratch/first.tar.gz"

tar -xzf "$tarball" -C "$scratch"
cd "$scratch/git-plan-0.1.0"
git -C "$source_folder" ls-tree -r --name-only HEAD | sort >"$scratch/committed"
find . -type f | sed 's,^\./,,' | grep -v '^man/prebuilt/' | sort >"$scratch/unpacked"
expect diff "$scratch/committed" "$scratch/unpacked"

# The pages are the same as those made here, and are installed.
run "$cmake" -S . -B build -DASCIIDOCTOR=OFF -DBUILD_TESTING=OFF
exits 0
run "$cmake" --build build --target man
exits 0
for page in git-plan.1 git-task.1 git-wave.1 gitplanformat.5 gitwave.7; do
  expect test -s "build/man/$page.gz"
  expect cmp "build/man/$page" "man/prebuilt/$page"
done

# With neither asciidoctor nor these, there are none; that is no reason not to build.
rm -r man/prebuilt build
run "$cmake" -S . -B build -DASCIIDOCTOR=OFF -DBUILD_TESTING=OFF
exits 0
prints_like 'asciidoctor is missing: no man pages'
