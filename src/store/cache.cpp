#include "store/cache.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"

namespace gitplan::cache {
namespace {

// Changes whenever what the files hold does.
constexpr std::string_view magic = "git-plan cache 5 " GITPLAN_VERSION "\n";

std::string file_of(const git::Repository& repository, std::string_view name) {
  return fmt::format("{}/cache/{}", git::state_folder(repository), name);
}

}  // namespace

std::uint64_t checksum(std::string_view bytes) {
  constexpr std::uint64_t prime = 0x100000001b3U;
  std::array<std::uint64_t, 4> sums{0xcbf29ce484222325U, 1, 2, 3};
  std::array<std::uint64_t, 4> words{};
  const auto add = [](std::uint64_t& sum, std::uint64_t word) {
    sum = (sum ^ word) * prime;
    sum ^= sum >> 29U;
  };
  std::size_t at = 0;
  for (; at + sizeof words <= bytes.size(); at += sizeof words) {
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    for (std::size_t i = 0; i < sums.size(); ++i) add(sums[i], words[i]);
  }
  words = {};
  if (at < bytes.size()) std::memcpy(words.data(), bytes.data() + at, bytes.size() - at);
  std::uint64_t all = bytes.size();
  for (std::size_t i = 0; i < sums.size(); ++i) {
    add(sums[i], words[i]);
    add(all, sums[i]);
  }
  return all;
}

void Writer::number(std::uint64_t value) {
  while (value >= 0x80U) {
    bytes_.push_back(static_cast<char>(value | 0x80U));
    value >>= 7U;
  }
  bytes_.push_back(static_cast<char>(value));
}

void Writer::text(std::string_view value) {
  number(value.size());
  bytes_.append(value);
}

void Writer::texts(const std::vector<std::string>& values) {
  number(values.size());
  for (const auto& value : values) text(value);
}

void Writer::optional_text(const std::optional<std::string>& value) {
  number(value ? 1 : 0);
  if (value) text(*value);
}

void Writer::oid(const git::Oid& value) {
  for (const std::uint8_t byte : value.bytes) bytes_.push_back(static_cast<char>(byte));
}

std::uint64_t Reader::long_number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::string_view byte = take(1);
    if (byte.empty()) return 0;
    const auto bits = static_cast<unsigned char>(byte.front());
    value |= static_cast<std::uint64_t>(bits & 0x7fU) << shift;
    if ((bits & 0x80U) == 0) return value;
  }
  ok_ = false;
  return 0;
}

std::size_t Reader::count() {
  const std::uint64_t value = number();
  if (value <= rest_.size()) return value;
  ok_ = false;
  return 0;
}

std::vector<std::string> Reader::texts() {
  const std::size_t size = count();
  std::vector<std::string> values;
  values.reserve(size);
  for (std::size_t i = 0; i < size; ++i) values.emplace_back(take(number()));
  return values;
}

std::optional<std::string> Reader::optional_text() {
  if (number() == 0) return std::nullopt;
  return text();
}

git::Oid Reader::oid() {
  git::Oid value;
  const std::string_view bytes = take(value.bytes.size());
  if (!bytes.empty()) std::memcpy(value.bytes.data(), bytes.data(), bytes.size());
  return value;
}

std::optional<Payload> load(const git::Repository& repository, std::string_view name) try {
  std::optional<std::string> file = read_file(file_of(repository, name));
  if (!file || !file->starts_with(magic) || file->size() < magic.size() + sizeof(std::uint64_t)) {
    return std::nullopt;
  }
  std::uint64_t expected = 0;
  std::memcpy(&expected, file->data() + magic.size(), sizeof expected);
  Payload payload(std::move(*file), magic.size() + sizeof expected);
  if (checksum(payload.bytes()) != expected) return std::nullopt;
  return payload;
} catch (const Error&) {
  return std::nullopt;
}

void save(const git::Repository& repository, std::string_view name, std::string_view payload) try {
  git::make_state_folder(repository);
  const std::string file = file_of(repository, name);
  make_folders(file.substr(0, file.rfind('/')));
  const std::uint64_t sum = checksum(payload);
  std::string content(magic);
  content.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  content.append(payload);
  write_file_atomically(file, content);
} catch (const Error&) {
  // A repository that is read-only, or a full disk: the answer does not need the cache.
}

}  // namespace gitplan::cache
