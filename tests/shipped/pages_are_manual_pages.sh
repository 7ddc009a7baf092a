#!/bin/bash
# The built pages are manual pages without a complaint, and `git help` finds them where they are installed.
source "$(dirname "$0")/../e2e/lib.sh"
cmake=${CMAKE:-cmake}
pages=(git-plan.1 git-task.1 git-wave.1 gitplanformat.5 gitwave.7 wave-agents.7)

for page in "${pages[@]}"; do
  file=$GITPLAN_BIN/man/$page
  run env MANROFFSEQ='' MANWIDTH=80 man --warnings --encoding=UTF-8 --local-file "$file"
  exits 0
  complains_nothing
  prints_like "^$(tr '[:lower:]' '[:upper:]' <<<"${page%.*}")[(]${page##*.}[)]"
  run lexgrog "$file"
  exits 0
  prints_like ': "'"${page%.*}"' - '
  expect cmp -s <(gzip -dc "$file.gz") "$file"
done

# The manifest of an installation that this build has made is kept for its own removal.
manifest=$GITPLAN_BIN/install_manifest.txt
[[ ! -e $manifest ]] || mv "$manifest" "$scratch/kept_manifest.txt"
run "$cmake" --install "$GITPLAN_BIN" --prefix "$scratch/usr"
exits 0
mv "$manifest" "$scratch/install_manifest.txt"
[[ ! -e $scratch/kept_manifest.txt ]] || mv "$scratch/kept_manifest.txt" "$manifest"
for page in "${pages[@]}"; do
  expect test -f "$scratch/usr/share/man/man${page##*.}/$page.gz"
done
export MANPATH=$scratch/usr/share/man MANPAGER=cat PATH=$scratch/usr/bin:$PATH
for word in plan task wave; do
  run git help "$word"
  exits 0
  prints_like "git-$word - "
  run git "$word" --help
  exits 0
  prints_like "git-$word - "
done

# And is removed again, with nothing left but the folders that others share.
run "$cmake" -DBINARY_DIR="$scratch" -DOWN_FOLDERS="$scratch/usr/share/doc/git-plan" \
  -P "$lib_folder/../../cmake/Uninstall.cmake"
exits 0
same "$(find "$scratch/usr" -type f -o -name git-plan)" ''
