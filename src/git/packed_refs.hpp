// Reading the packed-refs file: one ref by binary search, a range without parsing the rest.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.hpp"
#include "git/oid.hpp"

namespace gitplan::git {

/// The file as it was when opened: git replaces it as a whole, so this stays consistent. Records
/// are
///   40 hex digits, a space, the name, LF; then perhaps "^", the peeled id, LF
/// sorted by name where the header says so.
class PackedRefs {
 public:
  /// No file is an empty one. Throws Error(fatal) if it cannot be read.
  static PackedRefs open(const std::string& common_dir);
  /// For tests: the text of such a file, which must outlive this.
  static PackedRefs of_text(std::string_view text);

  PackedRefs(PackedRefs&& other) noexcept;
  PackedRefs& operator=(PackedRefs&&) = delete;
  PackedRefs(const PackedRefs&) = delete;
  PackedRefs& operator=(const PackedRefs&) = delete;
  ~PackedRefs();

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  /// Throws Error(fatal) where a line on the way cannot be read.
  [[nodiscard]] std::optional<Oid> find(std::string_view name) const;
  /// The text of the records whose name starts with `prefix`; all of it where it is not sorted.
  /// Throws as `find`.
  [[nodiscard]] std::string_view text_of(const std::string& prefix) const;
  /// Calls `visit` for each ref whose name starts with `prefix`, in the file's order.
  void for_each(std::string_view prefix,
                const std::function<void(std::string_view name, const Oid& target)>& visit) const;

 private:
  struct Record {
    std::string_view name;
    Oid target;
    std::size_t next = 0;  ///< where the record after it starts
  };

  PackedRefs() = default;
  void map(const Fd& fd, std::size_t size);
  void read_header();
  [[nodiscard]] Record record_at(std::size_t position) const;
  [[nodiscard]] std::size_t record_start(std::size_t position) const;
  [[nodiscard]] std::size_t lower_bound(std::string_view name) const;

  std::string_view text_;
  std::size_t first_ = 0;  ///< where the first record starts
  bool sorted_ = false;
  void* mapped_ = nullptr;
};

}  // namespace gitplan::git
