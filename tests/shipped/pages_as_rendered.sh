#!/bin/bash
# What a reader of the manual pages sees, at 80 columns: no markup is left over, no heading is lost, no line is
# wider than the terminal.
source "$(dirname "$0")/../e2e/lib.sh"
source_folder=$(cd "$lib_folder/../.." && pwd)
export MANROFFSEQ='' MANWIDTH=80 MANPAGER=cat LC_ALL=C.UTF-8

rendered() { # PAGE
  man --encoding=UTF-8 --local-file "$GITPLAN_BIN/man/$1" | col -b -x
}

# The running text: without listings, which stand further to the right, and without what people are to type or files
# are called, where asterisks mean themselves: in quotes, behind a slash.
running_text() {
  grep -vE '^ {11,}(\$|>|[{}<"[]|[a-z_]+ = |.*  )' "$1" | sed -E "s/'[^']*'//g; s,[A-Za-z/]+/\*\*?(/\*)?(\.[a-z]+)?,,g"
}

for page in git-plan.1 git-task.1 git-wave.1 gitplanformat.5 gitwave.7; do
  name=${page%.*}
  rendered "$page" >"$scratch/$page"

  awk 'length($0) > 80 { print FNR ": " $0 }' "$scratch/$page" >"$scratch/wide"
  same "$page: $(<"$scratch/wide")" "$page: "

  # Emphasis, code, attributes, cross references and macros, as AsciiDoc writes them.
  running_text "$scratch/$page" |
    grep -nE '(^|[ (])[*_`][^ *_`]|[^ *_`/][*`]([ ,.;:)]|$)|\*\*|``|<<|>>|\{(empty|nbsp|sp|plus|asterisk)\}|[a-z]+::|\*<|>\*' >"$scratch/markup" || true
  same "$page: $(<"$scratch/markup")" "$page: "

  # Titles of the source are headings of the page.
  sed -nE 's/^==+ //p' "$source_folder/man/$name.adoc" | sed -E 's/\\//g; s/\{[a-z]+\}//g' >"$scratch/titles"
  expect test -s "$scratch/titles"
  tr -s ' \n' ' ' <"$scratch/$page" | tr '[:lower:]' '[:upper:]' >"$scratch/words"
  while IFS= read -r title; do
    claims=$((claims + 1))
    grep -qiF -- "${title^^}" "$scratch/words" || fail "$page: the heading '$title' is not seen"
  done <"$scratch/titles"
done

# A line behind which something was left over would be found.
printf '       a *word, **bold, and a {attribute}\n' >"$scratch/bad"
expect grep -qE '(^|[ (])[*_`][^ *_`]' "$scratch/bad"
