# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# Plans to tell stories with; after lib.sh.

# The seed's authentication plan, three waves: 001; 002, 003; 004, 005.
auth_plan() {
  cat <<'END'
{
  "session_id": "session-20250112-143000",
  "user_request": "Add user authentication with JWT",
  "architecture": "MVC with Flask, SQLAlchemy ORM, JWT tokens",
  "tasks": [
    {"id": "001", "description": "Create User model with email/password", "status": "pending", "preconditions": [],
     "provides": ["User model class", "User.verify_password"], "files": ["models/user.py", "tests/test_user.py"],
     "estimated_time": "8 minutes", "priority": "high"},
    {"id": "002", "description": "Create AuthService with login/register", "preconditions": ["User model class"],
     "provides": ["AuthService.login", "AuthService.register"], "files": ["services/auth.py"],
     "estimated_time": "10 minutes", "priority": "high"},
    {"id": "003", "description": "Add JWT tokens", "preconditions": ["User model class"], "provides": ["JWT tokens"],
     "files": ["services/jwt.py"], "estimated_time": "10 minutes"},
    {"id": "004", "description": "Add endpoints", "preconditions": ["AuthService.login", "JWT tokens"],
     "provides": ["Endpoints"], "files": ["views.py"], "estimated_time": "10 minutes"},
    {"id": "005", "description": "Write tests", "preconditions": ["AuthService.login", "JWT tokens"],
     "files": ["tests/test_auth.py"], "estimated_time": "10 minutes"}
  ]
}
END
}

# A plan of N tasks that need nothing: 001 "Task 1", 002 "Task 2", …
free_plan() { # N [SESSION]
  local i
  {
    echo "session_id = '${2:-s1}'"
    for ((i = 1; i <= $1; i++)); do
      printf '[[tasks]]\nid = "%03d"\ndescription = "Task %d"\n' "$i" "$i"
    done
  } >"$state/plan"
  git plan create -q -F "$state/plan" >/dev/null 2>"$state/plan.err" || fail "$(cat "$state/plan.err")"
}

# Where worker N works.
slot() { # N
  if [[ -d .worktrees/worker-$1 ]]; then
    echo "$PWD/.worktrees/worker-$1"
    return
  fi
  echo "$(git rev-parse --path-format=absolute --git-common-dir | sed 's,/\.git$,,')/.worktrees/worker-$1"
}

# What a worker does: writes a file in its slot and commits it.
work() { # N PATH [CONTENT]
  (cd "$(slot "$1")" && commit_file "$2" "${3:-content of $2}" "Write $2")
}
