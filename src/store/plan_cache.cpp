#include "store/plan_cache.hpp"

#include <fmt/format.h>

#include "store/cache.hpp"

namespace gitplan {
namespace {

std::string cache_name(std::string_view session) { return fmt::format("plan-{}", session); }
std::string text_name(std::string_view session) { return fmt::format("text-{}", session); }

void write_task(cache::Writer& out, const Task& task) {
  out.text(task.id);
  out.text(task.description);
  out.number(static_cast<std::uint64_t>(task.status));
  out.texts(task.preconditions);
  out.texts(task.provides);
  out.texts(task.depends_on);
  out.texts(task.files);
  out.optional_text(task.estimated_time);
  out.number(task.priority ? static_cast<std::uint64_t>(*task.priority) + 1 : 0);
  out.optional_text(task.slug);
  out.optional_text(task.external_id);
  out.optional_text(task.part_of);
  out.optional_text(task.details);
  out.optional_text(task.test_strategy);
  out.optional_text(task.agent);
  out.optional_text(task.reason);
  out.number(task.needs_decision ? 1 : 0);
  out.optional_text(task.question);
  out.optional_text(task.answer);
}

void read_task(cache::Reader& in, Task& task) {
  task.id = in.text();
  task.description = in.text();
  task.status = in.word_up_to(Status::cancelled);
  task.preconditions = in.texts();
  task.provides = in.texts();
  task.depends_on = in.texts();
  task.files = in.texts();
  task.estimated_time = in.optional_text();
  constexpr auto last_priority = static_cast<std::uint64_t>(Priority::low);
  if (const auto priority = in.number_up_to(last_priority + 1); priority > 0)
    task.priority = static_cast<Priority>(priority - 1);
  task.slug = in.optional_text();
  task.external_id = in.optional_text();
  task.part_of = in.optional_text();
  task.details = in.optional_text();
  task.test_strategy = in.optional_text();
  task.agent = in.optional_text();
  task.reason = in.optional_text();
  task.needs_decision = in.number_up_to(1) == 1;
  task.question = in.optional_text();
  task.answer = in.optional_text();
}

void write_plan(cache::Writer& out, const Plan& plan) {
  out.text(plan.session_id);
  out.number(static_cast<std::uint64_t>(plan.version));
  for (const auto* text :
       {&plan.flow_branch, &plan.created_at, &plan.cleaned_at, &plan.user_request,
        &plan.architecture, &plan.design_patterns, &plan.technology_stack,
        &plan.estimated_total_time, &plan.dependency_graph, &plan.hold, &plan.claim_refs}) {
    out.text(*text);
  }
  out.texts(plan.provides);
  out.number(plan.updates.size());
  for (const Update& update : plan.updates) {
    out.number(static_cast<std::uint64_t>(update.version));
    out.text(update.at);
    out.text(update.note);
  }
  out.number(plan.tasks.size());
  for (const Task& task : plan.tasks) write_task(out, task);
}

void read_plan(cache::Reader& in, Plan& plan) {
  plan.session_id = in.text();
  plan.version = static_cast<std::int64_t>(in.number());
  for (auto* text :
       {&plan.flow_branch, &plan.created_at, &plan.cleaned_at, &plan.user_request,
        &plan.architecture, &plan.design_patterns, &plan.technology_stack,
        &plan.estimated_total_time, &plan.dependency_graph, &plan.hold, &plan.claim_refs}) {
    *text = in.text();
  }
  plan.provides = in.texts();
  plan.updates.resize(in.count());
  for (Update& update : plan.updates) {
    update.version = static_cast<std::int64_t>(in.number());
    update.at = in.text();
    update.note = in.text();
  }
  plan.tasks.resize(in.count());
  for (Task& task : plan.tasks) read_task(in, task);
}

void write_diagnostics(cache::Writer& out, const Diagnostics& diagnostics) {
  out.number(diagnostics.size());
  for (const Diagnostic& one : diagnostics) {
    out.number(static_cast<std::uint64_t>(one.severity));
    out.text(one.code);
    out.text(one.message);
    out.text(one.task);
    out.number(one.line ? static_cast<std::uint64_t>(*one.line) + 1 : 0);
  }
}

void read_diagnostics(cache::Reader& in, Diagnostics& diagnostics) {
  diagnostics.resize(in.count());
  for (Diagnostic& one : diagnostics) {
    one.severity = in.word_up_to(Severity::warning);
    one.code = in.text();
    one.message = in.text();
    one.task = in.text();
    if (const auto line = in.number(); line > 0) one.line = static_cast<int>(line - 1);
  }
}

}  // namespace

bool recall_plan(const git::Repository& repository, StoredPlan& stored) {
  const auto payload = cache::load(repository, cache_name(stored.session));
  if (!payload) return false;
  cache::Reader in(payload->bytes());
  if (in.oid() != stored.blob) return false;
  StoredPlan read = stored;
  read_plan(in, read.plan);
  read_diagnostics(in, read.diagnostics);
  read.task_lines.resize(in.count());
  for (int& line : read.task_lines) line = static_cast<int>(in.number());
  if (!in.ok()) return false;
  stored = std::move(read);
  return true;
}

std::optional<std::uint64_t> recall_text_sum(const git::Repository& repository,
                                             const StoredPlan& stored) {
  const auto payload = cache::load(repository, text_name(stored.session));
  if (!payload) return std::nullopt;
  cache::Reader in(payload->bytes());
  const bool is_same_blob = in.oid() == stored.blob;
  const std::uint64_t sum = in.number();
  return in.ok() && is_same_blob ? std::optional(sum) : std::nullopt;
}

void remember_text(const git::Repository& repository, const StoredPlan& stored,
                   std::string_view text) {
  cache::Writer out;
  out.oid(stored.blob);
  out.number(cache::checksum(text));
  cache::save(repository, text_name(stored.session), out.bytes());
}

void remember_plan(const git::Repository& repository, const StoredPlan& stored) {
  cache::Writer out;
  out.oid(stored.blob);
  write_plan(out, stored.plan);
  write_diagnostics(out, stored.diagnostics);
  out.number(stored.task_lines.size());
  for (const int line : stored.task_lines) out.number(static_cast<std::uint64_t>(line));
  cache::save(repository, cache_name(stored.session), out.bytes());
}

}  // namespace gitplan
