#include "git/shared_repository.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/error.hpp"
#include "git/config.hpp"

namespace gitplan::git {
namespace {

constexpr Sharing kUmask{};
constexpr Sharing kGroup{0660, false};
constexpr Sharing kEverybody{0664, false};

std::optional<mode_t> parse_octal(std::string_view digits) {
  mode_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  const bool all = error == std::errc{} && end == digits.data() + digits.size();
  return all ? std::optional(value) : std::nullopt;
}

// 0, 1 and 2 are what umask, group and all were called once.
Sharing of_number(mode_t number) {
  constexpr mode_t kUser = 0600;
  constexpr mode_t kFiles = 0666;
  if (number == 0) return kUmask;
  if (number == 1) return kGroup;
  if (number == 2) return kEverybody;
  if ((number & kUser) == kUser) return {number & kFiles, true};
  throw Error(ErrorKind::fatal,
              fmt::format("core.sharedRepository is 0{:o}: the owner of files must be able to "
                          "read and write them",
                          number),
              Hint{"to share with the group, run: git config core.sharedRepository group"});
}

}  // namespace

std::optional<Sharing> parse_sharing(std::string_view setting) {
  if (setting == "umask") return kUmask;
  if (setting == "group") return kGroup;
  if (setting == "all" || setting == "world" || setting == "everybody") return kEverybody;
  const auto number = parse_octal(setting);
  return number ? std::optional(of_number(*number)) : std::nullopt;
}

void share_as_configured(const Config& config) {
  const auto setting = config.text("core.sharedRepository");
  const auto sharing = setting ? parse_sharing(*setting) : kUmask;
  if (sharing) return share_files(*sharing);
  share_files(config.boolean("core.sharedRepository").value_or(false) ? kGroup : kUmask);
}

}  // namespace gitplan::git
