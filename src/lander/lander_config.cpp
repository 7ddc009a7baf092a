// What a lander is told by config.
#include <fmt/format.h>

#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "lander/lander.hpp"
#include "plan/estimate.hpp"

namespace gitplan::lander {
namespace {

[[noreturn]] void refuse(const std::string& word, const std::string& key) {
  throw Error(ErrorKind::fatal, fmt::format("bad value '{}' for '{}'", text::printable(word), key),
              Hint{"to take the usual one, run: git config --unset " + key});
}

std::int64_t number_of(const git::Config& config, const std::string& key, std::int64_t usual,
                       std::int64_t least, std::int64_t most) {
  const std::int64_t number = config.integer(key).value_or(usual);
  if (number >= least && number <= most) return number;
  refuse(std::to_string(number), key);
}

}  // namespace

landing::QueuePolicy queue_policy(const git::Config& config, const std::string& verify) {
  constexpr std::int64_t most = 1000;
  constexpr std::int64_t most_in_batch = 1'000'000;
  landing::QueuePolicy policy;
  policy.jobs = static_cast<int>(number_of(config, "wave.verifyJobs", 1, 1, most));
  policy.batch = static_cast<int>(number_of(config, "wave.verifyBatch", 0, 0, most_in_batch));
  policy.retries = static_cast<int>(number_of(config, "wave.verifyRetries", 1, 0, most));
  if (verify.empty()) policy.verification = landing::QueuePolicy::Verification::none;
  return policy;
}

bool waits_for_others(const git::Config& config) {
  const auto word = config.text("wave.land");
  if (!word || *word == "merge") return false;
  if (*word == "wait") return true;
  refuse(*word, "wave.land");
}

std::chrono::milliseconds poll_time(const git::Config& config) {
  constexpr std::chrono::seconds usual{15};
  const auto word = config.text("wave.poll");
  if (!word) return usual;
  const bool is_number =
      !word->empty() && word->find_first_not_of("0123456789") == std::string::npos;
  const auto seconds = parse_duration(is_number ? *word + " s" : *word);
  if (!seconds || *seconds < 1) refuse(*word, "wave.poll");
  return std::chrono::seconds(static_cast<long>(*seconds));
}

}  // namespace gitplan::lander
