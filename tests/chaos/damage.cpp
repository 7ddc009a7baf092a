#include "chaos/damage.hpp"

#include <string_view>

namespace chaos {
namespace {

constexpr char all_bits = '\xff';

std::string_view word(Damage::Kind kind) {
  switch (kind) {
    case Damage::Kind::changed:
      return "changed";
    case Damage::Kind::cut:
      return "cut off";
    case Damage::Kind::lengthened:
      return "doubled";
  }
  return "";
}

}  // namespace

std::vector<Damage> all_damages(const std::string& file, std::size_t size) {
  std::vector<Damage> damages;
  for (std::size_t at = 0; at < size; ++at) {
    for (const auto kind : {Damage::Kind::changed, Damage::Kind::cut, Damage::Kind::lengthened}) {
      damages.push_back({file, kind, at});
    }
  }
  return damages;
}

std::string damaged(std::string content, const Damage& damage) {
  switch (damage.kind) {
    case Damage::Kind::changed:
      content[damage.at] = static_cast<char>(content[damage.at] ^ all_bits);
      break;
    case Damage::Kind::cut:
      content.resize(damage.at);
      break;
    case Damage::Kind::lengthened:
      content.insert(damage.at, 1, content[damage.at]);
      break;
  }
  return content;
}

std::string in_words(const Damage& damage) {
  return "byte " + std::to_string(damage.at) + " of " + damage.file + " " +
         std::string(word(damage.kind));
}

}  // namespace chaos
