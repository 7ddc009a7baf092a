# shellcheck shell=bash
# Plans made by the dozen, for stories of races and kills.

# Creates session-20250102-030405 with COUNT tasks that wait for nothing: 001, 002, …; each is of a file of its own.
independent_plan() { # COUNT
  jq -n --argjson count "$1" '
    def id: tostring | (if length < 3 then "0" * (3 - length) else "" end) + .;
    {session_id: "session-20250102-030405", user_request: "Many things at once",
     tasks: [range(1; $count + 1) | {id: id, description: "Make part \(.)", slug: "part-\(.)",
       provides: ["part \(.)"], files: ["part-\(.).txt"], estimated_time: "5 minutes"}]}' >"$state/plan.json"
  git plan create -q -F "$state/plan.json" >"$state/plan.created"
}

# 001, 002, … 0NN, a word each.
task_ids() { # COUNT
  seq -f %03g 1 "$1"
}

# Commits part-N.txt for task N in its worktree, as a worker would.
work_in() { # WORKTREE PART
  (
    cd "$1"
    commit_file "part-$2.txt" "Part $2" "Make part $2"
  )
}

# A task branch with a commit of its own and no worktree.
work_on_branch() { # ID
  local id=$1 part=$((10#$1)) branch tree blob
  git task create -q "$id" >/dev/null
  branch=refs/heads/task/$id-part-$part
  blob=$(echo "Part $part" | git hash-object -w --stdin)
  tree=$({ git ls-tree "$branch" && printf '100644 blob %s\tpart-%s.txt\n' "$blob" "$part"; } | git mktree)
  git update-ref "$branch" "$(git commit-tree -p "$branch" -m "Make part $part" "$tree")"
}

plan_ref=refs/heads/plan/session-20250102-030405
plan_toml() { git cat-file blob "$plan_ref:plan.toml"; }
plan_version() { plan_toml | sed -n 's/^version = \([0-9]*\).*/\1/p'; }

# How many tasks git-plan says are in this state.
count_tasks() { # STATUS
  git task list --json --status="$1" | jq '.tasks | length'
}

# Claims that exactly these words, one a line and in any order, are what COMMAND prints.
same_lines() { # EXPECTED COMMAND…
  local expected=$1
  shift
  same "$("$@" | sort)" "$(sort <<<"$expected")"
}

# What a killed command left was cleared up: no locks and notes, no trash, no worktree half added.
no_leftovers() {
  no_locks
  same "$(find "$(common_folder)/git-plan" \( -path '*/notes/*' -o -path '*/trash/*' -o -path '*/adding/*' \
    -o -name 'tmp-*' -o -name 'checkout-journal*' \) -not -name '.*')" ''
}

# Nor was anything "rescued", which would have been the program's own.
nothing_left_over() {
  no_leftovers
  same "$(git for-each-ref refs/git-plan/rescue)" ''
}
