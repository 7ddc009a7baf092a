#include "git/refs_snapshot.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "base/fd.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

constexpr int max_passes = 4;
constexpr int max_depth = 64;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

using Stamp = std::pair<ino_t, std::int64_t>;

Stamp stamp_of(const struct stat& status) {
  return {status.st_ino, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

using RefMap = std::map<std::string, RefValue, std::less<>>;

/// One pass: what stands there, broken and symbolic refs too, and when the folders changed.
struct Seen {
  RefMap refs;
  std::map<std::string, Stamp> folders;
};

bool is_folder(const DIR* listing, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return entry.d_type == DT_DIR;
  struct stat status {};
  return fstatat(dirfd(const_cast<DIR*>(listing)), entry.d_name, &status, 0) == 0 &&
         S_ISDIR(status.st_mode);
}

/// `folder` is a name such as "refs/heads/task/", with its slash.
void read_folder(const std::string& root, const std::string& folder, const std::string& prefix,
                 int depth, Seen& seen) {
  const std::unique_ptr<DIR, CloseFolder> listing(opendir(join_path(root, folder).c_str()));
  if (!listing || depth > max_depth) return;
  struct stat status {};
  if (fstat(dirfd(listing.get()), &status) == 0) seen.folders[folder] = stamp_of(status);
  while (const dirent* entry = readdir(listing.get())) {
    const std::string_view base = entry->d_name;
    if (base.front() == '.' || base.ends_with(".lock")) continue;
    std::string name = folder + entry->d_name;
    if (is_folder(listing.get(), *entry)) {
      name += '/';
      if (name.starts_with(prefix) || prefix.starts_with(name)) {
        read_folder(root, name, prefix, depth + 1, seen);
      }
    } else if (name.starts_with(prefix) && is_valid_ref_name(name)) {
      const RefValue value = read_loose_at(dirfd(listing.get()), entry->d_name);
      if (value.kind != RefValue::Kind::absent) seen.refs[std::move(name)] = value;
    }
  }
}

bool is_unchanged(const std::string& root, const Seen& seen) {
  for (const auto& [folder, stamp] : seen.folders) {
    struct stat status {};
    if (stat(join_path(root, folder).c_str(), &status) != 0 || stamp_of(status) != stamp) {
      return false;
    }
  }
  return true;
}

/// Two sums of all that is added, of which each depends on every bit: what differs differs in one.
/// Long texts are summed up in four columns, which a processor does side by side.
class Printer {
 public:
  void add(std::string_view bytes) {
    constexpr std::size_t row = 4 * sizeof(std::uint64_t);
    if (bytes.size() >= 4 * row) add_columns(bytes, row);
    for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t)))
      add_word(word_of(bytes.substr(0, sizeof(std::uint64_t))));
    add_word(word_of(bytes));
    add_word(bytes.size());
  }
  [[nodiscard]] RefsPrint print() const { return print_; }

 private:
  static std::uint64_t word_of(std::string_view bytes) {
    std::uint64_t word = 0;
    if (!bytes.empty()) std::memcpy(&word, bytes.data(), bytes.size());
    return word;
  }
  static void add_to(RefsPrint& print, std::uint64_t word) {
    print.first = (print.first ^ word) * 0x100000001b3U;
    print.first ^= print.first >> 29U;
    print.second = (print.second + word) * 0x9e3779b97f4a7c15U;
    print.second ^= print.second >> 32U;
  }
  void add_word(std::uint64_t word) { add_to(print_, word); }
  void add_columns(std::string_view& bytes, std::size_t row) {
    std::array<RefsPrint, 4> columns{print_, print_, print_, print_};
    for (; bytes.size() >= row; bytes.remove_prefix(row)) {
      std::array<std::uint64_t, 4> words;
      std::memcpy(words.data(), bytes.data(), row);
      for (std::size_t i = 0; i < words.size(); ++i) add_to(columns[i], words[i]);
    }
    for (const RefsPrint& column : columns) {
      add_word(column.first);
      add_word(column.second);
    }
  }
  RefsPrint print_{0xcbf29ce484222325U, 0x84222325cbf29ce4U};
};

std::string_view bytes_of(const Oid& oid) {
  return {reinterpret_cast<const char*>(oid.bytes.data()), oid.bytes.size()};
}

}  // namespace

// Loose before packed: what pack-refs removes while we look stands in the packed file by then. A
// folder that changes while it is read may hide an entry on some file systems, so all is read
// again; where it never holds still, what any pass saw counts.
RefsSnapshot::RefsSnapshot(const Repository& repository, std::string prefix)
    : prefix_(std::move(prefix)) {
  const std::string& root = repository.common_dir();
  const std::string folder = prefix_.substr(0, prefix_.rfind('/') + 1);
  for (int pass = 0; pass < max_passes && !held_still_; ++pass) {
    Seen seen;
    read_folder(root, folder.empty() ? "refs/" : folder, prefix_, 0, seen);
    packed_.emplace(PackedRefs::open(root));
    held_still_ = is_unchanged(root, seen);
    if (held_still_) loose_.clear();
    for (auto& [name, value] : seen.refs) loose_[name] = std::move(value);
  }
}

std::optional<RefsPrint> RefsSnapshot::print() const {
  if (!held_still_) return std::nullopt;
  Printer printer;
  for (const auto& [name, value] : loose_) {
    printer.add(name);
    printer.add(value.kind == RefValue::Kind::direct ? bytes_of(value.target) : "");
  }
  printer.add("");
  printer.add(packed_->text_of(prefix_));
  return printer.print();
}

std::vector<Ref> RefsSnapshot::refs() const {
  std::vector<Ref> all;
  const auto by_name = [](const Ref& a, const Ref& b) { return a.name < b.name; };
  packed_->for_each(prefix_, [&](std::string_view name, const Oid& target) {
    const bool counts = is_valid_ref_name(name) && !loose_.contains(name);
    if (counts) all.push_back({std::string(name), target});
  });
  if (!std::is_sorted(all.begin(), all.end(), by_name)) std::sort(all.begin(), all.end(), by_name);
  const auto packed = static_cast<std::ptrdiff_t>(all.size());
  for (const auto& [name, value] : loose_) {
    if (value.kind == RefValue::Kind::direct) all.push_back({name, value.target});
  }
  std::inplace_merge(all.begin(), all.begin() + packed, all.end(), by_name);
  return all;
}

}  // namespace gitplan::git
