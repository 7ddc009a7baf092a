#include "session/unshared.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "session/shared_remote.hpp"

namespace gitplan {

void refuse_unshared(const SharedRemote& shared, const std::string& session) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("remote '{}' does not have plan '{}'", text::printable(shared.remote()),
                          text::printable(session)),
              Hint{fmt::format("to share it, run: git plan share {} {}",
                               text::shell_quote(shared.remote()), text::shell_quote(session))})
      .with_code("unshared");
}

}  // namespace gitplan
