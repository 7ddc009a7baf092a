#include "git/checked_objects.hpp"

#include <fmt/format.h>
#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/discovery.hpp"
#include "git/libgit2.hpp"
#include "git/loose_object.hpp"
#include "git/pack_check.hpp"

namespace gitplan::git {
namespace {

// libgit2 asks its reader of packs at priority 2, and its reader of loose objects at 1: ours comes
// between, and knows of every loose object that there is.
constexpr int kPriority = 2;
constexpr int kBeforePacks = 3;

/// Small objects that were read. libgit2 keeps what it has parsed from whoever asks for it raw, so
/// that its walks would have each commit read, and checked, again and again.
class KnownObjects {
 public:
  struct Known {
    git_object_t type = GIT_OBJECT_INVALID;
    std::string content;
  };

  [[nodiscard]] const Known* find(const Oid& id) const {
    const auto found = known_.find(id);
    return found == known_.end() ? nullptr : &found->second;
  }
  void keep(const Oid& id, const LooseHeader& header, const char* content) {
    if (header.size > largest) return;
    if (known_.size() == most) known_.clear();
    known_.try_emplace(id, Known{header.type, std::string(content, header.size)});
  }

 private:
  static constexpr std::size_t largest = 4096;
  static constexpr std::size_t most = 512;
  std::unordered_map<Oid, Known, OidHash> known_;
};

struct Backend {
  git_odb_backend parent{};
  KnownObjects known;
  std::vector<std::string> folders;
  std::optional<std::string> damaged_pack;  ///< once it was looked for; empty: there is none
};

const Backend& ours(const git_odb_backend* backend) {
  return *reinterpret_cast<const Backend*>(backend);
}

int corrupt(const git_oid& id, const std::string& path, const char* why) {
  const std::string message = fmt::format("loose object {} (stored in {}) is corrupt: {}",
                                          from_libgit2(id).hex(), path, why);
  git_error_set_str(GIT_ERROR_ODB, message.c_str());
  return GIT_ERROR;
}

/// Runs `use` on the object, in the first folder that has it. Nothing is thrown through libgit2.
template <typename Use>
int with_object(const git_odb_backend* backend, const git_oid& id, Use use) {
  for (const std::string& folder : ours(backend).folders) {
    const std::string path = loose_object_path(folder, id);
    try {
      auto object = LooseObject::open(path);
      if (!object) continue;
      use(*object);
      return GIT_OK;
    } catch (const std::exception& error) {
      return corrupt(id, path, error.what());
    }
  }
  return GIT_ENOTFOUND;
}

int read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend,
                const git_oid* id) {
  return with_object(backend, *id, [&](const LooseObject& object) {
    *size = object.header().size;
    *type = object.header().type;
  });
}

struct FreeContent {
  git_odb_backend* backend;
  void operator()(char* content) const { git_odb_backend_data_free(backend, content); }
};
using Content = std::unique_ptr<char, FreeContent>;

/// With a NUL behind it, as libgit2's parsers want it.
Content new_content(git_odb_backend* backend, std::size_t size) {
  Content content(static_cast<char*>(git_odb_backend_data_alloc(backend, size + 1)), {backend});
  if (!content) throw std::bad_alloc();
  content.get()[size] = '\0';
  return content;
}

Content content_of(git_odb_backend* backend, LooseObject& object) {
  Content content = new_content(backend, object.header().size);
  object.read_into(content.get());
  return content;
}

Content copy_of(git_odb_backend* backend, const KnownObjects::Known& known) {
  Content content = new_content(backend, known.content.size());
  std::ranges::copy(known.content, content.get());
  return content;
}

int read_known(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend,
               const KnownObjects::Known& known) try {
  *data = copy_of(backend, known).release();
  *size = known.content.size();
  *type = known.type;
  return GIT_OK;
} catch (const std::bad_alloc&) {
  return GIT_ERROR;
}

int read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend,
         const git_oid* id) {
  KnownObjects& objects = reinterpret_cast<Backend*>(backend)->known;
  if (const auto* known = objects.find(from_libgit2(*id)))
    return read_known(data, size, type, backend, *known);
  return with_object(backend, *id, [&](LooseObject& object) {
    const LooseHeader header = object.header();
    Content content = content_of(backend, object);
    git_oid actual;
    if (git_odb_hash(&actual, content.get(), header.size, header.type) < 0 ||
        git_oid_equal(&actual, id) == 0) {
      throw Error(ErrorKind::fatal, "it is another object");
    }
    objects.keep(from_libgit2(*id), header, content.get());
    *data = content.release();
    *size = header.size;
    *type = header.type;
  });
}

int list_nothing(git_odb_backend* /*backend*/, git_odb_foreach_cb /*call*/, void* /*payload*/) {
  return GIT_OK;  // libgit2's own backend lists the loose ones
}

/// Has no object, but lets none be read from a pack that would lead libgit2 astray.
int look_at_packs(git_odb_backend* backend) {
  auto& guard = *reinterpret_cast<Backend*>(backend);
  if (!guard.damaged_pack) guard.damaged_pack = damaged_pack(guard.folders);
  if (guard.damaged_pack->empty()) return GIT_ENOTFOUND;
  git_error_set_str(GIT_ERROR_ODB, guard.damaged_pack->c_str());
  return GIT_ERROR;
}

int guard_header(std::size_t* /*size*/, git_object_t* /*type*/, git_odb_backend* backend,
                 const git_oid* /*id*/) {
  return look_at_packs(backend);
}

int guard_read(void** /*data*/, std::size_t* /*size*/, git_object_t* /*type*/,
               git_odb_backend* backend, const git_oid* /*id*/) {
  return look_at_packs(backend);
}

int guard_prefix(git_oid* /*found*/, void** /*data*/, std::size_t* /*size*/, git_object_t* /*type*/,
                 git_odb_backend* backend, const git_oid* /*id*/, std::size_t /*length*/) {
  return look_at_packs(backend);
}

void free_backend(git_odb_backend* backend) { delete reinterpret_cast<Backend*>(backend); }

// As git and libgit2 do, at most five levels deep.
void add_with_alternates(std::vector<std::string>& folders, const std::string& folder, int depth) {
  constexpr int kDeepest = 5;
  if (depth > kDeepest || std::ranges::find(folders, folder) != folders.end()) return;
  folders.push_back(folder);
  const std::string list = join_path(folder, "info/alternates");
  if (!exists(list)) return;
  const std::string content = read_named_file(list);
  for (std::string_view line : text::split(content, '\n')) {
    line = text::trim(line);
    if (line.empty() || line.starts_with('#')) continue;
    add_with_alternates(folders, resolve(folder, std::string(line)), depth + 1);
  }
}

std::unique_ptr<Backend> new_backend(const std::string& objects_folder) {
  auto backend = std::make_unique<Backend>();
  check_libgit2(git_odb_init_backend(&backend->parent, GIT_ODB_BACKEND_VERSION),
                "cannot open the object database");
  backend->parent.foreach = list_nothing;
  backend->parent.free = free_backend;
  add_with_alternates(backend->folders, objects_folder, 0);
  return backend;
}

void add_backend(git_odb* odb, std::unique_ptr<Backend> backend, int priority) {
  check_libgit2(git_odb_add_backend(odb, &backend->parent, priority),
                "cannot open the object database");
  static_cast<void>(backend.release());  // the database frees it
}

}  // namespace

void check_objects(git_odb* odb, const std::string& objects_folder) {
  auto loose = new_backend(objects_folder);
  loose->parent.read = read;
  loose->parent.read_header = read_header;
  add_backend(odb, std::move(loose), kPriority);
  auto guard = new_backend(objects_folder);
  guard->parent.read = guard_read;
  guard->parent.read_header = guard_header;
  guard->parent.read_prefix = guard_prefix;
  add_backend(odb, std::move(guard), kBeforePacks);
}

}  // namespace gitplan::git
