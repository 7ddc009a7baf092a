# The completion files: built into the programs, for `git plan completion <shell>`, and installed where bash, zsh and
# fish look for them.
set(completions ${PROJECT_SOURCE_DIR}/completions)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${completions}/git-plan.bash ${completions}/_git-plan ${completions}/git-plan.fish)
file(READ ${completions}/git-plan.bash completion_bash)
file(READ ${completions}/_git-plan completion_zsh)
file(READ ${completions}/git-plan.fish completion_fish)
set(completion_source ${PROJECT_BINARY_DIR}/generated/completion_files.cpp)
file(CONFIGURE OUTPUT ${completion_source} @ONLY CONTENT
[==[#include "cli/completion_files.hpp"

namespace gitplan::cli::completion_files {

const std::string_view bash = R"completion(@completion_bash@)completion";
const std::string_view zsh = R"completion(@completion_zsh@)completion";
const std::string_view fish = R"completion(@completion_fish@)completion";

}  // namespace gitplan::cli::completion_files
]==])
target_sources(gitplan_cli PRIVATE ${completion_source})

# zsh's own completion of git shows the description that stands in each file.
set(description_plan "plans of tasks for parallel workers")
set(description_task "tasks of a plan, each on a branch of its own")
set(description_wave "waves of tasks in worker slots")
foreach(program plan task wave)
  string(REPLACE "#description ${description_plan}" "#description ${description_${program}}" content
         "${completion_zsh}")
  set(file ${PROJECT_BINARY_DIR}/completions/zsh/_git-${program})
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT "${content}")
  # A Debian package's place for it is another than a local installation's.
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions COMPONENT local)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
          COMPONENT debian EXCLUDE_FROM_ALL)
  install(FILES ${completions}/git-plan.bash RENAME git-${program}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${completions}/git-plan.fish RENAME git-${program}.fish
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endforeach()
# fish reads a program's completions when that program is typed: those of git's own verbs must be there before.
install(FILES ${completions}/git-plan.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_conf.d)
