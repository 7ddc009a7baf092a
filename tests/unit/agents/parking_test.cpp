#include "agents/parking.hpp"

#include <catch2/catch.hpp>

namespace gitplan::agents {
namespace {

constexpr Seconds now = 1741089600;
constexpr Seconds most = 24 * 3600;

TEST_CASE("without a time, an agent is asked after a minute, then twice as late each time") {
  std::optional<Parked> parked;
  std::vector<Seconds> waits;
  for (int i = 0; i < 8; ++i) {
    parked = park(parked, {}, now, most);
    waits.push_back(parked->until - now);
  }
  CHECK(waits == std::vector<Seconds>{60, 120, 240, 480, 960, 1800, 1800, 1800});
  CHECK(back_off(2'000'000'000) == 1800);
}

TEST_CASE("a time that was named holds, within bounds") {
  CHECK(park({}, {now + 18000, ""}, now, most).until == now + 18000);
  CHECK(park({}, {now + 10 * most, ""}, now, most).until == now + most);
  CHECK(park({}, {}, now, 30).until == now + 30);
}

TEST_CASE("a time that has passed means now, but not again and again") {
  auto parked = park({}, {now - 5, ""}, now, most);
  CHECK(parked.until == now);
  parked = park(parked, {now - 5, ""}, now, most);
  CHECK(parked.until == now + 60);
  parked = park(parked, {now - 5, ""}, now, most);
  CHECK(parked.until == now + 120);
}

TEST_CASE("parkings outlive a file, and garbage in it") {
  const Parkings all{{"a", {1, 2, true, 3}}, {"default", {4, 5, false, 6}}};
  CHECK(decode_parkings(encode(all)) == all);
  CHECK(decode_parkings("a 1 2\n../x 1 2 0 1\nb x 2 0 1\nc 1 2 0 -1\n\n\xff").empty());
}

}  // namespace
}  // namespace gitplan::agents
