// The .gitattributes files that a merge of two commits needs: git merge-tree reads them from a work
// tree only.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Config;
class Repository;

struct AttributesFile {
  std::string path;  ///< "lib/.gitattributes"
  std::string content;
};

/// Those of `ours` in each folder where the two trees differ, and above.
std::vector<AttributesFile> merge_attributes(const Repository& repository, const Oid& ours,
                                             const Oid& theirs);

/// Puts them below a folder.
void write_attributes(const std::string& folder, const std::vector<AttributesFile>& files);

/// Every value that these files, and the ones outside of the tree, give an attribute ("merge").
std::set<std::string> attribute_values(const Repository& repository, const Config& config,
                                       const std::vector<AttributesFile>& files,
                                       std::string_view attribute);

/// True if these files, or the ones outside of the tree, name a merge driver that is configured.
/// Such a program may count on the files of a checkout.
bool name_a_merge_driver(const Repository& repository, const std::vector<AttributesFile>& files);

}  // namespace gitplan::git
