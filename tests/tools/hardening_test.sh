#!/bin/sh
# The release programs are hardened: hardening_test.sh PROGRAM…
set -eu
export LC_ALL=C

fail() {
  echo "hardening_test: $program: $*" >&2
  exit 1
}

for program; do
  facts=$(readelf --wide --file-header --program-headers --dynamic --symbols "$program")
  has() { printf '%s\n' "$facts" | grep -Eq -e "$1"; }
  has 'Type: +DYN' || fail 'is not position-independent'
  has 'GNU_RELRO' || fail 'has no RELRO'
  has 'FLAGS.*(BIND_NOW|NOW)' || fail 'binds lazily'
  has 'GNU_STACK .* RW ' || fail 'has an executable stack'
  has '__stack_chk_fail' || fail 'has no stack protector'
  has '__[a-z_]*_chk$' || fail 'has no fortified call'
  ! has '\(NEEDED\)' || fail 'needs a shared library'
  ! has 'INTERP' || fail 'needs a loader'
done
