#!/bin/bash
# Two people write one plan in two clones, one of them offline: `git plan sync` keeps what both wrote, or names what
# cannot stand together and moves nothing.
# shellcheck disable=SC2086 # session and reading commands are words
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
as Ada
at 2025-01-02T03:04:05Z
two_clones One Two Three
plan_text() { git show plan/$session:plan.toml; }
edit_with() { # SED-SCRIPT…: what a person types in the editor
  cat >"$HOME/editor" <<END
#!/bin/sh
sed -i -E $(printf -- '-e %q ' "$@") "\$1"
END
  chmod +x "$HOME/editor"
  EDITOR=$HOME/editor git ${offline:+-c plan.remote=} plan edit -q >/dev/null
}
offline=''

# Both edit by hand and add tasks; bob is cut off meanwhile.
edit_with 's/^id = "001"/# Ada knows this one.\n&/' 's/^description = "Two"/& # as agreed/' \
  's/^flow_branch/# Of Ada: how it is built.\narchitecture = "Layers"\n&/'
git task add "Ada's own" --provides='Of Ada' -q >/dev/null
git plan approve -m 'Fine by Ada' -q >/dev/null
in_bob
as Bob
offline=yes
hub_goes_away
run git task add 'Refused'
exits 5
edit_with 's/^id = "003"/# Bob asked for this.\n&\npriority = "high"/' 's/^description = "One"/description = "One, rewritten"/' \
  '$a\\n# Section of Bob\n[notes]\nwho = "Bob"'
git -c plan.remote= task add "Bob's own" -q >/dev/null
edit_with "s/^description = \"Bob's own\"/# Bob's comment\n&/" \
  "/Bob's own/,\$ s/^files = .*/files = [\"bob.c\"] # only this/"
git -c plan.remote= task add 'After it' --after=004 -q >/dev/null
git -c plan.remote= plan update --note='Learned offline' -q >/dev/null
version=$(git plan show --json | jq -r .plan_version)
hub_comes_back

# Until then other writes are refused.
run git task add 'Not yet'
exits 3
complains_like '^hint: to bring both together, run: git plan sync$'
run git task start 002
exits 3
complains_like '^hint: to bring both together, run: git plan sync$'

run git plan sync --json
exits 0
json '[.success, .pushed, .updated]' \
  "[true,[\"refs/heads/plan/$session\"],[\"plan/$session\"]]"
json .renumbered "[{\"from\":\"004\",\"to\":\"006\",\"plan_branch\":\"plan/$session\"}]"
same "$(git rev-parse plan/$session)" "$(on_hub rev-parse plan/$session)"
run git plan show --json
exits 0
json '.tasks | sort_by(.id) | map([.id, .description, .depends_on])' \
  "[[\"001\",\"One, rewritten\",[]],[\"002\",\"Two\",[]],[\"003\",\"Three\",[]],[\"004\",\"Ada's own\",[]],[\"005\",\"After it\",[\"006\"]],[\"006\",\"Bob's own\",[]]]"
json .architecture Layers
json '[.architecture_updates[].note]' '["Learned offline"]'
expect test "$(jq -r .plan_version "$out" | tr -d v)" -gt "$(tr -d v <<<"$version")"
for line in '# Ada knows this one.' '# Of Ada: how it is built.' '# Bob asked for this.' "# Bob's comment" \
  '# Section of Bob' 'who = "Bob"' 'files = ["bob.c"] # only this' 'description = "Two" # as agreed' 'note = "Fine by Ada"'; do
  same "$(plan_text | grep -cxF -- "$line")" 1
done
same "$(plan_text | grep -A1 -xF "# Bob asked for this." | tail -1)" 'id = "003"'
same "$(git config plan.requireApproval || true)" ''
run git plan check
exits 0
run git plan sync
exits 0
prints 'in step with origin: 1 plan'
in_ada
as Ada
run git plan sync
exits 0
same "$(git rev-parse plan/$session)" "$(on_hub rev-parse plan/$session)"

# An approval holds for what it was given to: the tasks of Ada's that nobody changed since.
run git -c plan.requireApproval=true wave start -j 9 --json
exits 0
json '[.started[].task]' '["002","004"]'
run git task reset 002
exits 0
run git task reset 004
exits 0

# A task that was begun here keeps its id: that is a conflict, which is named with the way out.
in_bob
git plan sync -q >/dev/null
git -c plan.remote= task add 'Begun here' -q >/dev/null
git -c plan.remote= task create 007 -q >/dev/null
in_ada
git task add 'Of Ada again' -q >/dev/null
in_bob
before=$(git for-each-ref refs/heads)
run git plan sync --json
exits 1
json .success false
json '.conflicts | map([.kind, .task, .ours, .theirs])' '[["id","007","Begun here","Of Ada again"]]'
same "$(git for-each-ref refs/heads)" "$before"
run git plan sync
exits 1
complains_like '^hint: to free its id, run: git -c plan.remote= task reset 007$'
run git -c plan.remote= task reset 007
exits 0
run git plan sync
exits 0
prints_like '^  task 007 of this clone is 008 now$'

# The same key changed on both sides.
in_ada
git plan sync -q >/dev/null
git task add Shared -q >/dev/null
in_bob
git plan sync -q >/dev/null
git -c plan.remote= plan update --set 'architecture=Onions' --set '001.priority=high' -q >/dev/null
in_ada
git plan update --set 'architecture=Hexagons' --set '001.priority=low' -q >/dev/null
in_bob
before=$(git for-each-ref refs/heads)
run git plan sync --json
exits 1
json '.conflicts | map([.task, .key, .ours, .theirs])' \
  '[[null,"architecture","Onions","Hexagons"],["001","priority","high","low"]]'
same "$(git for-each-ref refs/heads)" "$before"
run git plan sync
exits 1
prints_like "^conflict: plan $session: architecture was changed on both sides: 'Onions' here, 'Hexagons' there$"
git -c plan.remote= plan update --set 'architecture=Hexagons' --set '001.priority=low' -q >/dev/null
run git plan sync
exits 0

# Work that was merged here alone, for once, while others landed: flow and plan come together in one push.
in_ada
git plan sync -q >/dev/null
in_bob
git -c plan.remote= task start 002 -q >/dev/null
slot() { git wave status --json | jq -r ".workers[] | select(.task == \"$1\") | .absolute_path"; }
(cd "$(slot 002)" && commit_file two.txt two Two)
git -c plan.remote= task done 002 --remove-worktree -q >/dev/null
run git task start 003
exits 3
complains_like '^hint: to bring both together, run: git plan sync$'
in_ada
git task start 001 -q >/dev/null
(cd "$(slot 001)" && commit_file one.txt one One)
git task done 001 --remove-worktree -q >/dev/null
count_connections
in_bob
run git plan sync --json
exits 0
json '.pushed | sort' "[\"refs/heads/flow\",\"refs/heads/plan/$session\"]"
json .merged_flow '["flow"]'
same "$(connections)" '1 receive-pack, 2 upload-pack'
same "$(on_hub show flow:one.txt)$(on_hub show flow:two.txt)" onetwo
same "$(git rev-parse flow plan/$session)" "$(on_hub rev-parse flow plan/$session)"
run git task list --status=completed --json
exits 0
json '[.tasks[].id]' '["001","002"]'

# Files that both changed: nothing moves, and the merge is made by hand.
in_ada
git plan sync -q >/dev/null
git task start 003 -q >/dev/null
(cd "$(slot 003)" && commit_file three.txt ada Three)
git task done 003 --remove-worktree -q >/dev/null
in_bob
git -c plan.remote= task start 004 -q >/dev/null
(cd "$(slot 004)" && commit_file three.txt bob Four)
git -c plan.remote= task done 004 --remove-worktree -q >/dev/null
before=$(git for-each-ref refs/heads)
run git plan sync
exits 1
prints_like '^conflict: flow: both sides changed three.txt$'
complains_like '^hint: to merge it here, run: git -c plan.remote= plan merge origin/flow$'
same "$(git for-each-ref refs/heads)" "$before"

# A clone that was not told of the remote is told once; one that shares nothing is not taken.
git clone -q "$hub" "$scratch/carl"
cd "$scratch/carl"
run git plan sync nowhere
exits 2
git init -q --bare "$scratch/other"
git remote add other "$scratch/other"
run git plan sync other
exits 3
complains_like "^error: no plan is shared through remote 'other'$"
same "$(git config plan.remote || true)" ''
run git plan sync origin
exits 0
same "$(git config plan.remote)" origin
run git task list --json
exits 0
json '.tasks | length' 9

# Plans of one name that have nothing in common.
git plan create session-20250203-040506 -q >/dev/null
git update-ref refs/heads/plan/session-20250203-040506 "$(git commit-tree -m Other "$(git rev-parse 'plan/session-20250203-040506^{tree}')")"
run git plan sync --json
exits 1
json_error .error.code unrelated
