#include "session/asked_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"
#include "remote/names.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_bytes = 1U << 20U;

std::string file_of(const git::Repository& repository, std::string_view remote) {
  std::string name(remote);
  std::ranges::replace(name, '/', '+');
  return fmt::format("{}/asked-{}", git::state_folder(repository), name);
}

/// Whatever `pattern` matches, one of them matches.
bool covers(const std::vector<std::string>& patterns, const std::string& pattern) {
  const std::string least = pattern.substr(0, pattern.find('*'));
  return std::ranges::any_of(patterns, [&](const std::string& one) {
    return one == pattern || (one.ends_with('*') && remote::matches(one, least));
  });
}

}  // namespace

AskedFile::AskedFile(const git::Repository& repository, std::string_view remote)
    : repository_(&repository), path_(file_of(repository, remote)) {}

std::optional<Seconds> AskedFile::time() const {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return std::nullopt;
  return status.st_mtim.tv_sec;
}

AskedFile::Lines AskedFile::read() const try {
  Lines lines;
  if (!time()) return lines;
  const std::string text = read_named_file(path_, most_bytes);
  for (const std::string_view line : text::split(text, '\n')) {
    const auto words = text::split(line, ' ');
    const auto beat = words.size() < 2 ? std::nullopt : git::Oid::parse(words.front());
    if (beat) lines[std::string(words[1])] = {*beat, {words.begin() + 2, words.end()}};
  }
  return lines;
} catch (const Error&) {
  return {};
}

void AskedFile::save(const Lines& lines) const try {
  std::string text;
  for (const auto& [flow, line] : lines)
    text += fmt::format("{} {} {}\n", line.beat.hex(), flow, text::join(line.patterns, " "));
  git::make_state_folder(*repository_);
  write_file_atomically(path_, text);
} catch (const Error&) {
  return;
}

bool AskedFile::has(const std::string& flow_branch, const git::Oid& beat,
                    std::span<const std::string> patterns) const {
  const Lines lines = read();
  const auto line = lines.find(flow_branch);
  return line != lines.end() && line->second.beat == beat &&
         std::ranges::all_of(patterns, [&](const std::string& pattern) {
           return covers(line->second.patterns, pattern);
         });
}

void AskedFile::write(const std::string& flow_branch, const std::optional<git::Oid>& beat,
                      std::vector<std::string> patterns) const {
  Lines lines = read();
  lines.erase(flow_branch);
  if (beat) lines[flow_branch] = {*beat, std::move(patterns)};
  save(lines);
}

void AskedFile::move(const std::string& flow_branch, const std::optional<git::Oid>& beat) const {
  const Lines lines = read();
  const auto line = lines.find(flow_branch);
  write(flow_branch, beat,
        line == lines.end() ? std::vector<std::string>{} : line->second.patterns);
}

}  // namespace gitplan
