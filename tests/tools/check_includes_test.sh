#!/bin/sh
# scripts/check-includes lets pass what the table allows and finds each kind of violation.
set -eu
check=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)/scripts/check-includes
scratch=$(mktemp -d "${TMPDIR:-/tmp}/check-includes-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' TERM INT HUP

fresh() {
  rm -rf "$scratch/src"
  mkdir -p "$scratch/src/base" "$scratch/src/plan" "$scratch/src/git" "$scratch/src/cli/task" "$scratch/src/store"
  printf '#include <vector>\n' >"$scratch/src/base/a.hpp"
  printf '#include "base/a.hpp"\n#include <toml++/toml.h>\n' >"$scratch/src/plan/b.cpp"
  printf '#include <sys/stat.h>\n  #  include "base/a.hpp"\n' >"$scratch/src/plan/b.hpp"
  printf '#include <git2.h>\n' >"$scratch/src/git/private.hpp"
  printf '#include "git/private.hpp"\n' >"$scratch/src/git/c.cpp"
  printf '#include "base/a.hpp"\n' >"$scratch/src/git/c.hpp"
  printf '#include "git/c.hpp"\n#include "plan/b.hpp"\n' >"$scratch/src/store/d.cpp"
  printf '#include <nlohmann/json_fwd.hpp>\n' >"$scratch/src/plan/json.hpp"
  printf '#include <CLI/CLI.hpp>\n#include "plan/b.hpp"\n' >"$scratch/src/cli/task/show.cpp"
}

refused() { # FILE INCLUDE MESSAGE: one include more is refused so
  fresh
  mkdir -p "$(dirname "$scratch/src/$1")"
  printf '#include %s\n' "$2" >>"$scratch/src/$1"
  if "$check" "$scratch" 2>"$scratch/stderr"; then
    echo "check_includes_test: $2 in $1 was let pass" >&2
    exit 1
  fi
  if ! grep -q -- "$3" "$scratch/stderr"; then
    echo "check_includes_test: $2 in $1 was refused for another reason than '$3':" >&2
    cat "$scratch/stderr" >&2
    exit 1
  fi
}

fresh
"$check" "$scratch"

refused base/a.hpp '"plan/b.hpp"' 'src/base/a.hpp:2: base may not include plan'
refused plan/b.cpp '"git/c.hpp"' 'plan may not include git'
refused cli/task/show.cpp '"git/c.hpp"' 'cli may not include git'
refused store/d.cpp '<git2.h>' 'store may not include <git2.h>'
refused store/d.cpp '<git2/sys/repository.h>' 'store may not include'
refused store/d.cpp '"git/private.hpp"' 'only git may include it'
refused git/c.hpp '"git/private.hpp"' 'src/store/d.cpp:1: "git/c.hpp" shows a library that git hides'
refused store/d.cpp '<toml++/toml.hpp>' 'store may not include'
refused plan/b.hpp '<toml++/toml.h>' 'a header may not include'
refused plan/b.hpp '<nlohmann/json.hpp>' 'a header may not include'
refused cli/options.hpp '<CLI/CLI.hpp>' 'a header may not include'
refused plan/b.cpp '<CLI/App.hpp>' 'plan may not include'
refused git/c.cpp '<nlohmann/json.hpp>' 'git may not include'
refused cli/task/show.cpp '<uv.h>' 'cli may not include'
refused plan/b.cpp '"b.hpp"' 'does not name its room'
refused plan/b.cpp '"plan/../git/c.hpp"' 'is in no room'
refused plan/b.cpp '<base/a.hpp>' 'in quotes'
refused plan/b.cpp '<boost/any.hpp>' 'the table does not know'
refused plan/b.cpp 'MACRO' 'cannot be read'
refused attic/e.cpp '<vector>' 'src/attic is no room'
refused git-plan.cpp '"store/d.hpp"' 'programs may not include store'

rm -rf "$scratch/src"
mkdir "$scratch/src"
if "$check" "$scratch" 2>/dev/null; then
  echo "check_includes_test: no sources at all were let pass" >&2
  exit 1
fi
