#!/bin/bash
# Every command that a hint or a page names is one that the programs take: the verb, its options, the number of its
# words. The sources are read for their texts "… run: git …"; placeholders become sample values. Outside of a
# repository each such command must then get as far as to miss one: what is wrongly used exits with 129 before that.
# (What commands do say is run where it is read by hints_run_where_read.sh.)
source "$(dirname "$0")/../e2e/lib.sh"
source_folder=$(cd "$lib_folder/../.." && pwd)

# FILE<tab>COMMAND of all texts in the sources that name a command; literals that stand side by side are one text.
# "edit{}" takes a suffix that may be empty, "{}merge" such a prefix; "git {}" is one of the programs; "; " and " (" end a command, as a text's end does.
commands_in_sources() {
  find "$source_folder/src" -name '*.[ch]pp' | sort | xargs perl -0ne '
    my $file = $ARGV;
    s{^\s*//.*$}{}mg;
    1 while s/(?<!\\)"\s*\n\s*"//g;
    while (/"((?:[^"\\\n]|\\.)*)"/g) {
      my $text = $1;
      while ($text =~ /(?:run|run again|and run|example): (git .*?)(?=; | \(|\\n|$)/g) {
        my $command = $1;
        $command =~ s/\bv\{\}/v1/g;
        $command =~ s/(?<=[a-z])\{\}|\{\}(?=[a-z])//g;
        $command =~ s/<verb>/list/;
        print "$file\tplaceholder: $command\n" if $command =~ /(?<!\x27)</; # a shell takes it for a redirection
        $command =~ s/<[a-zA-Z ]+>/001/g;
        $command =~ s/^git \{\} /git plan /;
        $command =~ s/[ =]$/${&}001/; # the source appends to it
        $command =~ s/\{\}/001/g;
        $command =~ s/\\(.)/$1/g;
        print "$file\t$command\n";
      }
    }'
}

# The same of a page: what stands in backquotes, or is typed in a transcript.
commands_in_pages() {
  grep -HoE '`git (plan|task|wave) [^`]*`|\*git (plan|task|wave) [a-z][^*]*\*' "$@" |
    sed -E 's/:[`*]/\t/; s/[`*]$//; s/ …$//' | sed -E "s/<[^>]*>/001/g; s/…/it/g"
}

mkdir "$scratch/nowhere"
cd "$scratch/nowhere"
takes() { # FILE COMMAND, or several with && between: those of git
  local words=() command_status=0
  if [[ $2 == *' && '* ]]; then
    takes "$1" "${2%% && *}"
    [[ ${2#* && } != git\ * && ${2#* && } != cd\ * ]] || takes "$1" "${2#* && }"
    return
  fi
  [[ $2 != cd\ * ]] || return 0
  eval "words=($2)" || fail "$1: no shell reads: $2"
  set -- "$1" "$2" "${words[@]:1}"
  case $3 in
    plan | task | wave)
      command git "${@:3}" </dev/null >"$out" 2>"$err" || command_status=$?
      case $command_status in
        0 | 1 | 128) ;; # 1: doctor finds no repository
        *) fail "$1: exit $command_status of: $2 ($(head -n 1 "$err"))" ;;
      esac
      ;;
    *)
      while [[ $3 == -[Cc] ]]; do
        set -- "$1" "$2" "${@:5}"
      done
      grep -qx -- "$3" "$scratch/git_verbs" || fail "$1: git has no verb '$3': $2"
      ;;
  esac
  claims=$((claims + 1))
}

git --list-cmds=main,others,list-mainporcelain | sort -u >"$scratch/git_verbs"
echo 'sample' >plan.toml

commands_in_sources >"$scratch/commands"
(($(wc -l <"$scratch/commands") >= 90)) || fail "only $(wc -l <"$scratch/commands") commands found in the sources"
commands_in_pages "$source_folder/README.md" "$source_folder"/man/*.adoc "$source_folder"/docs/*.md \
  "$source_folder"/docs/*/*.md "$source_folder/CONTRIBUTING.md" >"$scratch/page_commands"
(($(wc -l <"$scratch/page_commands") >= 30)) || fail "only $(wc -l <"$scratch/page_commands") commands found in pages"

while IFS=$'\t' read -r file line; do
  [[ $line != placeholder:* ]] || fail "${file#"$source_folder"/}: no command that runs: ${line#*: }"
  takes "${file#"$source_folder"/}" "$line"
done <"$scratch/commands"

# Pages name verbs in passing, without what they need: only the verb and its options are checked then.
while IFS=$'\t' read -r file line; do
  read -r -a words <<<"$line"
  command git "${words[1]}" -h | awk '/^$/ { part++; next } part == 2' |
    grep -qE "^    ${words[2]}( |\$)" || [[ ${words[2]} == -* ]] ||
    fail "${file#"$source_folder"/}: no verb '${words[2]}': $line"
  claims=$((claims + 1))
done <"$scratch/page_commands"

# What is wrong would be found.
expect_not bash -c "cd '$PWD' && git plan check --no-such-option"
run git plan use
exits 129
run git task start --no-such-option 001
exits 129
