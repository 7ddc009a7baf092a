// Every key of our own in plan.toml and in task files, in the order in which it is written: one
// table a record, for reading, writing, comparing and editing alike.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plan/plan.hpp"
#include "plan/toml.hpp"

namespace gitplan::toml_io {

/// When a key is written into a new record.
enum class Shown { always, if_set };
/// How text is written: as a string on one line, as a date-time where it is one, or over as many
/// lines as it has.
enum class Form { plain, time, lines };

template <class Record>
using Member = std::variant<std::string Record::*, std::optional<std::string> Record::*,
                            std::vector<std::string> Record::*, std::int64_t Record::*,
                            bool Record::*, Status Record::*, std::optional<Priority> Record::*>;

template <class Record>
struct Field {
  std::string_view key;
  Member<Record> member;
  Shown shown = Shown::if_set;
  Form form = Form::plain;
};

/// The keys of a record. Specialized for Plan, Task, Update, Approval and TaskFile. Lists of
/// records and `format` are not among them.
template <class Record>
std::span<const Field<Record>> fields();

template <>
std::span<const Field<Plan>> fields<Plan>();
template <>
std::span<const Field<Task>> fields<Task>();
template <>
std::span<const Field<Update>> fields<Update>();
template <>
std::span<const Field<Approval>> fields<Approval>();
template <>
std::span<const Field<TaskFile>> fields<TaskFile>();

/// The value as a TOML literal; nothing if it is not set, unless it is always shown.
std::string literal_of(const std::string& value, Form form);
std::string literal_of(const std::vector<std::string>& value, Form form);
std::string literal_of(std::int64_t value, Form form);
std::string literal_of(bool value, Form form);
std::string literal_of(Status value, Form form);
std::string literal_of(Priority value, Form form);

/// `eol` is the end of the lines around it: other ones than "\n" would become part of a text.
template <class Record>
std::optional<std::string> literal(const Record& record, const Field<Record>& field,
                                   std::string_view eol = "\n") {
  const Form form = field.form == Form::lines && eol != "\n" ? Form::plain : field.form;
  const auto of = [&](const auto& value) -> std::optional<std::string> {
    if constexpr (requires { value.has_value(); }) {
      if (!value) return std::nullopt;
      return literal_of(*value, form);
    } else {
      if constexpr (requires { value.empty(); }) {
        if (field.shown == Shown::if_set && value.empty()) return std::nullopt;
      } else if constexpr (std::is_same_v<decltype(value), const bool&>) {
        if (field.shown == Shown::if_set && !value) return std::nullopt;
      }
      return literal_of(value, form);
    }
  };
  return std::visit([&](auto member) { return of(record.*member); }, field.member);
}

template <class Record>
bool same(const Record& a, const Record& b, const Field<Record>& field) {
  return std::visit([&](auto member) { return a.*member == b.*member; }, field.member);
}

/// Equal in every key of ours; foreign keys are not compared.
template <class Record>
bool same(const Record& a, const Record& b) {
  for (const Field<Record>& field : fields<Record>()) {
    if (!same(a, b, field)) return false;
  }
  return true;
}

}  // namespace gitplan::toml_io
