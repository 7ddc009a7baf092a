// One loose object, read without believing what it says of itself: libgit2's own reader trusts the
// size in the header, writes past the end of its block where more follows, and never ends where the
// file does too early.
#pragma once

#include <git2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace gitplan::git {

struct LooseHeader {
  git_object_t type = GIT_OBJECT_INVALID;
  std::size_t size = 0;
};

/// Where the object stands: "<objects>/ab/cdef…".
std::string loose_object_path(const std::string& objects_folder, const git_oid& id);

class LooseObject {
 public:
  /// Nothing if there is no such file. Throws Error(fatal) if it cannot be opened, or its header is
  /// damaged.
  static std::optional<LooseObject> open(const std::string& path);

  LooseObject(LooseObject&&) noexcept;
  LooseObject& operator=(LooseObject&&) noexcept;
  ~LooseObject();

  [[nodiscard]] const LooseHeader& header() const { return header_; }

  /// Writes header().size bytes, once. Throws Error(fatal) where the file holds less or more, or
  /// its checksum is wrong.
  void read_into(char* content);

 private:
  class Stream;
  LooseObject(std::unique_ptr<Stream> stream, LooseHeader header);

  std::unique_ptr<Stream> stream_;
  LooseHeader header_;
};

}  // namespace gitplan::git
