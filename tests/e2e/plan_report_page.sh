#!/bin/bash
# timeout: 240
# `plan report --format=html` in a browser: no errors, no scrolling sideways on a phone or a wide screen, and
# whatever a plan says is text.
source "$(dirname "$0")/lib.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo

browser() { # ARGUMENT… : its stdout, and what pages log on stderr
  timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars \
    --user-data-dir="$scratch/browser" --no-first-run --enable-logging=stderr --v=0 "$@" 2>"$scratch/browser.log"
}

# What a page measures of itself, in a frame of this width (windows have a least one), as JSON. Its own policy
# would forbid even that.
measured() { # PAGE WIDTH
  sed -e "s/http-equiv=\"Content-Security-Policy\" content=\"[^\"]*\"//" "$1" >"$scratch/measured.html"
  cat >>"$scratch/measured.html" <<'END'
<script>
const all = [...document.querySelectorAll("*")];
const page = document.documentElement;
const count = selector => document.querySelectorAll(selector).length;
parent.postMessage(JSON.stringify({
  width: innerWidth, overflow: page.scrollWidth - page.clientWidth,
  scripts: document.scripts.length, hacked: window.hacked === true,
  links: count("a, img, iframe, link, object, embed, form, base"),
  handlers: all.filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length,
  boxes: count(".box"), lines: count(".line"), bars: count(".bar"), rows: count("tbody tr"),
  first: (document.querySelector("tbody td:nth-child(2)") || {}).textContent || "",
  title: document.title,
  graph: Math.round((document.querySelector("svg.graph") || document.body).getBoundingClientRect().height),
  ellipses: [...document.querySelectorAll(".bar span")].every(e => e.parentElement.clientWidth > 40
    ? getComputedStyle(e).textOverflow === "ellipsis" : getComputedStyle(e).display === "none"),
  times: [...document.querySelectorAll(".tick span, td[data-name=taken]")].map(e => e.getBoundingClientRect())
    .every(r => r.left >= 0 && r.right <= innerWidth),
  tiny: [...document.querySelectorAll(".box")].map(e => e.getBoundingClientRect())
    .filter(r => r.width < 100 || r.height < 30).length,
}), "*");
</script>
END
  cat >"$scratch/frame.html" <<END
<title></title><pre></pre>
<script>onmessage = event => { document.querySelector("pre").textContent = btoa(unescape(encodeURIComponent(event.data))); }</script>
<iframe width="$2" height="900" style="border: 0" src="measured.html"></iframe>
END
  browser --window-size=1500,1000 --virtual-time-budget=5000 --dump-dom "file://$scratch/frame.html" |
    sed -n 's/.*<pre>\([A-Za-z0-9+/=]*\)<\/pre>.*/\1/p' | base64 -d
}

# As it is, policy and all: it renders, and the browser has nothing to say against it.
renders() { # PAGE
  browser --window-size=1400,1000 --screenshot="$scratch/page.png" "file://$scratch/$1.html" >/dev/null
  expect test -s "$scratch/page.png"
  expect_not grep -E 'CONSOLE|Uncaught|Refused' "$scratch/browser.log"
}

page() { # NAME [PLAN]
  run git plan report ${2:+"$2"} --format=html
  cp "$out" "$scratch/$1.html"
}

claim() { # FILTER on the JSON in $seen
  jq -e "$1" <<<"$seen" >"$state/expect" 2>&1 || fail "not true of the page: $1: $seen"
  claims=$((claims + 1))
}

# Every text of it hostile.
jq -n '
  ("<script>hacked=true</script><img src=x onerror=hacked=true> \"q\" '"'"'s'"'"' --> ]]> </style></title>"
   + " {{7*7}} \u0007\u001b[31m \u202e end & &lt; `x` | # ; :: %% \"]; click t0 href") as $evil
  | {session_id: "hostile", user_request: $evil, architecture: ($evil + "\n" + $evil),
     design_patterns: $evil, technology_stack: $evil,
     tasks: [{id: "001", description: $evil, provides: [($evil | gsub("[\\x00-\\x1f]"; ""))], files: ["a"],
              estimated_time: "8 minutes"},
             {id: "002", description: ("W" * 300), depends_on: ["001"], files: ["b"]}]}' >hostile.json
run git plan create -q -F hostile.json
git wave start -q >/dev/null
seq 5 >.worktrees/worker-1/a
git -C .worktrees/worker-1 add a
git -C .worktrees/worker-1 commit -q -m '<script>hacked=true</script>'
at 2025-01-12T14:40:00Z
run git task done 001 -m '</td><script>hacked=true</script>'
git wave start -q >/dev/null
run git task fail 002 -m '</style><script>hacked=true</script>'
run git plan update -q --note '<script>hacked=true</script>'
run git plan approve -q -m '<script>hacked=true</script>'
page hostile
expect_not grep -P '[\x00-\x08\x0b-\x1f\x7f]' "$out"
expect grep -F 'default-src' "$out"
renders hostile
for width in 400 1400; do
  seen=$(measured "$scratch/hostile.html" $width)
  claim ".width == $width and .overflow == 0"
  claim '.scripts == 1 and (.hacked | not) and .links == 0 and .handlers == 0 and (.title | startswith("<script>hacked"))'
  claim '.boxes == 2 and .lines == 1 and .bars == 2 and .rows == 2 and .tiny == 0 and .ellipses and .times'
  claim '.first | startswith("<script>hacked=true</script><img src=x onerror=hacked=true> \"q\"")'
done
run git plan report --format=markdown
prints_unlike '<(script|img|/)'

# A large plan, one without tasks, and one with a cycle.
jq -n '{session_id: "large", user_request: "Many", tasks: [range(1; 94) | {id: ("00\(.)"[-3:]),
  description: "Make part \(.) of what there is to make", provides: ["part \(.)"],
  preconditions: (if . > 10 then ["part \(. - 10)", "part \(. - 7 - . % 3)"] else [] end)}]}' >large.json
run git plan create -q -F large.json
page large
renders large
for width in 400 1400; do
  seen=$(measured "$scratch/large.html" $width)
  claim ".width == $width and .overflow == 0 and .boxes == 93 and .tiny == 0"
done

# Tasks that are tied to nothing make no column of the drawing longer.
jq -n '{session_id: "loose", tasks: [range(1; 41) | {id: ("00\(.)"[-3:]), description: "Task \(.)",
  depends_on: (if . == 40 then ["039"] else [] end)}]}' >loose.json
run git plan create -q -F loose.json
page loose
for width in 400 1400; do
  seen=$(measured "$scratch/loose.html" $width)
  claim '.overflow == 0 and .boxes == 40 and .lines == 1 and .tiny == 0 and .graph < 200'
done
run git plan create -q empty
page empty empty
seen=$(measured "$scratch/empty.html" 400)
claim '.overflow == 0 and .boxes == 0 and .rows == 0'
git worktree add -q ../hand plan/empty
printf '[[tasks]]\nid = "00%s"\ndescription = "x"\ndepends_on = ["00%s"]\n' 1 2 2 1 >>../hand/plan.toml
git -C ../hand commit -q -a -m 'By hand'
page cycle empty
seen=$(measured "$scratch/cycle.html" 400)
claim '.overflow == 0 and .boxes == 2 and .lines == 0 and .rows == 2'
expect grep -F 'Unreachable' "$scratch/cycle.html"
