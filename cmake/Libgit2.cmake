# libgit2 without its network parts: the archive, with src/git/no_network.c in the place of the objects
# that would pull in TLS, SSH and Kerberos. Start-up drops from 7 ms to under 1 (loading the CA bundle).
# GITPLAN_SHARED_LIBGIT2, or a system without the archives, falls back to the shared library.
option(GITPLAN_SHARED_LIBGIT2 "Link the shared libgit2, with its network parts" OFF)

add_library(gitplan_libgit2 INTERFACE)
find_path(LIBGIT2_INCLUDE git2.h REQUIRED)
target_include_directories(gitplan_libgit2 SYSTEM INTERFACE ${LIBGIT2_INCLUDE})

set(archives)
foreach(name git2 mbedcrypto http_parser pcre2-8 z)
  find_library(ARCHIVE_${name} lib${name}.a)
  list(APPEND archives ${ARCHIVE_${name}})
endforeach()

if(GITPLAN_SHARED_LIBGIT2 OR "${archives}" MATCHES "NOTFOUND")
  set(GITPLAN_LIBGIT2_IS_STATIC OFF)
  if(NOT GITPLAN_SHARED_LIBGIT2)
    message(STATUS "libgit2.a or an archive that it needs is missing: using the shared library")
  endif()
  find_library(LIBGIT2_SHARED git2 REQUIRED)
  find_library(ZLIB_SHARED z REQUIRED)  # src/git/loose_object.cpp
  target_link_libraries(gitplan_libgit2 INTERFACE ${LIBGIT2_SHARED} ${ZLIB_SHARED})
else()
  set(GITPLAN_LIBGIT2_IS_STATIC ON)
  find_package(Threads REQUIRED)
  add_library(gitplan_no_network OBJECT ${PROJECT_SOURCE_DIR}/src/git/no_network.c)
  target_link_libraries(gitplan_no_network PRIVATE gitplan_c_options)
  target_link_libraries(gitplan_libgit2 INTERFACE $<TARGET_OBJECTS:gitplan_no_network>
    ${archives} Threads::Threads)
endif()
