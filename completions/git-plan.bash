# shellcheck shell=bash
# bash completion of git plan, git task and git wave.
#
# Installed as completions/git-plan, git-task and git-wave below share/bash-completion, it is found by git's own
# completion. Elsewhere, after git's: source <(git plan completion bash). It works in zsh, too, where git's own
# git-completion.zsh is used.

# What the program offers for the words, one "value<TAB>description" a line.
__git_plan_family_ask() { # PROGRAM WORD…
  if declare -f __git >/dev/null 2>&1; then
    __git "$1" __complete "${@:2}" 2>/dev/null
  else
    "git-$1" __complete "${@:2}" 2>/dev/null
  fi
}

# Fills COMPREPLY with the values, quoted for the line that they are put into; a list that is only shown has their
# descriptions.
__git_plan_family_reply() { # PREFIX LINES
  local line value prefix=$1 count=0 width=0 shown
  local -a lines=()
  while IFS= read -r line; do
    [[ $line == *$'\t'* ]] || line+=$'\t'
    value=${line%%$'\t'*}
    [[ -n $value && $value == "$prefix"* ]] || continue
    printf -v value '%q' "${value#"$prefix"}"
    lines+=("$value"$'\t'"${line#*$'\t'}")
    count=$((count + 1))
    ((${#value} <= width)) || width=${#value}
  done <<<"$2"
  COMPREPLY=()
  for line in "${lines[@]}"; do
    value=${line%%$'\t'*}
    if ((count > 1)) && [[ ${COMP_TYPE-} == 63 || ${COMP_TYPE-} == 33 || ${COMP_TYPE-} == 64 ]]; then
      printf -v shown '%-*s  %s' "$width" "$value" "${line#*$'\t'}"
      # As wide as the terminal, so that they stand below one another.
      shown=${shown:0:$((${COLUMNS:-80} - 4))}
      COMPREPLY+=("${shown%"${shown##*[! ]}"}")
    elif [[ $value == *= ]]; then
      COMPREPLY+=("$value")
    else
      COMPREPLY+=("$value ")
    fi
  done
}

# The programs on PATH that begin with the word, one a line.
__git_plan_family_programs() { # CURRENT-WORD
  local folder path
  while IFS= read -r -d : folder; do
    for path in "${folder:-.}/$1"*; do
      [[ ! -f $path || ! -x $path ]] || printf '%s\n' "${path##*/}"
    done
  done <<<"$PATH:"
}

__git_plan_family() { # PROGRAM CURRENT-WORD WORD…
  local program=$1 current=$2 lines prefix='' line values=''
  # What was completed before has backslashes.
  [[ $current == *[\'\"]* ]] || current=${current//\\/}
  lines=$(__git_plan_family_ask "$program" "${@:3}" "$current")
  case $lines in
    :programs*)
      if [[ -n ${ZSH_VERSION-} ]]; then
        _command_names -e
        return
      elif [[ $current != */* ]]; then
        __git_plan_family_reply '' "$(__git_plan_family_programs "$current")"
        return
      fi
      lines=:files
      ;;
  esac
  case $lines in
    :files* | :folders*)
      # No replies: readline's own names of files (-o default) follow.
      if [[ -z ${ZSH_VERSION-} ]]; then
        COMPREPLY=()
        compopt -o default +o nospace 2>/dev/null || true
        local path=$current
        [[ $current != --*=* ]] || path=${current#*=}
        mapfile -t COMPREPLY < <(compgen -f -- "$path")
        compopt -o filenames 2>/dev/null || true
      else
        _files
      fi
      return
      ;;
  esac
  if [[ -n ${ZSH_VERSION-} ]]; then
    while IFS= read -r line; do
      line=${line%%$'\t'*}
      [[ -n $line ]] || continue
      values+=$(printf '%q' "$line")
      [[ $line == *= ]] || values+=' '
      values+=$'\n'
    done <<<"$lines"
    __gitcomp_direct "$values"
    return
  fi
  # readline has cut the word at what COMP_WORDBREAKS names.
  if [[ $current == *=* && ${COMP_WORDBREAKS-} == *=* ]]; then prefix=${current%%=*}=; fi
  __git_plan_family_reply "$prefix" "$lines"
}

# From git's own completion: words, cword and cur are its variables.
__git_plan_family_under_git() { # PROGRAM
  local first=$((${__git_cmd_idx:-1} + 1))
  # shellcheck disable=SC2154 # git's variables
  __git_plan_family "$1" "$cur" "${words[@]:first:cword-first}"
}

_git_plan() { __git_plan_family_under_git plan; }
_git_task() { __git_plan_family_under_git task; }
_git_wave() { __git_plan_family_under_git wave; }

# git-plan, typed with its dash.
__git_plan_family_direct() {
  local cur words cword
  if declare -f _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref -n =: cur words cword
  else
    cur=${COMP_WORDS[COMP_CWORD]} cword=$COMP_CWORD
    words=("${COMP_WORDS[@]}")
  fi
  local program=${1##*/}
  __git_plan_family "${program#git-}" "$cur" "${words[@]:1:cword-1}"
}

if [[ -z ${ZSH_VERSION-} ]]; then
  complete -o bashdefault -o default -o nospace -F __git_plan_family_direct git-plan git-task git-wave
fi
