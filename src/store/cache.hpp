// Disposable files "<common>/git-plan/cache/<name>", each with a key of object ids: an answer about
// what has not changed needs no second parse. A file that is missing, damaged, of another key or of
// another version of this program is as good as none; one that cannot be written is not missed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan::cache {

/// Puts values one after another into a buffer.
class Writer {
 public:
  void number(std::uint64_t value);
  void text(std::string_view value);
  void texts(const std::vector<std::string>& values);
  void optional_text(const std::optional<std::string>& value);
  void oid(const git::Oid& value);
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Takes them out again. Past the end, or on nonsense, `ok` is false and every value is empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    if (rest_.empty() || (static_cast<unsigned char>(rest_.front()) & 0x80U) != 0)
      return long_number();
    return static_cast<unsigned char>(take(1).front());
  }
  std::string text() { return std::string(view()); }
  /// The same, as long as the bytes live.
  std::string_view view() { return take(number()); }
  std::vector<std::string> texts();
  std::optional<std::string> optional_text();
  git::Oid oid();
  /// A count of things of which each takes at least one byte.
  std::size_t count();
  /// A number of at most `last`: any other was written by nobody of ours.
  std::uint64_t number_up_to(std::uint64_t last) {
    const std::uint64_t value = number();
    if (value <= last) return value;
    ok_ = false;
    return 0;
  }
  /// A word of an enumeration whose last one is `last`.
  template <class Word>
  Word word_up_to(Word last) {
    return static_cast<Word>(number_up_to(static_cast<std::uint64_t>(last)));
  }
  /// What was read makes no sense.
  void refuse() { ok_ = false; }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::uint64_t long_number();
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
  bool ok_ = true;
};

/// What a file of the cache holds behind its header.
class Payload {
 public:
  Payload(std::string file, std::size_t header) : file_(std::move(file)), header_(header) {}
  [[nodiscard]] std::string_view bytes() const { return std::string_view(file_).substr(header_); }

 private:
  std::string file_;
  std::size_t header_;
};

/// FNV-1a's kind of sum, eight bytes at a time: finds damage, not malice (the folder is the user's
/// own).
std::uint64_t checksum(std::string_view bytes);

/// The payload stored under `name`, whose checksum is right; nothing otherwise.
std::optional<Payload> load(const git::Repository& repository, std::string_view name);
void save(const git::Repository& repository, std::string_view name, std::string_view payload);

}  // namespace gitplan::cache
