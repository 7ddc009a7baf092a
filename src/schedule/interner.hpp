// Texts as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::schedule {

/// Gives each different text the next number from 0 on. Open addressing with linear probing.
class Interner {
 public:
  std::uint32_t intern(std::string_view text);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
  [[nodiscard]] const std::string& text(std::uint32_t number) const { return texts_[number]; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  /// Room for so many texts, so that it need not grow.
  void reserve(std::size_t texts);

 private:
  [[nodiscard]] std::size_t slot_of(std::string_view text, std::size_t hash) const;
  void rehash(std::size_t slots);

  std::vector<std::string> texts_;
  std::vector<std::size_t> hashes_;
  std::vector<std::uint32_t>
      slots_;  ///< number + 1, or 0: a power of two, at most half of them taken
};

/// `text` with its white space folded; `buffer` holds it where it is not so already.
std::string_view folded(std::string_view text, std::string& buffer);

}  // namespace gitplan::schedule
