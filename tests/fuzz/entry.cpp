#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzz/fuzz.hpp"

namespace gitplan::fuzz {

std::size_t Input::below(std::size_t n) {
  if (at_end()) return 0;
  return static_cast<unsigned char>(bytes_[place_++] - '0') % n;
}

std::string Input::piece() {
  constexpr char kSeparator = 1;
  const std::size_t end = std::min(bytes_.find(kSeparator, place_), bytes_.size());
  std::string taken = bytes_.substr(place_, end - place_);
  place_ = std::min(end + 1, bytes_.size());
  return taken;
}

std::vector<std::string> Input::pieces() {
  std::vector<std::string> all;
  while (!at_end()) all.push_back(piece());
  return all;
}

void broken(std::string_view property, std::initializer_list<std::string_view> shown) {
  std::fprintf(stderr, "\nBROKEN: %.*s\n", static_cast<int>(property.size()), property.data());
  for (const std::string_view text : shown) {
    std::fprintf(stderr, "--- %zu bytes\n%.*s\n", text.size(), static_cast<int>(text.size()),
                 text.data());
  }
  std::abort();
}

void require_printable(std::string_view message) {
  require(text::printable(message) == message, "a message is one printable line", {message});
}

void require_printable(const Error& error) {
  for (const std::string& message : error.messages()) require_printable(message);
  for (const Hint& hint : error.hints()) require_printable(hint.text);
}

void require_printable(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics) require_printable(one.message);
}

}  // namespace gitplan::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  gitplan::fuzz::Input input(std::string(reinterpret_cast<const char*>(data), size));
  gitplan::fuzz::play(input);
  return 0;
}
