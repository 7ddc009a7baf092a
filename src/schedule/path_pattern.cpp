#include "schedule/path_pattern.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace gitplan::schedule {

namespace {

constexpr std::size_t longest_path = 4096;  // PATH_MAX

enum class Reading { glob, literal };

void append(std::vector<NamePattern>& names, std::string_view component, Reading reading) {
  if (component.empty() || component == ".") return;
  const bool after_name = !names.empty() && names.back().literal && names.back().text != "..";
  if (component == ".." && after_name) {
    names.pop_back();
  } else {
    names.push_back(reading == Reading::glob ? parse_name(component) : literal_name(component));
  }
}

PathPattern read(std::string_view entry, Reading reading) {
  PathPattern pattern;
  for (const std::string_view component : text::split(entry, '/')) {
    append(pattern.names, component, reading);
  }
  const auto first_glob = std::find_if(pattern.names.begin(), pattern.names.end(),
                                       [](const NamePattern& name) { return !name.literal; });
  pattern.literal_names = static_cast<std::size_t>(first_glob - pattern.names.begin());
  pattern.literal = first_glob == pattern.names.end();
  const bool says_folder = entry.ends_with('/') || entry.ends_with("/.");
  if (pattern.literal || says_folder) {
    pattern.maybe_file =
        !says_folder && !pattern.names.empty() && pattern.names.back().has_extension;
    pattern.names.push_back(any_depth());
  }
  return pattern;
}

/// Where a pattern stands once its name at `at` has met `other`. A name that may be a file's is not
/// taken for a folder just because a wildcard met it.
std::size_t after(const PathPattern& pattern, std::size_t at, const NamePattern& other) {
  const bool last_name = at + 2 == pattern.names.size();
  return pattern.maybe_file && last_name && !other.has_extension ? at + 2 : at + 1;
}

bool same_start(const PathPattern& a, const PathPattern& b) {
  const std::size_t shorter = std::min(a.literal_names, b.literal_names);
  return std::equal(a.names.begin(), a.names.begin() + static_cast<std::ptrdiff_t>(shorter),
                    b.names.begin(),
                    [](const NamePattern& x, const NamePattern& y) { return x.text == y.text; });
}

/// Which pairs of places in two patterns some path leads to.
class Product {
 public:
  Product(const PathPattern& a, const PathPattern& b)
      : a_(a), b_(b), reached_((a.names.size() + 1) * (b.names.size() + 1)) {}

  bool reaches_both_ends() {
    reach(0, 0);
    for (std::size_t i = 0; i <= a_.names.size(); ++i) {
      for (std::size_t j = 0; j <= b_.names.size(); ++j) {
        if (reached_[index(i, j)]) advance(i, j);
      }
    }
    return reached_[index(a_.names.size(), b_.names.size())];
  }

 private:
  [[nodiscard]] std::size_t index(std::size_t i, std::size_t j) const {
    return i * (b_.names.size() + 1) + j;
  }
  void reach(std::size_t i, std::size_t j) { reached_[index(i, j)] = true; }

  void advance(std::size_t i, std::size_t j) {
    const NamePattern* a = i < a_.names.size() ? &a_.names[i] : nullptr;
    const NamePattern* b = j < b_.names.size() ? &b_.names[j] : nullptr;
    const bool a_any = a != nullptr && a->any_depth;
    const bool b_any = b != nullptr && b->any_depth;
    if (a_any) reach(i + 1, j);
    if (b_any) reach(i, j + 1);
    if (a == nullptr || b == nullptr || (a_any && b_any)) return;
    if (a_any) {
      reach(i, after(b_, j, *a));
    } else if (b_any) {
      reach(after(a_, i, *b), j);
    } else if (share_a_name(*a, *b)) {
      reach(after(a_, i, *b), after(b_, j, *a));
    }
  }

  const PathPattern& a_;
  const PathPattern& b_;
  std::vector<bool> reached_;
};

}  // namespace

std::vector<PathPattern> readings(std::string_view entry) {
  std::vector<PathPattern> found;
  if (text::trim(entry).empty() || entry.size() > longest_path) return found;
  const bool has_brackets = entry.find('[') != std::string_view::npos;
  if (has_brackets && entry.find_first_of("*?\\") == std::string_view::npos) {
    found.push_back(read(entry, Reading::literal));
  }
  PathPattern pattern = read(entry, Reading::glob);
  if (std::all_of(pattern.names.begin(), pattern.names.end(), can_match)) {
    found.push_back(std::move(pattern));
  }
  return found;
}

std::optional<std::vector<std::string_view>> plain_path(std::string_view entry) {
  if (entry.size() > longest_path || entry.find_first_of("*?[\\") != std::string_view::npos ||
      text::trim(entry).empty()) {
    return {};
  }
  std::vector<std::string_view> names = text::split(entry, '/');
  if (std::ranges::any_of(names, [](std::string_view name) {
        return name.empty() || name == "." || name == "..";
      })) {
    return {};
  }
  return names;
}

bool intersect(const PathPattern& a, const PathPattern& b) {
  if (!same_start(a, b)) return false;
  return (a.literal && b.literal) || Product(a, b).reaches_both_ends();
}

}  // namespace gitplan::schedule
