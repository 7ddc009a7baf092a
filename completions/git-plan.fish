# fish completion of git plan, git task and git wave: installed as git-plan.fish, git-task.fish and git-wave.fish below
# share/fish/vendor_completions.d, for git-plan typed with its dash, and below share/fish/vendor_conf.d, for git plan.
# Elsewhere: git plan completion fish | source

# The words up to the program, as they are to be run; then those that follow it.
function __git_plan_family_offer -a count
    set -l words $argv[2..-1]
    set -l given
    test (count $words) -le $count; or set given $words[(math $count + 1)..-1]
    set -l lines (command $words[1..$count] __complete $given (commandline -ct) 2>/dev/null)
    switch "$lines[1]"
        case ':files'
            __fish_complete_path (string replace -r '^--[^=]*=' '' -- (commandline -ct))
        case ':programs'
            __fish_complete_command
        case ':folders'
            __fish_complete_directories (string replace -r '^--[^=]*=' '' -- (commandline -ct))
        case '*'
            test (count $lines) -eq 0; or printf '%s\n' $lines
    end
end

function __git_plan_family_dashed
    __git_plan_family_offer 1 (commandline -opc)
end

function __git_plan_family_of_git -a program
    set -l words (commandline -opc)
    set -l at (contains -i -- $program $words)
    and __git_plan_family_offer $at $words
end

set -l descriptions 'Plans of tasks for parallel workers' 'Tasks, each on a branch of its own' \
    'Waves of tasks in worker slots'
for program in plan task wave
    complete -c git -f -n __fish_git_needs_command -a $program -d $descriptions[1]
    set -e descriptions[1]
    complete -c git-$program -e
    complete -c git-$program -f -a '(__git_plan_family_dashed)'
    complete -c git -f -n "__fish_git_using_command $program" -a "(__git_plan_family_of_git $program)"
end
