#!/bin/bash
# timeout: 300
# The Debian package: lintian has no complaint that would keep it out, and what it holds does what the README shows,
# with nothing but it and the system's git on PATH.
source "$(dirname "$0")/../e2e/lib.sh"
source "$lib_folder/lib_transcript.sh"
source_folder=$(cd "$lib_folder/../.." && pwd)
cmake=${CMAKE:-cmake}
cpack=$(dirname "$(command -v "$cmake")")/cpack

# gzip, as xz takes longer than all the rest; the content is the same.
run "$cpack" -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip --config "$GITPLAN_BIN/CPackConfig.cmake" -B "$scratch/packages"
exits 0
package=$(echo "$scratch"/packages/git-plan_*.deb)
expect test -f "$package"

# Nothing is left out; overrides are in the package, each with its reason.
as_lintian() { env -u GIT_CONFIG_NOSYSTEM lintian --fail-on error --allow-root --display-info "$1"; }
run as_lintian "$package"
exits 0
prints_unlike '^E: '
prints_unlike 'unused-override'

field() { dpkg-deb --field "$package" "$1"; }
same "$(field Package)" git-plan
same "$(field Version)" "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$source_folder/packaging/changelog")"
same "$(field Version)" "$(git plan --version | awk '{ print $NF }')-1"
expect grep -q "$(date -d "$(sed -n 's/^set(GITPLAN_DATE \([0-9-]*\)).*/\1/p' "$source_folder/CMakeLists.txt")" '+%a, %d %b %Y')" \
  "$source_folder/packaging/changelog"
[[ $(field Depends) == *'git (>= 1:2.39)'* ]] || fail "does not depend on git"
if [[ ${GITPLAN_STATIC:-ON} == OFF ]]; then
  [[ $(field Depends) == *libc6* ]] || fail "dynamic, and does not depend on libc6"
fi

dpkg-deb --extract "$package" "$scratch/root"
for page in man1/git-plan.1 man1/git-task.1 man1/git-wave.1 man5/gitplanformat.5 man7/gitwave.7; do
  expect test -s "$scratch/root/usr/share/man/$page.gz"
done
for file in copyright changelog.Debian.gz README.md; do
  expect test -s "$scratch/root/usr/share/doc/git-plan/$file"
done
for program in git-plan git-task git-wave; do
  expect test -s "$scratch/root/usr/share/bash-completion/completions/$program"
  expect test -s "$scratch/root/usr/share/zsh/vendor-completions/_$program"
  expect test -s "$scratch/root/usr/share/fish/vendor_completions.d/$program.fish"
done
same "$(dpkg-deb --contents "$package" | awk '$2 != "root/root"')" ''
for program in git-plan git-task git-wave; do
  expect test -x "$scratch/root/usr/bin/$program"
  expect_not grep -q '\.symtab' <(readelf --wide --sections "$scratch/root/usr/bin/$program")
done

# The README's transcript, by the packaged programs.
export PATH=$scratch/root/usr/bin:/usr/bin:/bin
same "$(command -v git-plan)" "$scratch/root/usr/bin/git-plan"
as Ada
at 2025-01-12T14:30:00Z
new_repo
play README.md
run env MANPATH="$scratch/root/usr/share/man" MANPAGER=cat git help plan
exits 0
prints_like 'git-plan - '
