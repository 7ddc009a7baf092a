// Overlap of files: the index against pairs, and pairs against fnmatch(3) over all short paths.
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <set>

#include "fuzz/fuzz.hpp"
#include "schedule/file_index.hpp"
#include "schedule/overlap.hpp"

namespace gitplan::fuzz {
namespace {

using namespace schedule;
using Path = std::vector<std::string>;

bool is_any_depth(const std::string& name) { return name == "**"; }

// A path of components against those of a glob; "**" is any number of them.
bool matches(const Path& glob, std::size_t i, const Path& path, std::size_t j) {
  if (i == glob.size()) return j == path.size();
  if (is_any_depth(glob[i])) {
    for (std::size_t k = j; k <= path.size(); ++k) {
      if (matches(glob, i + 1, path, k)) return true;
    }
    return false;
  }
  return j < path.size() && fnmatch(glob[i].c_str(), path[j].c_str(), FNM_PATHNAME) == 0 &&
         matches(glob, i + 1, path, j + 1);
}

Path components(std::string_view entry) {
  Path names;
  for (const std::string_view name : text::split(entry, '/')) {
    if (!name.empty() && name != ".") names.emplace_back(name);
  }
  return names;
}

constexpr std::array<const char*, 9> kNames = {"a", "b", "ab", "a.c", "-", "]", "aa", "ba.c", "!"};

std::vector<Path> paths_below(const std::vector<Path>& folders) {
  std::vector<Path> paths;
  for (const Path& folder : folders) {
    for (const char* name : kNames) {
      paths.push_back(folder);
      paths.back().emplace_back(name);
    }
  }
  return paths;
}

const std::vector<Path>& short_paths() {
  static const std::vector<Path> all = [] {
    std::vector<Path> paths = paths_below({{}});
    const std::vector<Path> deeper = paths_below(paths);
    paths.insert(paths.end(), deeper.begin(), deeper.end());
    return paths;
  }();
  return all;
}

void pairs(const std::string& a, const std::string& b) {
  const bool overlap = paths_overlap(a, b);
  require(overlap == paths_overlap(b, a), "overlap is the same both ways", {a, b});
  const Path glob_a = components(a);
  const Path glob_b = components(b);
  const bool judged = !overlap && !glob_a.empty() && !glob_b.empty() && !text::trim(a).empty() &&
                      !text::trim(b).empty() && a.find("..") == std::string::npos &&
                      b.find("..") == std::string::npos;
  if (!judged) return;
  for (const Path& path : short_paths()) {
    require(!matches(glob_a, 0, path, 0) || !matches(glob_b, 0, path, 0),
            "a path that both match is an overlap", {a, b, text::join(path, "/")});
  }
}

// A name overlaps with itself and, being perhaps a folder, with what lies below.
void names(const std::string& entry) {
  const bool plain = entry.find_first_of("*?[\\") == std::string::npos &&
                     entry.find("..") == std::string::npos && entry.size() < 4000 &&
                     !text::trim(entry).empty();
  if (!plain) return;
  require(paths_overlap(entry, entry), "a name overlaps with itself", {entry});
  require(paths_overlap(entry, entry + "/q"), "a folder overlaps with what is in it", {entry});
}

void index(const std::vector<std::string>& entries, const std::string& wanted) {
  GlobWork work;
  FileIndex index(work, Uncompared::overlapping);
  std::vector<FileIndex::Owner> expected;
  for (FileIndex::Owner owner = 0; owner < entries.size(); ++owner) {
    index.add(owner, std::span(&entries[owner], 1));
    if (paths_overlap(entries[owner], wanted)) expected.push_back(owner);
  }
  const std::span<const std::string> files(&wanted, 1);
  require(index.overlaps(files, 1000) == expected, "the index finds what pairs do", {wanted});
  require(index.first_overlap(files).has_value() == !expected.empty() &&
              (expected.empty() || index.first_overlap(files) == expected.front()),
          "the index finds the first", {wanted});
}

// Only what globs are made of, so that most of them meet.
void make_glob(std::string& entry) {
  static constexpr std::string_view kLetters = "ab.c/*?[]!-^\\";
  for (char& c : entry) c = kLetters[static_cast<unsigned char>(c) % kLetters.size()];
}

}  // namespace

void play(Input& input) {
  const bool of_globs = input.flag();
  std::vector<std::string> entries = input.pieces();
  if (entries.size() < 2 || entries.size() > 8) return;
  for (std::string& entry : entries) {
    if (of_globs) {
      entry.resize(std::min<std::size_t>(entry.size(), 12));
      make_glob(entry);
    }
    if (entry.find('\0') != std::string::npos) return;
    names(entry);
  }
  const std::string wanted = entries.back();
  entries.pop_back();
  for (const std::string& entry : entries) pairs(entry, wanted);
  index(entries, wanted);
}

}  // namespace gitplan::fuzz
