// What may happen to the bytes of a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace chaos {

struct Damage {
  enum class Kind {
    changed,     ///< the byte there is another one
    cut,         ///< the file ends there
    lengthened,  ///< a byte more stands there
  };
  std::string file;
  Kind kind = Kind::changed;
  std::size_t at = 0;
};

/// Each kind at each offset of a file of that size.
std::vector<Damage> all_damages(const std::string& file, std::size_t size);

std::string damaged(std::string content, const Damage& damage);

/// "byte 17 of <file> changed".
std::string in_words(const Damage& damage);

}  // namespace chaos
