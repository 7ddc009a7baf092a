# Warnings for our own files. They are errors in the presets only, so that another compiler's new
# warning never keeps a user from building.
add_library(gitplan_warnings INTERFACE)
set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND warnings -Wduplicated-cond -Wlogical-op -Wuseless-cast)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms of g++ 12 on "text" + std::string and on moved strings (GCC bugs 105651, 105329).
    list(APPEND warnings -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
  endif()
  if(GITPLAN_SANITIZE)
    # The sanitizers' extra branches make g++ see uninitialized values in every std::optional.
    list(APPEND warnings -Wno-maybe-uninitialized)
  endif()
endif()
target_compile_options(gitplan_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:${warnings}>)
if(GITPLAN_WERROR)
  target_compile_options(gitplan_warnings INTERFACE -Werror)
endif()
