#include "base/error.hpp"

#include <utility>

namespace gitplan {

const char* kind_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::negative:
      return "negative";
    case ErrorKind::not_found:
      return "not_found";
    case ErrorKind::wrong_state:
      return "wrong_state";
    case ErrorKind::lost_race:
      return "lost_race";
    case ErrorKind::timed_out:
      return "timed_out";
    case ErrorKind::fatal:
      return "fatal";
    case ErrorKind::usage:
      return "usage";
  }
  return "fatal";
}

Error::Error(ErrorKind kind, std::string message)
    : kind_(kind), code_(kind_code(kind)), messages_{std::move(message)} {}

Error::Error(ErrorKind kind, std::string message, Hint hint)
    : kind_(kind), code_(kind_code(kind)), messages_{std::move(message)}, hints_{std::move(hint)} {}

Error::Error(ErrorKind kind, std::vector<std::string> messages, std::vector<Hint> hints)
    : kind_(kind),
      code_(kind_code(kind)),
      messages_(std::move(messages)),
      hints_(std::move(hints)) {
  if (messages_.empty()) messages_.emplace_back("unknown error");
}

Error&& Error::with_code(std::string code) && {
  code_ = std::move(code);
  return std::move(*this);
}

}  // namespace gitplan
