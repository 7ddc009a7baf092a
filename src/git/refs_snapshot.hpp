// The refs of a prefix at one moment. Whether they are as they were is told without reading each:
// where there are many, that is most of the cost.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/packed_refs.hpp"
#include "git/ref_files.hpp"
#include "git/refs.hpp"

namespace gitplan::git {

/// Two prints that are the same are of the same refs; the same refs may have two (a loose one that
/// was packed).
struct RefsPrint {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  bool operator==(const RefsPrint&) const = default;
};

class RefsSnapshot {
 public:
  /// Takes it now. Throws Error(fatal) if packed-refs cannot be read.
  RefsSnapshot(const Repository& repository, std::string prefix);

  /// Nothing where the refs never held still while they were read.
  [[nodiscard]] std::optional<RefsPrint> print() const;
  /// Sorted by name. Broken refs and symbolic ones are left out.
  [[nodiscard]] std::vector<Ref> refs() const;

 private:
  std::string prefix_;
  std::map<std::string, RefValue, std::less<>> loose_;
  std::optional<PackedRefs> packed_;
  bool held_still_ = false;
};

}  // namespace gitplan::git
