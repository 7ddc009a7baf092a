// JSON-RPC 2.0 messages: what comes in, judged; what goes out.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "session/json.hpp"

namespace gitplan::mcp {

/// What comes in: a sorted map, as an ordered one takes quadratic time for a large object.
using Input = nlohmann::json;

namespace code {
inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
}  // namespace code

class Message {
 public:
  enum class Kind {
    request,
    notification,
    response,  ///< to a request of ours, of which there are none
    malformed,
  };
  /// Judges a document.
  explicit Message(Input document);
  /// A malformed message that cannot even be read.
  Message(int error_code, std::string problem);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const std::string& method() const { return method_; }
  [[nodiscard]] const Input& id() const;      ///< null where it has none that could be answered
  [[nodiscard]] const Input& params() const;  ///< an object; empty where there are none
  [[nodiscard]] int error_code() const { return error_code_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] Json id_reply() const;  ///< the id, for a reply

 private:
  void judge();
  void refuse(int error_code, std::string problem);

  std::shared_ptr<const Input> document_;
  Kind kind_ = Kind::malformed;
  std::string method_;
  int error_code_ = 0;
  std::string problem_;
};

/// What stands in one line: a message, or a batch of them.
struct Parcel {
  std::vector<Message> messages;
  bool is_batch = false;
};

/// JSON out of text that anybody may have written. False, and what is wrong with it, where it is
/// none, nested deeper than 64 levels, or of so many values that reading them would take far more
/// memory than the text (it is not even read then).
bool parse_value(std::string_view text, Input& value, std::string& problem);

/// Never throws for what the line holds.
Parcel parse_parcel(std::string_view line);

Json result_reply(const Message& request, Json result);
Json error_reply(const Message& request, int error_code, const std::string& message);

}  // namespace gitplan::mcp
