// What every fuzz target is made of: a function that plays one input, and words for what must hold.
// A target is one .cpp that defines play(); entry.cpp is the same for all.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/diagnostic.hpp"

namespace gitplan::fuzz {

/// The bytes of one input, taken from the front: choices first, then texts. Past the end every
/// choice is 0 and every text empty. Choices are digits where they can be, so that a corpus can be
/// written by hand.
class Input {
 public:
  explicit Input(std::string bytes) : bytes_(std::move(bytes)) {}

  /// 0 to n - 1, n at most 256; of one byte: '0' is 0, '1' is 1.
  std::size_t below(std::size_t n);
  bool flag() { return below(2) == 1; }
  template <class List>
  auto& one_of(List& list) {
    return list[below(std::size(list))];
  }
  /// Up to the next byte 1, which separates pieces, or the end.
  std::string piece();
  std::vector<std::string> pieces();
  std::string rest() { return bytes_.substr(std::exchange(place_, bytes_.size())); }
  [[nodiscard]] bool at_end() const { return place_ == bytes_.size(); }

 private:
  std::string bytes_;
  std::size_t place_ = 0;
};

/// Plays one input. Whatever it holds, only broken() may stop the process.
void play(Input& input);

/// Says which property does not hold, shows the texts that it does not hold of, and aborts.
[[noreturn]] void broken(std::string_view property, std::initializer_list<std::string_view> shown);

inline void require(bool holds, std::string_view property,
                    std::initializer_list<std::string_view> shown = {}) {
  if (!holds) broken(property, shown);
}

/// One printable line, as every message must be.
void require_printable(std::string_view message);
void require_printable(const Error& error);
void require_printable(const Diagnostics& diagnostics);

/// Runs `read`, which may refuse what it reads by an Error, and by nothing else. False if it did.
template <class Read>
bool accepts(Read read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    require_printable(error);
    return false;
  }
}

/// Runs what may not refuse: `property` says so.
template <class Read>
void must_accept(std::string_view property, std::initializer_list<std::string_view> shown,
                 Read read) {
  try {
    read();
  } catch (const Error& error) {
    require_printable(error);
    broken(std::string(property) + ": " + error.what(), shown);
  }
}

}  // namespace gitplan::fuzz
