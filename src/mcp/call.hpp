// One call of a tool: its arguments, the repository as it is now, and what is said meanwhile.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/arguments.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"

namespace gitplan::mcp {

class Call {
 public:
  /// `kept_plan`: the session that the server keeps to, if any.
  Call(Arguments arguments, const Settings& settings, const std::optional<std::string>& kept_plan);

  [[nodiscard]] const Arguments& arguments() const { return arguments_; }
  /// Something to say beside the answer.
  void note(std::string text) { notices_.push_back({Notice::Kind::note, std::move(text)}); }
  /// The plan that this call is about, where `plan_branch` and `session_id` are not what names it.
  void name_plan(std::optional<std::string> plan) { named_ = std::move(plan); }
  /// Opens the repository when first asked. The plan that the arguments name goes before all.
  /// Throws Error.
  Workspace& workspace();
  /// The plan that this call is about.
  std::unique_ptr<PlanView> select_plan(Access access);
  /// After an answer: the plan that it names, which the server keeps to from here on.
  [[nodiscard]] const std::optional<std::string>& kept_plan() const { return kept_plan_; }

  /// The part of a list of `total` that the arguments' `limit` and `cursor` ask for.
  struct Page {
    std::size_t first = 0;
    std::size_t last = 0;                    ///< one past the end
    std::optional<std::string> next_cursor;  ///< nothing: it is the last page
  };
  [[nodiscard]] Page page(std::size_t total, std::size_t usual_limit) const;

  /// Where a result's text is another than its object.
  void say(const Json& text);

  /// What tools/call answers.
  Json answer(Json object);
  Json refusal(const Error& error) const;

 private:
  [[nodiscard]] std::optional<std::string> named_plan() const;
  [[nodiscard]] std::vector<std::string> notes() const;
  [[nodiscard]] std::string naming(const std::string& hint) const;

  Arguments arguments_;
  Settings settings_;
  std::optional<std::string> kept_plan_;
  std::optional<std::string> named_;
  std::vector<Notice> notices_;
  std::optional<std::string> text_;
  std::unique_ptr<Workspace> workspace_;
};

/// Tasks that a page has where nobody asked for more.
inline constexpr std::size_t usual_page = 200;

}  // namespace gitplan::mcp
