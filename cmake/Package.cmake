# Installing, uninstalling, and packages: `cmake --install`, the target `uninstall`, and `cpack` for a Debian
# package. scripts/dist makes the source tarball.
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})


add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DBINARY_DIR=${PROJECT_BINARY_DIR} -DOWN_FOLDERS=${CMAKE_INSTALL_FULL_DOCDIR}
          -P ${PROJECT_SOURCE_DIR}/cmake/Uninstall.cmake
  VERBATIM)

# What a Debian package has besides: not installed otherwise. Its policy wants both files packed.
find_program(GZIP gzip REQUIRED)
set(changelog ${PROJECT_BINARY_DIR}/packaging/changelog.Debian.gz)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/packaging)
add_custom_command(OUTPUT ${changelog}
  COMMAND ${GZIP} -9 --no-name --stdout ${PROJECT_SOURCE_DIR}/packaging/changelog >${changelog}
  DEPENDS ${PROJECT_SOURCE_DIR}/packaging/changelog)
add_custom_target(debian_files ALL DEPENDS ${changelog})
install(FILES ${changelog} packaging/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES packaging/lintian-overrides DESTINATION share/lintian/overrides RENAME git-plan
        COMPONENT debian EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME git-plan)
set(CPACK_PACKAGE_VENDOR "The git-plan authors")
set(CPACK_PACKAGE_CONTACT "The git-plan authors <git-plan@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "plans, tasks and waves of parallel work, kept in git")
# CPack puts the summary before this.
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Many workers, people and coding agents, build one code base in parallel,
with git alone as the source of truth: git-plan, git-task and git-wave plan
the work, give each worker a branch and a worktree, merge what is done, and
never touch your checkout. Agents use them from a shell or by the Model
Context Protocol.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS
    "${PROJECT_BINARY_DIR};git-plan;Unspecified;/;${PROJECT_BINARY_DIR};git-plan;debian;/")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION vcs)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "git (>= 1:2.39)")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
if(NOT GITPLAN_STATIC)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
include(CPack)
