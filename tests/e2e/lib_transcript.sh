# shellcheck shell=bash
# shellcheck disable=SC2154 # lib.sh and the stories share their variables
# Pages with transcripts: what stands behind "$ " is typed, and what follows is what must be seen. A story that
# plays pages sources this after lib.sh.
#
#   play PAGE             plays all transcripts of a page, in order, in the current folder
#
# Transcripts are AsciiDoc listings headed [source,console], and Markdown blocks fenced ```console. A line "> "
# goes on with the command above. Shown is standard output, or all output of a command that exits with 2 or more;
# such a command's first line must say so ("error: …"). Object ids may be others than the page's. AsciiDoc
# listings with a title (".plan.toml") become files of that name, before what follows is played.

pages_folder=$(cd "$lib_folder/../.." && pwd)

# The page, its includes in place, as lines "KIND<tab>LINE<tab>TEXT" of its listings: command, more, shown, file
# (with the name) and content.
transcript_lines() { # PAGE
  awk -v name="$1" '
    function emit(kind, text) { printf "%s\t%s:%d\t%s\n", kind, name, FNR, text }
    !inside && /^```console$/ || !inside && console && /^----$/ { inside = 1; console = 0; next }
    !inside && title != "" && /^----$/ { emit("file", title); inside = 2; next }
    inside && /^(```|----)$/ { inside = 0; title = ""; next }
    inside == 2 { emit("content", $0); next }
    inside && /^\$ / { emit("command", substr($0, 3)); next }
    inside && /^> / { emit("more", substr($0, 3)); next }
    inside { emit("shown", $0); next }
    /^\[source,console\]$/ { console = 1; next }
    /^\.[^. ]/ { title = substr($0, 2); next }
    /^\[/ { next }
    { console = 0; title = "" }
  ' "$pages_folder/$1"
}

# What may differ: object ids, and the version that a run ends with, which grows with the seconds that it takes.
without_ids() { sed -E 's/\b[0-9a-f]{7,40}\b/<id>/g; s/( completed \()v[0-9]+\)$/\1<version>)/
  s/  v[0-9]+(  [0-9]+\/[0-9]+  completed)/  <version>\1/' "$1"; }

check_shown() {
  [[ -n $typed ]] || return 0
  without_ids "$scratch/tmp/shown" >"$scratch/tmp/shown.plain"
  without_ids "$scratch/tmp/expected" >"$scratch/tmp/expected.plain"
  cmp -s "$scratch/tmp/expected.plain" "$scratch/tmp/shown.plain" || {
    diff -u --label "the page" --label "what is seen" "$scratch/tmp/expected" "$scratch/tmp/shown" >&2 || true
    fail "$typed_at shows something else: $typed"
  }
  typed=''
}

type_it() {
  [[ -n $typed && ! -e $scratch/tmp/shown ]] || return 0
  local typed_status=0
  settle
  claims=$((claims + 1))
  trap - ERR
  set +e
  eval "$typed" >"$scratch/tmp/stdout" 2>"$scratch/tmp/stderr"
  typed_status=$?
  set -e
  trap 'on_error "$?" "$BASH_COMMAND"' ERR
  ((typed_status < 2)) || cat "$scratch/tmp/stderr" >>"$scratch/tmp/stdout"
  if ((typed_status >= 2)) && ! grep -Eq '^(error|fatal|usage): ' "$scratch/tmp/stdout"; then
    fail "$typed_at exits with $typed_status: $typed"
  fi
  mv "$scratch/tmp/stdout" "$scratch/tmp/shown"
}

play() { # PAGE
  local kind where text typed='' typed_at='' file=''
  transcript_lines "$1" >"$scratch/tmp/transcript"
  [[ -s $scratch/tmp/transcript ]] || fail "$1 has no transcript"
  while IFS=$'\t' read -r kind where text <&3; do
    case $kind in
      file | command)
        type_it
        check_shown
        ;;&
      file)
        file=$text
        : >"$file"
        ;;
      content) printf '%s\n' "$text" >>"$file" ;;
      command)
        typed=$text typed_at=$where
        rm -f "$scratch/tmp/shown"
        : >"$scratch/tmp/expected"
        ;;
      more) typed+=$'\n'$text ;;
      shown) printf '%s\n' "$text" >>"$scratch/tmp/expected" ;;
    esac
  done 3<"$scratch/tmp/transcript"
  type_it
  check_shown
}
