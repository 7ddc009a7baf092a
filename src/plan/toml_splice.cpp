#include "plan/toml_splice.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace gitplan::toml_io {
namespace {

/// White space at the start of the line of `position`, if nothing else stands before it there.
std::string_view indentation(std::string_view text, std::size_t position) {
  const std::size_t newline = text.substr(0, position).rfind('\n');
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view before = text.substr(begin, position - begin);
  return before.substr(0, std::min(before.find_first_not_of(" \t"), before.size()));
}

std::string joined(const std::vector<std::string>& literals) {
  std::string list;
  for (const std::string& literal : literals) {
    if (!list.empty()) list += ", ";
    list += literal;
  }
  return list;
}

/// Puts items into an array without any; comments inside stay before them.
void fill_array(Splices& splices, std::string_view text, Span array, std::string items) {
  const Span inside{array.begin + 1, array.end - 1};
  if (text.substr(inside.begin, inside.end - inside.begin).find('#') == std::string_view::npos) {
    splices.replace(inside, std::move(items));
  } else {
    splices.insert(inside.end, std::move(items));
  }
}

}  // namespace

void Splices::replace(Span span, std::string replacement) {
  splices_.push_back({span, std::move(replacement)});
}

void Splices::insert(std::size_t position, std::string text) {
  replace({position, position}, std::move(text));
}

void Splices::insert_lines(std::size_t position, std::string lines, std::string_view eol) {
  if (position == text_.size() && position > 0 && text_[position - 1] != '\n' &&
      lines.ends_with(eol)) {
    lines.resize(lines.size() - eol.size());
    lines.insert(0, eol);
  }
  insert(position, std::move(lines));
}

bool Splices::inserts_at(std::size_t position) const {
  return std::ranges::any_of(splices_, [&](const Splice& splice) {
    return splice.span == Span{position, position};
  });
}

std::string Splices::apply() const {
  std::vector<const Splice*> order;
  order.reserve(splices_.size());
  for (const Splice& splice : splices_) order.push_back(&splice);
  std::ranges::stable_sort(order, {}, [](const Splice* splice) {
    return std::pair(splice->span.begin, splice->span.end);
  });
  std::string result;
  result.reserve(text_.size() + 256);
  std::size_t done = 0;
  for (const Splice* splice : order) {
    if (splice->span.begin < done) throw Error(ErrorKind::fatal, "changes to a text overlap");
    result.append(text_.substr(done, splice->span.begin - done)).append(splice->text);
    done = splice->span.end;
  }
  return result.append(text_.substr(done));
}

void append_items(Splices& splices, std::string_view text, Span array,
                  const std::vector<std::string>& literals, std::string_view eol) {
  const std::vector<Span> items = array_items(text, array);
  if (items.empty()) return fill_array(splices, text, array, joined(literals));
  const std::size_t last = items.back().end;
  const std::size_t after = skip_blank(text, last);
  const bool comma = text[after] == ',';
  const std::size_t tail = comma ? after + 1 : last;
  if (text.find('\n', tail) >= array.end) {
    splices.insert(tail, comma ? " " + joined(literals) + "," : ", " + joined(literals));
    return;
  }
  const std::string_view indent = indentation(text, items.back().begin);
  std::string lines;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const bool with_comma = comma || i + 1 < literals.size();
    lines.append(indent).append(literals[i]).append(with_comma ? "," : "").append(eol);
  }
  if (!comma) splices.insert(last, ",");
  splices.insert(next_line(text, tail), std::move(lines));
}

}  // namespace gitplan::toml_io
