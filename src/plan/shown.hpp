// Text out of plans as it stands in messages.
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"

namespace gitplan {

/// Printable and short.
inline std::string shown(std::string_view text, int columns = 100) {
  const auto bytes =
      static_cast<std::size_t>(columns) * 4;  // as many as so many characters may take
  return text::cut(text::printable(text.substr(0, bytes)), columns);
}

}  // namespace gitplan
