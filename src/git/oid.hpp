// An object id (SHA-1; SHA-256 repositories are refused).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan::git {

struct Oid {
  std::array<std::uint8_t, 20> bytes{};

  static std::optional<Oid> parse(std::string_view hex);  ///< 40 hexadecimal digits
  [[nodiscard]] std::string hex() const;
  [[nodiscard]] std::string abbreviated() const { return hex().substr(0, 10); }
  [[nodiscard]] bool is_zero() const { return *this == Oid{}; }
  auto operator<=>(const Oid&) const = default;
};

struct OidHash {
  std::size_t operator()(const Oid& oid) const {
    std::size_t value = 0;
    std::memcpy(&value, oid.bytes.data(), sizeof value);
    return value;
  }
};

}  // namespace gitplan::git
