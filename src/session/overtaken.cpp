#include "session/overtaken.hpp"

#include <random>
#include <thread>

#include "remote/transact.hpp"

namespace gitplan {

void Overtaken::once_more(std::string_view remote) {
  constexpr int most = 20;
  if (++times_ >= most) {
    times_ = 0;
    remote::Ended lost;
    lost.kind = remote::Ended::Kind::lost;
    remote::throw_unless_done(lost, remote);
  }
  std::random_device seed;
  const double random = std::uniform_real_distribution<double>(0, 1)(seed);
  std::this_thread::sleep_for(remote::wait_before(times_, random));
}

}  // namespace gitplan
