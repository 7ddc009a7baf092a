# libuv, the archive where it is there (the programs are static), else the shared library.
find_package(Threads REQUIRED)
find_path(LIBUV_INCLUDE uv.h REQUIRED)
find_library(LIBUV NAMES libuv_a.a uv REQUIRED)
add_library(gitplan_libuv INTERFACE)
target_include_directories(gitplan_libuv SYSTEM INTERFACE ${LIBUV_INCLUDE})
target_link_libraries(gitplan_libuv INTERFACE ${LIBUV} Threads::Threads ${CMAKE_DL_LIBS} rt)
