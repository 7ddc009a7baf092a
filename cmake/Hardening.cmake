# What every object is compiled with, whatever room it stands in.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
add_library(gitplan_c_options INTERFACE)
add_library(gitplan_options INTERFACE)
target_link_libraries(gitplan_options INTERFACE gitplan_c_options)
target_compile_definitions(gitplan_options INTERFACE GITPLAN_VERSION="${PROJECT_VERSION}")

if(GITPLAN_FUZZ_COVERAGE)
  target_compile_options(gitplan_c_options INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(gitplan_c_options INTERFACE -fprofile-instr-generate)
elseif(GITPLAN_FUZZ)
  # Of the debug information only what stack traces show: the rest takes long to compile.
  target_compile_options(gitplan_c_options INTERFACE -gline-tables-only -fno-omit-frame-pointer
    -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(gitplan_c_options INTERFACE -fsanitize=address,undefined)
  target_compile_definitions(gitplan_options INTERFACE _GLIBCXX_ASSERTIONS)
elseif(GITPLAN_SANITIZE)
  target_compile_options(gitplan_c_options INTERFACE -fno-omit-frame-pointer
    -fsanitize=address,undefined -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(gitplan_c_options INTERFACE
      -fsanitize-ignorelist=${CMAKE_CURRENT_LIST_DIR}/sanitizers.ignore)
  endif()
  # At a fixed address: what the checks describe is so much that relocating it takes longer than most commands.
  set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(gitplan_c_options INTERFACE -fno-pie)
  target_link_options(gitplan_c_options INTERFACE -fsanitize=address,undefined -no-pie)
  target_compile_definitions(gitplan_options INTERFACE _GLIBCXX_DEBUG)
elseif(GITPLAN_HARDEN)
  target_compile_options(gitplan_c_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection
    "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
  target_compile_definitions(gitplan_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(gitplan_c_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(NOT GITPLAN_STATIC)
    # By the programs alone: the linker refuses -pie beside -static-pie.
    target_link_options(gitplan_program INTERFACE -pie)
  endif()
endif()
