// One client's conversation: what it asked for, in order, and the replies. No input or output.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "mcp/home.hpp"
#include "mcp/line_reader.hpp"
#include "mcp/message.hpp"
#include "mcp/server.hpp"

namespace gitplan::mcp {

class Session {
 public:
  explicit Session(Options options) : options_(std::move(options)) {}

  /// Takes a line in. A cancellation drops the request that it names, if that still waits.
  void receive(const Line& line);
  [[nodiscard]] std::size_t waiting() const { return parcels_.size(); }
  /// Handles the oldest line that waits. Its reply, on one line without its end, if it gets one.
  std::optional<std::string> answer_next();

 private:
  [[nodiscard]] bool knows_batches() const;
  void cancel(const Message& notification);
  /// Whether there is a reply, and which.
  bool handle(const Message& message, Json& reply);
  bool handle_batch(const Parcel& parcel, Json& replies);
  Json answer(const Message& request);
  Json initialize(const Message& request);
  [[nodiscard]] Json list_tools(const Message& request) const;
  Json call_tool(const Message& request);

  Options options_;
  Home home_;
  std::deque<Parcel> parcels_;
  std::string protocol_version_;          ///< empty before initialize
  std::optional<std::string> kept_plan_;  ///< the session that was named last
};

}  // namespace gitplan::mcp
