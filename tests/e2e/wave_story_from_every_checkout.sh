#!/bin/bash
# The seed's session as it is typed, from each kind of checkout that a person may sit in. None is ever touched.
# timeout: 300
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

seat() { # KIND: a repository in that state; the current folder is where the person types
  new_repo "$1"
  commit_file src/app.py "app" "Add the app"
  commit_file .gitignore "*.log" "Ignore logs"
  case $1 in
    clean) ;;
    dirty)
      echo "stashed" >src/app.py && git stash -q
      echo "staged" >README.md && git add README.md && echo "and more" >>README.md
      rm src/app.py
      echo "new" >untracked && echo "noise" >build.log
      git add -N untracked
      ;;
    detached) git checkout -q --detach HEAD~1 ;;
    subfolder) cd src ;;
    linked) git worktree add -q -b side "$scratch/linked-side" && cd "$scratch/linked-side/src" ;;
    bare)
      git clone -q --bare . "$scratch/bare.git"
      cd "$scratch/bare.git"
      ;;
  esac
}

top() { # where .worktrees stands
  local common
  common=$(common_folder)
  echo "${common%/.git}"
}

story() { # KIND
  seat "$1"
  checkout_snapshot
  run git plan create -F - < <(auth_plan)
  prints "plan/session-20250112-143000"
  same_checkout
  run git wave next
  prints_like '^001 +ready '
  run git wave start --json
  json '.started | length' 1
  json '.started[0] | .task, .branch, .worker, .worktree_path' "001
task/001-create-user-model-with-email-password
1
.worktrees/worker-1"
  json '.started[0].prompt | contains("session-20250112-143000") and contains(".worktrees/worker-1")'
  same_checkout

  # The first worker merges with plain git, in its worktree.
  (
    cd "$(top)/.worktrees/worker-1"
    commit_file models/user.py "class User: pass" "Add the User model"
    git checkout -q flow
    git merge -q --no-ff --no-edit task/001-create-user-model-with-email-password
  )
  same_checkout
  run git wave status --json
  json '.workers[0] | .task, .state' "001
merged"
  run git wave finish --json
  json '.completed, .removed_worktrees, .plan_version, .next' '["001"]
[".worktrees/worker-1"]
v2
["002","003"]'
  expect_not test -e "$(top)/.worktrees/worker-1"
  same_checkout

  # Two more, side by side, with one task added in the middle.
  run git wave start
  prints "002  task/002-create-authservice-with-login-register  .worktrees/worker-1
003  task/003-add-jwt-tokens                          .worktrees/worker-2"
  (cd "$(top)/.worktrees/worker-1" && commit_file services/auth.py "login" "Add AuthService")
  (cd "$(top)/.worktrees/worker-2" && commit_file services/jwt.py "jwt" "Add JWT tokens")
  run git plan update --note="Users asked for payments" --add=- <<'END'
[{"id": "006", "description": "Add Stripe payments", "preconditions": ["User model class", "AuthService.login"],
  "provides": ["PaymentService"], "files": ["services/payment.py"], "estimated_time": "10 minutes"}]
END
  same_checkout
  (cd "$(top)/.worktrees/worker-1" && git task done -q >/dev/null)
  run git task done 003
  same_checkout
  run git wave finish --json
  json '.removed_worktrees, .next, .state' '[".worktrees/worker-1",".worktrees/worker-2"]
["004","005","006"]
ready'
  run git wave start -q
  (cd "$(top)/.worktrees/worker-1" && commit_file views.py "views" "Add endpoints")
  (cd "$(top)/.worktrees/worker-2" && commit_file tests/test_auth.py "tests" "Write tests")
  (cd "$(top)/.worktrees/worker-3" && commit_file services/payment.py "pay" "Add payments")
  run git task done 004 --remove-worktree
  run git task done 005
  run git task done 006
  run git wave finish --json
  json '.state, .next' 'completed
[]'
  same_checkout

  # The follow-up session stands on what the first one provides.
  run git plan create session-20250113-090000 -F - <<'END'
{"user_request": "Invoices", "tasks": [{"id": "001", "description": "Send invoices", "preconditions": ["PaymentService"]}]}
END
  complains_unlike '^warning'
  run git wave start
  prints "001  task/001-send-invoices  .worktrees/worker-1"
  expect test -f "$(top)/.worktrees/worker-1/services/payment.py"
  run git plan show session-20250112-143000 --json
  json '.state, .completed_tasks, .total_tasks' 'completed
6
6'
  same_checkout
  fsck_clean
  no_locks
}

for kind in clean dirty detached subfolder linked bare; do
  story "$kind"
  cd "$scratch"
done
