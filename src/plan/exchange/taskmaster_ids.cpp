#include "plan/exchange/taskmaster_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "plan/ids.hpp"

namespace gitplan::exchange {
namespace {

/// "1.2" of "01.02": files come from tools that pad, and from others that do not.
std::string by_numbers(const std::string& id) {
  std::vector<std::string> parts;
  for (const std::string_view part : text::split(id, '.')) {
    const auto number = task_number(part);
    parts.push_back(number ? fmt::format("{}", *number) : std::string(part));
  }
  return text::join(parts, ".");
}

}  // namespace

std::string full_id(const std::string& id, const std::string& parent) {
  if (parent.empty() || id.starts_with(parent + ".")) return id;
  return fmt::format("{}.{}", parent, id);
}

void TaskMasterIds::add(const std::string& id) {
  ids_.insert(id);
  by_numbers_.try_emplace(by_numbers(id), id);
}

const std::string* TaskMasterIds::find(const std::string& id) const {
  if (const auto found = ids_.find(id); found != ids_.end()) return &*found;
  const auto found = by_numbers_.find(by_numbers(id));
  return found == by_numbers_.end() ? nullptr : &found->second;
}

std::string TaskMasterIds::resolve(const std::string& word, const std::string& parent) const {
  std::string first = word;
  std::string second = full_id(word, parent);
  if (word.find('.') == std::string::npos) std::swap(first, second);
  for (const std::string& id : {first, second}) {
    if (const std::string* found = find(id)) return *found;
  }
  return first;
}

std::vector<std::string> TaskMasterIds::split(const std::string& text) const {
  if (find(text) != nullptr) return {text};
  std::string separated = text;
  std::ranges::replace(separated, ';', ',');
  std::vector<std::string> words;
  for (const std::string_view piece : text::split(separated, ',')) {
    if (const auto word = text::trim(piece); !word.empty()) words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> dependency_words(const Json& value, std::vector<std::string>& other) {
  if (auto text = text_of(value)) return {*std::move(text)};
  std::vector<std::string> words;
  if (value.is_array()) {
    for (const Json& item : value) {
      for (auto& word : dependency_words(item, other)) words.push_back(std::move(word));
    }
    return words;
  }
  if (value.is_object()) {
    for (const char* key : {"id", "taskId", "task_id"}) {
      if (auto text = text_at(value, key)) return {*std::move(text)};
    }
  }
  other.push_back(value.dump(-1, ' ', false, Json::error_handler_t::replace));
  return words;
}

}  // namespace gitplan::exchange
