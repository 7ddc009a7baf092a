#include "supervisor/line_reader.hpp"

#include "supervisor/process_runner.hpp"

namespace gitplan::supervisor {

void LineReader::add(std::string_view text) {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    keep(text.substr(0, end));
    hand_on();
    text.remove_prefix(end + 1);
  }
  keep(text);
}

void LineReader::end() {
  if (!line_.empty()) hand_on();
}

void LineReader::keep(std::string_view part) {
  too_long_ = too_long_ || line_.size() + part.size() > longest_line;
  if (too_long_) {
    line_.clear();
  } else {
    line_ += part;
  }
}

void LineReader::hand_on() {
  const std::string line = std::exchange(line_, {});
  if (!std::exchange(too_long_, false)) said_(line);
}

}  // namespace gitplan::supervisor
