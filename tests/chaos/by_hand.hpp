// What people do to files and folders without git. Each tells what it did; false if there was
// nothing to do it to.
#pragma once

#include <string>
#include <vector>

#include "chaos/random.hpp"
#include "chaos/world.hpp"

namespace chaos {

/// The files that stories write: all of them in folders that are there, or can be made.
extern const std::vector<std::string> file_names;

bool write_over(World& world, Random& random, const std::string& folder);
bool append_to(World& world, Random& random, const std::string& folder);
bool delete_file(World& world, Random& random, const std::string& folder);
bool rename_file(World& world, Random& random, const std::string& folder);

bool write_ignored(World& world, Random& random, const std::string& folder);
bool put_folder_for_file(World& world, Random& random, const std::string& folder);
bool put_file_for_folder(World& world, Random& random, const std::string& folder);
bool put_link_for_file(World& world, Random& random, const std::string& folder);

bool make_inner_repository(World& world, Random& random, const std::string& folder);
bool commit_in_submodule(World& world, Random& random, const std::string& folder);

bool remove_dot_git(World& world, Random& random, const std::string& folder);
bool move_folder(World& world, Random& random, const std::string& folder);
bool remove_folder(World& world, Random& random, const std::string& folder);
bool copy_folder(World& world, Random& random, const std::string& folder);
/// At the place of a slot that is not there.
bool make_strange_folder(World& world, Random& random, const std::string& folder);

}  // namespace chaos
