// What verifications said of trees, in one run.
#pragma once

#include <map>

#include "landing/ids.hpp"

namespace gitplan::landing {

enum class Verdict { green, red };

/// A tree that was green once is green: what was red before was flaky. Red counts, as a tree that
/// was red may have been so by chance.
class Verdicts {
 public:
  void add(const Tree& tree, Verdict verdict) {
    Known& known = trees_[tree];
    if (verdict == Verdict::green) {
      known.green = true;
    } else {
      ++known.reds;
    }
  }

  [[nodiscard]] bool is_green(const Tree& tree) const { return of(tree).green; }
  [[nodiscard]] bool is_red(const Tree& tree) const { return !of(tree).green && of(tree).reds > 0; }
  [[nodiscard]] bool was_red(const Tree& tree) const { return of(tree).reds > 0; }
  /// As often as it takes to blame somebody: the first time and `retries` more.
  [[nodiscard]] bool is_proven_red(const Tree& tree, int retries) const {
    return is_red(tree) && of(tree).reds > retries;
  }
  /// Green, or red beyond doubt.
  [[nodiscard]] bool is_settled(const Tree& tree, int retries) const {
    return is_green(tree) || is_proven_red(tree, retries);
  }

 private:
  struct Known {
    bool green = false;
    int reds = 0;
  };

  [[nodiscard]] Known of(const Tree& tree) const {
    const auto found = trees_.find(tree);
    return found == trees_.end() ? Known{} : found->second;
  }

  std::map<Tree, Known> trees_;
};

}  // namespace gitplan::landing
