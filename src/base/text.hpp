// Text as users type it and as terminals may show it. No locale: UTF-8 everywhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::text {

/// Without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);

/// Trimmed, and each inner run of white space made one space: how capabilities compare.
std::string fold_space(std::string_view text);

/// Splits at every `separator`; "" gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

std::string join(std::span<const std::string> pieces, std::string_view separator);

bool is_utf8(std::string_view text);

/// True if a control character (C0, DEL, C1) stands in the text.
bool has_control(std::string_view text);

/// What keeps newlines and tabs in `printable`.
enum class Lines { escape, keep };

/// The text fit for a terminal or a pipe: control characters, bidirectional overrides and bytes
/// that are not UTF-8 become visible escapes such as \n, \x1b or \u202e.
std::string printable(std::string_view text, Lines lines = Lines::escape);

/// Columns that the text takes on a terminal (wide East Asian and emoji count 2, combining marks
/// 0).
int width(std::string_view text);

/// The longest start of `text` that takes at most `columns`, with "…" at the end if something was
/// cut.
std::string cut(std::string_view text, int columns);

/// Number of edits (insert, delete, replace, swap neighbours) between two words.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate that a typing error would make of `word`, if one is near enough to suggest.
std::optional<std::string> did_you_mean(std::string_view word,
                                        std::span<const std::string> candidates);

/// "1 task", "2 tasks".
std::string count(long long n, std::string_view singular, std::string_view plural);

/// The word quoted for a POSIX shell where needed: for hints that run as printed. What could not be
/// shown stands as numbers in $'…', which bash, zsh and ksh read.
std::string shell_quote(std::string_view word);

/// For files of lines: newlines and backslashes escaped; and the reverse.
std::string on_one_line(std::string_view text);
std::string from_one_line(std::string_view line);

}  // namespace gitplan::text
