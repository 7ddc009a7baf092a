# Fully static programs start in 0.7 ms, dynamic ones in 1.2. GITPLAN_STATIC is on wherever the static
# libgit2 and a static C++ library are there; the sanitizers need dynamic programs.
include(CMakePushCheckState)
include(CheckCXXSourceCompiles)
include(CMakeDependentOption)

cmake_push_check_state(RESET)
set(CMAKE_REQUIRED_FLAGS -fPIE)
set(CMAKE_REQUIRED_LINK_OPTIONS -static-pie)
check_cxx_source_compiles("#include <string>\nint main() { return std::string(\"x\").empty(); }"
                          GITPLAN_CAN_LINK_STATIC_PIE)
cmake_pop_check_state()

cmake_dependent_option(GITPLAN_STATIC "Link the programs fully statically (faster start)" ON
  "GITPLAN_LIBGIT2_IS_STATIC;GITPLAN_CAN_LINK_STATIC_PIE;NOT GITPLAN_SANITIZE" OFF)

# What the three programs are linked with, and the tests are not.
add_library(gitplan_program INTERFACE)
if(GITPLAN_STATIC)
  add_library(gitplan_no_name_service OBJECT ${PROJECT_SOURCE_DIR}/src/git/no_name_service.c)
  target_link_libraries(gitplan_no_name_service PRIVATE gitplan_c_options)
  target_link_libraries(gitplan_program INTERFACE $<TARGET_OBJECTS:gitplan_no_name_service>)
  target_link_options(gitplan_program INTERFACE -static-pie)
endif()
