// Loose objects, whole and damaged: what is read is all that the file holds, and what is not whole
// is refused. The oracle inflates the whole file and looks at the result.
#include <zlib.h>

#include <array>
#include <optional>

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/loose_object.hpp"

namespace gitplan::fuzz {
namespace {

const Scratch& scratch() {
  static const Scratch made;
  return made;
}

std::string deflated(std::string_view content) {
  uLongf size = compressBound(content.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(content.data()), content.size());
  packed.resize(size);
  return packed;
}

// Nothing if the file is not one whole stream.
std::optional<std::string> inflated(std::string_view file) {
  constexpr std::size_t kBestCompression = 1032;
  std::string content((file.size() + 1) * kBestCompression, '\0');
  uLongf size = content.size();
  uLong used = file.size();
  const int result = uncompress2(reinterpret_cast<Bytef*>(content.data()), &size,
                                 reinterpret_cast<const Bytef*>(file.data()), &used);
  if (result != Z_OK || used != file.size()) return std::nullopt;
  content.resize(size);
  return content;
}

// "<type> <size>", NUL and the content, of that size.
std::optional<std::string> content_of(std::string_view file) {
  const auto object = inflated(file);
  if (!object) return std::nullopt;
  const std::size_t end = object->find('\0');
  if (end == std::string::npos) return std::nullopt;
  const std::string content = object->substr(end + 1);
  for (const char* type : {"blob", "tree", "commit", "tag"}) {
    if (object->substr(0, end) == std::string(type) + " " + std::to_string(content.size())) {
      return content;
    }
  }
  return std::nullopt;
}

std::optional<std::string> read(const std::string& path) {
  std::optional<std::string> content;
  accepts([&] {
    auto object = git::LooseObject::open(path);
    if (!object) return;
    std::string read(object->header().size, '\0');
    object->read_into(read.data());
    content = std::move(read);
  });
  return content;
}

void judge(const std::string& file) {
  scratch().write("object", file);
  const auto expected = content_of(file);
  const auto content = read(scratch().path("object"));
  require(content == expected, "an object is read if and only if it is whole",
          {content.value_or("none"), expected.value_or("none")});
}

// A byte changed, a cut, or something more.
void damage(std::string& file, Input& input) {
  const std::size_t place = (input.below(256) * 256 + input.below(256)) % file.size();
  const std::size_t kind = input.below(3);
  if (kind == 0) file[place] = static_cast<char>(input.below(256));
  if (kind == 1) file.resize(place);
  if (kind == 2) file += input.rest();
}

}  // namespace

void play(Input& input) {
  const std::size_t kind = input.below(3);
  if (kind == 0) return judge(input.rest());
  const std::string header = input.piece();
  Input damages(input.piece());
  std::string content = input.rest();
  // A usual header, or what was given for one.
  if (header.empty()) content.insert(0, "blob " + std::to_string(content.size()) + '\0');
  if (!header.empty()) content.insert(0, header + '\0');
  std::string file = deflated(content);
  if (kind == 2) damage(file, damages);
  judge(file);
}

}  // namespace gitplan::fuzz
