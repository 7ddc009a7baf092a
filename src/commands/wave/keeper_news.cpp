#include "commands/wave/keeper_news.hpp"

#include <nlohmann/json.hpp>

#include "session/json.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Connection;
using supervisor::KeeperFailed;
using supervisor::KeeperNews;
using supervisor::LostTask;
using supervisor::SeenTo;
using supervisor::Stirred;

Json object_of(const Connection& one) {
  return Json{{"news", one.is_offline ? "offline" : "online"}, {"words", one.words}};
}
Json object_of(const LostTask& one) {
  return Json{{"news", one.why == LostTask::Why::superseded ? "superseded" : "over"},
              {"task", one.task},
              {"reason", one.reason}};
}
Json object_of(const SeenTo& one) {
  return Json{{"news", "seen_to"}, {"stands_on", one.stands_on}, {"waits", one.waits}};
}
Json object_of(const Stirred& /*one*/) { return Json{{"news", "stirred"}}; }
Json object_of(const KeeperFailed& one) {
  return Json{{"news", "failed"}, {"words", one.words}, {"hint", one.hint}};
}

std::optional<KeeperNews> news_of(const Json& json) {
  const std::string news = json.value("news", "");
  if (news == "offline" || news == "online")
    return Connection{news == "offline", json.value("words", "")};
  if (news == "superseded" || news == "over") {
    const auto why = news == "over" ? LostTask::Why::over : LostTask::Why::superseded;
    return LostTask{why, json.value("task", ""), json.value("reason", "")};
  }
  if (news == "seen_to") return SeenTo{json.value("stands_on", ""), json.value("waits", false)};
  if (news == "stirred") return Stirred{};
  if (news == "failed") return KeeperFailed{json.value("words", ""), json.value("hint", "")};
  return std::nullopt;
}

}  // namespace

std::string encode(const KeeperNews& news) {
  return dump(std::visit([](const auto& one) { return object_of(one); }, news), -1) + "\n";
}

std::optional<KeeperNews> parse_keeper_news(std::string_view line) {
  try {
    return news_of(Json::parse(line));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace gitplan::commands
