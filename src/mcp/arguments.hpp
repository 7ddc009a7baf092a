// The arguments of one call, judged by the tool's parameters.
#pragma once

#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/message.hpp"
#include "mcp/tool.hpp"

namespace gitplan::mcp {

/// Parameters that break their schema, or that it does not have: JSON-RPC's -32602. The message
/// names the parameter, and how it should be.
struct BadParameters {
  std::string message;
};

class Arguments {
 public:
  /// Takes what is meant for what is said: a list or object that came as JSON text, one text for a
  /// list of one, a number for an id; null, or an empty text that is not needed, is not given.
  /// Throws BadParameters.
  Arguments(const Tool& tool, const Input& given);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  /// Empty if it was not given; of ids, as texts.
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
  [[nodiscard]] std::optional<std::vector<std::string>> optional_list(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> count(std::string_view name) const;
  /// As JSON text: of tasks, drafts, and of all arguments that the tool knows.
  [[nodiscard]] std::string json(std::string_view name) const;
  [[nodiscard]] std::string json() const;

 private:
  [[nodiscard]] const Input* find(std::string_view name) const;

  std::shared_ptr<const Input> values_;
};

}  // namespace gitplan::mcp
