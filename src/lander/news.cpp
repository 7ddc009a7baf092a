#include "lander/news.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/names.hpp"
#include "session/json.hpp"

namespace gitplan::lander {
namespace {

using supervisor::LanderNews;
using supervisor::Landing;
using supervisor::SentBack;
using supervisor::TaskLanding;
using supervisor::Verification;
using Outcome = Landing::Outcome;
using Words = std::vector<std::string>;

constexpr Names<Outcome, 14> outcome_names = {
    {{"queued", Outcome::queued},
     {"held", Outcome::held},
     {"offered", Outcome::offered},
     {"merged", Outcome::merged},
     {"already_merged", Outcome::already_merged},
     {"left_work", Outcome::left_work},
     {"conflicts", Outcome::conflicts},
     {"verification_failed", Outcome::verification_failed},
     {"flow_is_red", Outcome::flow_is_red},
     {"taken_back", Outcome::taken_back},
     {"cancelled", Outcome::cancelled},
     {"given_up", Outcome::given_up},
     {"refused", Outcome::refused},
     {"superseded", Outcome::superseded}}};

Json object_of(const SentBack& back) {
  return Json{{"command", back.command},     {"exit_status", back.exit_status},
              {"timed_out", back.timed_out}, {"last_lines", back.last_lines},
              {"with", back.with},           {"ref", back.ref}};
}

SentBack sent_back_of(const Json& json) {
  SentBack back;
  back.command = json.value("command", "");
  back.exit_status = json.value("exit_status", 0);
  back.timed_out = json.value("timed_out", false);
  back.last_lines = json.value("last_lines", Words{});
  back.with = json.value("with", Words{});
  back.ref = json.value("ref", "");
  return back;
}

Json object_of(const Landing& landing) {
  Json object{{"outcome", name_of(outcome_names, landing.outcome)},
              {"reason", landing.reason},
              {"commit", landing.commit},
              {"conflicts", landing.conflicts},
              {"command", landing.command},
              {"exit_status", landing.exit_status},
              {"flaky", landing.flaky}};
  if (landing.sent_back) object["sent_back"] = object_of(*landing.sent_back);
  return object;
}

std::optional<Landing> landing_of(const Json& json) {
  const auto outcome = value_named(outcome_names, json.value("outcome", ""));
  if (!outcome) return std::nullopt;
  Landing landing;
  landing.outcome = *outcome;
  landing.reason = json.value("reason", "");
  landing.commit = json.value("commit", "");
  landing.conflicts = json.value("conflicts", Words{});
  landing.command = json.value("command", "");
  landing.exit_status = json.value("exit_status", 0);
  landing.flaky = json.value("flaky", false);
  if (json.contains("sent_back")) landing.sent_back = sent_back_of(json.at("sent_back"));
  return landing;
}

Json object_of(const Verification& verification) {
  return Json{{"tree", verification.tree},
              {"tasks", verification.tasks},
              {"success", verification.success},
              {"seconds", verification.seconds}};
}

Verification verification_of(const Json& json) {
  return {json.value("tree", ""), json.value("tasks", Words{}), json.value("success", false),
          json.value("seconds", 0.0)};
}

/// `read` of the line, or nothing where that is not what it should be.
template <class Read>
auto parsed(std::string_view line, Read read) -> decltype(read(Json())) {
  try {
    return read(Json::parse(line));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string encode(const LanderNews& news) {
  if (const auto* verification = std::get_if<Verification>(&news))
    return dump(Json{{"verified", object_of(*verification)}}, -1) + "\n";
  if (const auto* connection = std::get_if<supervisor::Connection>(&news))
    return dump(Json{{"offline", connection->is_offline}, {"words", connection->words}}, -1) + "\n";
  const auto& task = std::get<TaskLanding>(news);
  return dump(Json{{"task", task.task}, {"landing", object_of(task.landing)}}, -1) + "\n";
}

std::optional<LanderNews> parse_news(std::string_view line) {
  return parsed(line, [](const Json& json) -> std::optional<LanderNews> {
    if (json.contains("verified")) return verification_of(json.at("verified"));
    if (json.contains("offline"))
      return supervisor::Connection{json.at("offline").get<bool>(), json.value("words", "")};
    auto landing = landing_of(json.at("landing"));
    if (!landing) return std::nullopt;
    return TaskLanding{json.value("task", ""), *std::move(landing)};
  });
}

std::string encode(const Landing& landing) { return dump(object_of(landing), -1); }

std::optional<Landing> parse_landing(std::string_view line) { return parsed(line, landing_of); }

}  // namespace gitplan::lander
