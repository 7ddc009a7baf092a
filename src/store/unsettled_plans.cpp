#include "store/unsettled_plans.hpp"

#include <optional>
#include <string>
#include <utility>

#include "git/refs_snapshot.hpp"
#include "git/repository.hpp"
#include "store/cache.hpp"
#include "store/plan_outlines.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr std::string_view cache_name = "unsettled";

/// Which plans are not settled, of all but one, as long as all plan branches are where they were.
struct Unsettled {
  git::RefsPrint print;
  std::string but;
  std::vector<PlanTip> plans;
};

std::optional<Unsettled> recall_unsettled(const git::Repository& repository) {
  const auto payload = cache::load(repository, cache_name);
  if (!payload) return std::nullopt;
  cache::Reader in(payload->bytes());
  Unsettled known;
  known.print.first = in.number();
  known.print.second = in.number();
  known.but = in.text();
  known.plans.resize(in.count());
  for (PlanTip& tip : known.plans) {
    tip.session = in.text();
    tip.commit = in.oid();
  }
  return in.ok() ? std::optional(std::move(known)) : std::nullopt;
}

void save_unsettled(const git::Repository& repository, const Unsettled& unsettled) {
  cache::Writer out;
  out.number(unsettled.print.first);
  out.number(unsettled.print.second);
  out.text(unsettled.but);
  out.number(unsettled.plans.size());
  for (const PlanTip& tip : unsettled.plans) {
    out.text(tip.session);
    out.oid(tip.commit);
  }
  cache::save(repository, cache_name, out.bytes());
}

std::optional<git::RefsPrint> print_of_plans(const git::Repository& repository) {
  return git::RefsSnapshot(repository, std::string(ref_names::plan_prefix)).print();
}

}  // namespace

std::vector<PlanTip> unsettled_plans(const git::Repository& repository, const PlanStore& store,
                                     std::string_view but) {
  const auto print = print_of_plans(repository);
  if (auto known = print ? recall_unsettled(repository) : std::nullopt;
      known && known->print == *print && known->but == but)
    return std::move(known->plans);
  Unsettled unsettled{print.value_or(git::RefsPrint{}), std::string(but), {}};
  for (PlanOutline& one : outline_plans(repository, store, but)) {
    if (!one.settled) unsettled.plans.push_back(std::move(one.tip));
  }
  if (print && print_of_plans(repository) == print) save_unsettled(repository, unsettled);
  return unsettled.plans;
}

}  // namespace gitplan
