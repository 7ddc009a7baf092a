#include "git/unchecked_blob.hpp"

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/libgit2.hpp"
#include "git/loose_object.hpp"
#include "git/repository.hpp"

namespace gitplan::git {

std::optional<std::string> read_unchecked_blob(const Repository& repository, const Oid& blob,
                                               std::size_t max_bytes) try {
  const std::string folder = join_path(repository.common_dir(), "objects");
  auto object = LooseObject::open(loose_object_path(folder, to_libgit2(blob)));
  if (!object || object->header().type != GIT_OBJECT_BLOB || object->header().size > max_bytes)
    return std::nullopt;
  std::string content(object->header().size, '\0');
  object->read_into(content.data());
  return content;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace gitplan::git
