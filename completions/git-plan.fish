# fish completion of git plan, git task and git wave: installed as git-plan.fish, git-task.fish and git-wave.fish below
# share/fish/vendor_completions.d, it is found by fish's own completion of git.

function __git_plan_family
    set -l words (commandline -opc) (commandline -ct)
    set -l program (string replace -r '.*/' '' -- $words[1])
    set -l lines (command $program __complete $words[2..-1] 2>/dev/null)
    switch "$lines[1]"
        case ':files'
            __fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct))
        case ':folders'
            __fish_complete_directories (string replace -r '^--[^=]*=' '' -- (commandline -ct))
        case '*'
            test (count $lines) -eq 0; or printf '%s\n' $lines
    end
end

for program in git-plan git-task git-wave
    complete -c $program -e
    complete -c $program -f -a '(__git_plan_family)'
end
