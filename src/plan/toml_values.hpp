// Single values of a TOML tree, and what is reported about them. For the .cpp files that include
// toml++.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/fields.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::toml_io {

/// Where the mistakes of one record are reported.
class Report {
 public:
  /// `label` is how messages call the record; `lines` are those of nodes that do not know their
  /// own.
  Report(Diagnostics& diagnostics, Source source, std::string label,
         const NodeLines* lines = nullptr)
      : diagnostics_(&diagnostics), source_(source), label_(std::move(label)), lines_(lines) {}
  /// The same for one record of it; `task` is its id if it is a task.
  [[nodiscard]] Report of(std::string label, std::string task = {}) const {
    Report own(*diagnostics_, source_, std::move(label), lines_);
    own.task_ = std::move(task);
    return own;
  }

  [[nodiscard]] Source source() const { return source_; }
  /// The line where a node stands; nothing if that is not known.
  [[nodiscard]] std::optional<int> line_of(const toml::node& node) const;

  void add(std::string code, const toml::node& node, std::string_view problem,
           Severity severity = Severity::error) const;
  /// "<what> must be <wanted>, not an integer"
  void wrong_type(const toml::node& node, std::string_view what, std::string_view wanted) const;

 private:
  Diagnostics* diagnostics_;
  Source source_;
  std::string label_;
  const NodeLines* lines_;
  std::string task_;
};

// Each fills in what the node says, or reports why it cannot and leaves the value alone.
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::string& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::optional<std::string>& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::vector<std::string>& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::int64_t& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                bool& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                Status& value);
void read_value(const toml::node& node, std::string_view key, Form form, const Report& report,
                std::optional<Priority>& value);

}  // namespace gitplan::toml_io
