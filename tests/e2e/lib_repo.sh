# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# Repositories: made fresh, and claimed to be as before.

slots_folder=.worktrees # wave.worktreeDir, where a story sets it

# A fresh repository, and into it: branch main, one commit with README.md.
new_repo() { # [NAME]
  local folder=$scratch/${1:-repo}
  git init -q "$folder"
  cd "$folder"
  commit_file README.md "# A project" "Begin"
}

commit_file() { # PATH CONTENT MESSAGE
  mkdir -p "$(dirname "$1")"
  printf '%s\n' "$2" >"$1"
  git add -- "$1"
  git commit -q -m "$3"
}

common_folder() { git rev-parse --path-format=absolute --git-common-dir; }

# The user's worktrees, one a line: all but bare ones and our slots.
user_worktrees() {
  local common
  common=$(common_folder)
  git worktree list --porcelain | awk -v slots="${common%/.git}/$slots_folder/" '
    /^worktree / { path = substr($0, 10) }
    /^bare/ { path = "" }
    /^$/ { if (path != "" && index(path, slots) != 1) print path; path = "" }'
}

# Everything that a person has in a worktree, as text. Reads only: not even the index is refreshed.
worktree_state() { # FOLDER
  if [[ ! -e $1/.git ]]; then
    echo "== $1 is gone"
    return
  fi
  (
    cd "$1"
    local git_folder file
    git_folder=$(git rev-parse --absolute-git-dir)
    echo "== $1"
    echo "HEAD is $(cat "$git_folder/HEAD") = $(git rev-parse -q --verify HEAD || true)"
    git ls-files --stage -v
    for file in index ORIG_HEAD MERGE_HEAD MERGE_MSG MERGE_MODE AUTO_MERGE CHERRY_PICK_HEAD REVERT_HEAD \
      COMMIT_EDITMSG SQUASH_MSG logs/HEAD config.worktree info/sparse-checkout; do
      [[ ! -e $git_folder/$file ]] || (cd "$git_folder" && sha1sum "$file")
    done
    for file in rebase-merge rebase-apply sequencer; do
      [[ ! -e $git_folder/$file ]] || (cd "$git_folder" && find "$file" -type f -exec sha1sum {} + | sort)
    done
    find . \( -path ./.git -o -path "./$slots_folder" \) -prune -o \
      \( -type f -printf '%y %m %T@ %p\n' -o -printf '%y %m %p -> %l\n' \) | sort
    find . \( -path ./.git -o -path "./$slots_folder" \) -prune -o -type f -exec sha1sum {} + | sort
  )
}

checkout_state() { # FOLDER…
  local folder
  for folder in "$@"; do
    worktree_state "$folder"
  done
  echo "== stash"
  [[ $(git rev-parse --is-bare-repository) == true ]] || git stash list --format='%H %gs'
}

# Remembers the user's checkout (every worktree but our slots, or those named), for same_checkout.
checkout_snapshot() { # [WORKTREE…]
  snapshot_from=$PWD
  snapshot_of=("$@")
  (($# > 0)) || mapfile -t snapshot_of < <(user_worktrees)
  checkout_state "${snapshot_of[@]}" >"$state/snapshot"
}

# HEAD, index, work tree (untracked and ignored files too), stash and operations under way are byte for
# byte as they were at checkout_snapshot.
same_checkout() {
  claims=$((claims + 1))
  (cd "$snapshot_from" && checkout_state "${snapshot_of[@]}") >"$state/snapshot.now"
  cmp -s "$state/snapshot" "$state/snapshot.now" || {
    diff -u --label before --label now "$state/snapshot" "$state/snapshot.now" >&2 || true
    fail "the user's checkout is not as it was"
  }
}

repository_state() {
  local common
  common=$(common_folder)
  git for-each-ref
  (cd "$common" && find . -path ./git-plan -prune -o -type f -exec sha1sum {} + | sort -k 2)
}

# Remembers everything in the common folder but our own cache, for same_repository.
repository_snapshot() { repository_state >"$state/repository"; }

# No ref, object, reflog, config or index has changed since repository_snapshot: nothing was written.
same_repository() {
  claims=$((claims + 1))
  repository_state >"$state/repository.now"
  cmp -s "$state/repository" "$state/repository.now" || {
    diff -u --label before --label now "$state/repository" "$state/repository.now" >&2 || true
    fail "the repository is not as it was"
  }
}

fsck_clean() {
  claims=$((claims + 1))
  local fsck_status=0
  git fsck --full --strict --no-dangling --no-progress >"$state/fsck" 2>&1 || fsck_status=$?
  if ((fsck_status != 0)) ||
    grep -Evq '^notice: (HEAD points to an unborn branch|No default references)' "$state/fsck"; then
    show_file "git fsck --strict" "$state/fsck" >&2
    fail "the repository is not clean"
  fi
}

# No lock file is left, but for those that we flock and never remove.
no_locks() {
  claims=$((claims + 1))
  local common
  common=$(common_folder)
  find "$common" -name '*.lock' -not -path "$common/git-plan/*" -printf '%P, %s bytes\n' >"$state/locks"
  [[ ! -s $state/locks ]] || {
    show_file "locks in $common" "$state/locks" >&2
    fail "a lock stays in the way"
  }
}
