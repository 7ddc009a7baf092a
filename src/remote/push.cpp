#include "remote/push.hpp"

#include <fmt/format.h>

#include "base/names.hpp"

namespace gitplan::remote {
namespace {

constexpr gitplan::Names<PushOutcome::Kind, 7> kinds{
    {{"pushed", PushOutcome::Kind::pushed},
     {"rejected", PushOutcome::Kind::rejected},
     {"refused", PushOutcome::Kind::refused},
     {"locked", PushOutcome::Kind::locked},
     {"unreachable", PushOutcome::Kind::unreachable},
     {"unknown", PushOutcome::Kind::unknown},
     {"unsupported", PushOutcome::Kind::unsupported}}};

/// Nothing of the user's: no tags, submodules, signatures, options to the host.
std::vector<std::string> options(Push::PrePush pre_push) {
  return {"-c",
          "push.pushOption=",
          "push",
          "--porcelain",
          "--progress",
          "--atomic",
          "--no-follow-tags",
          "--recurse-submodules=no",
          "--no-signed",
          pre_push == Push::PrePush::run ? "--verify" : "--no-verify"};
}

std::string hex_or_nothing(const std::optional<git::Oid>& oid) { return oid ? oid->hex() : ""; }

}  // namespace

std::string_view to_string(PushOutcome::Kind kind) { return name_of(kinds, kind); }

std::vector<std::string> push_arguments(const Push& push, std::string_view remote) {
  std::vector<std::string> words = options(push.pre_push);
  for (const RefMove& move : push.moves) {
    if (!changes(move)) continue;
    words.push_back(fmt::format("--force-with-lease={}:{}", move.ref, hex_or_nothing(move.from)));
  }
  words.emplace_back("--");
  words.emplace_back(remote);
  for (const RefMove& move : push.moves) {
    if (changes(move)) words.push_back(fmt::format("{}:{}", hex_or_nothing(move.to), move.ref));
  }
  return words;
}

}  // namespace gitplan::remote
