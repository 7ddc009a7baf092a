#!/bin/bash
# The man pages and the programs agree: each verb and each option of `-h` stands in the page with the same words, and
# nothing else does.
source "$(dirname "$0")/../e2e/lib.sh"
source_folder=$(cd "$lib_folder/../.." && pwd)

# A page with its includes in place.
page() { # NAME
  awk -v folder="$source_folder/man" '
    match($0, /^include::[^[]*/) {
      file = folder "/" substr($0, 10, RLENGTH - 9)
      while ((getline line <file) > 0) print line
      next
    }
    { print }' "$source_folder/man/$1.adoc"
}

# What stands in a section of level 1, or of a deeper one.
section() { # TITLE
  awk -v title="$1" '
    /^=+ / { level = index($0, " ") - 1 }
    /^=+ / && inside && level <= depth { inside = 0 }
    inside { print }
    /^=+ / && substr($0, level + 2) == title { inside = 1; depth = level }'
}

# The terms of options, without their marks: "-F, --file=<file>".
terms() { sed -n '/^\*-.*::$/ { s/::$//; s/[*_]//g; p; }'; }

# The same of lines of -h.
option_terms() { sed -n 's/^    \(-[^ ].*\)$/\1/p' | sed -E 's/  +.*//' | grep -v '^$' || true; }

agree() { # WHAT PAGE-FILE PROGRAM-FILE
  claims=$((claims + 1))
  cmp -s "$2" "$3" || {
    diff -u --label "the page" --label "the program" "$2" "$3" >&2 || true
    fail "$1: page and program differ"
  }
}

verbs_of() { # PROGRAM
  git "$1" -h | awk '/^$/ { part++; next } part == 2' | sed -E 's/^    ([^ ]+( [a-z]+)?)  +.*/\1/'
}

for program in plan task wave; do
  page "git-$program" >expanded
  verbs_of "$program" >verbs
  expect test -s verbs

  # The usage of each verb is a title under COMMANDS, in this order, and a line of the SYNOPSIS.
  while read -r verb; do
    # shellcheck disable=SC2086 # of two words, sometimes
    git "$program" $verb -h | sed -n 's/^usage: //p'
  done <verbs >usages
  section COMMANDS <expanded | sed -n 's/^=== //p' >titles
  agree "git-$program, COMMANDS" titles usages
  section SYNOPSIS <expanded | grep '^git ' >synopsis
  agree "git-$program, SYNOPSIS" synopsis usages

  # Each verb's own options, in this order.
  while read -r title; do
    verb=$(sed -E "s/^git $program ([a-z-]+( [a-z]+)?).*/\1/" <<<"$title")
    section "$title" <expanded | terms >page_options
    # shellcheck disable=SC2086
    git "$program" $verb -h | awk '/^$/ { part++ } part == 2' | option_terms >options
    ! grep -qx -- '-h, --help' options || : >options # it has none of its own
    agree "git $program $verb" page_options options
  done <titles

  # What all verbs take.
  section OPTIONS <expanded | terms >page_options
  git "$program" -h | awk '/^$/ { part++ } part == 3' | option_terms >options
  expect grep -qx -- '-h, --help' options
  agree "git-$program, OPTIONS" page_options options

  for title in NAME SYNOPSIS DESCRIPTION COMMANDS OPTIONS OUTPUT CONFIGURATION ENVIRONMENT FILES 'EXIT STATUS' \
    EXAMPLES 'SEE ALSO'; do
    [[ -n $(section "$title" <expanded) ]] || fail "git-$program has no $title"
  done
done

# gitplanformat(5) describes each key of plan.toml and of task files that the programs know, and no other.
page gitplanformat >expanded
keys_of() { # RECORD
  sed -n "/^std::span<const Field<$1>> fields/,/^}/s/^ *{\"\([a-z_]*\)\", &.*/\1/p" "$source_folder/src/plan/fields.cpp"
}
page_keys() { # SECTION: the terms before a deeper section
  section "$1" <expanded | sed '/^===/,$d' | grep -E '^\*[a-z_].*::$' | grep -oE '[a-z_]+' | sort
}
page_keys PLAN >described
{ keys_of Plan && printf '%s\n' format updates approvals tasks; } | sort >keys
agree 'gitplanformat, PLAN' described keys
page_keys 'TASK FILES' >described
{ keys_of TaskFile && echo format; } | sort >keys
agree 'gitplanformat, TASK FILES' described keys
for table in updates:Update approvals:Approval tasks:Task; do
  page_keys "\\\\[[${table%:*}]]" >described # as the page has it, for awk
  keys_of "${table#*:}" | sort >keys
  expect test -s keys
  agree "gitplanformat, ${table%:*}" described keys
done

# Every configuration variable and environment variable that the sources read is described.
cat "$source_folder"/man/*.adoc >pages
{
  grep -rhoE '"(plan|task|wave)\.[a-z]+[A-Z]?[a-zA-Z]*"' "$source_folder/src" | grep -vF '"plan.toml"' | tr -d '"'
  grep -rhoE '"GIT_(PLAN|TASK|WAVE)_[A-Z_]+"' "$source_folder/src" | grep -vE 'TEST_DATE|MERGE_OPTIONS' | tr -d '"'
} | sort -uf >variables
expect test -s variables
while read -r variable; do
  grep -qiF -- "$variable" pages || fail "no page describes $variable"
done <variables
