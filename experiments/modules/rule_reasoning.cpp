// SPDX-License-Identifier: MIT
//
// Question    Are published problems of deduction solved by reading their sentences into rules and
//             chaining forward, and does every proof stand when it is checked step by step?
// Hypothesis  Yes, all of them: the sentences are of a few kinds, and what follows from such rules is
//             decidable in time linear in their number. Whoever learns to reason has this to reach.
// Baseline    one_hop: what one rule gives, else the guess; majority: the guess, always the answer
//             that is most often right among the problems asked, which is more than one can know.
// Reproduces  ProntoQA (Saparov and He 2023, arXiv:2210.01240) and ProsQA (Hao et al. 2024,
//             arXiv:2412.06769): studies/rule_reasoning.toml has the published figures.
// Cost        Seconds; no training.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "experiments/data/rules/generate.h"
#include "experiments/data/rules/solve.h"
#include "experiments/harness/module.h"
#include "experiments/modules/rule_graph.h"
#include "graph/reasoning/proof_check.h"
#include "graph/store/store.h"
#include "results/statistics/statistics.h"

namespace saggio::experiments {
namespace {

using data::RuleProblem;
using data::RuleSolution;

struct TaskOptions {
  std::string kind = "generated";
  std::string path;
  int64_t problems = 50;
  int64_t longest = 15;
  int64_t aside = 20;

  void visit(auto& v) {
    v("kind", kind, "generated problems, or published ones", {"generated", "prontoqa", "prosqa"});
    v.file("path", path, "prontoqa, prosqa: the file of problems");
    v("problems", problems, "generated: of each length", {1, 1e5});
    v("longest", longest, "generated: rules of the longest proof, from 1", {1, 40});
    v("aside", aside, "generated: rules that the answer does not need", {2, 80});
  }
};

struct Config {
  TaskOptions data;
  std::string solver = "forward";
  int64_t told = 20;

  void visit(auto& v) {
    v("data", data);
    v("solver",
      solver,
      "forward chaining, one step of it, and a guess",
      {"forward", "one_hop", "majority"});
    v("told", told, "problems that go into the run's graph, with their proofs", {0, 1e5});
  }
};

std::vector<RuleProblem> make_problems(const TaskOptions& options, const results::Stream& stream) {
  if (options.kind == "generated") {
    std::vector<RuleProblem> problems;
    for (int hops = 1; hops <= options.longest; ++hops) {
      results::Stream drawn = stream.split(static_cast<uint64_t>(hops));
      for (int64_t i = 0; i < options.problems; ++i)
        problems.push_back(data::generate_problem(
            fmt::format("generated_{}_{}", hops, i), hops, static_cast<int>(options.aside), drawn));
    }
    return problems;
  }
  if (options.path.empty())
    throw std::invalid_argument(
        fmt::format("data.path is empty, data.kind = '{0}' needs a file: set data.path = "
                    "'data:reasoning/{0}', or data.kind = 'generated'",
                    options.kind));
  std::ifstream in(options.path, std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", options.path));
  return options.kind == "prosqa" ? data::read_prosqa(in, options.path)
                                  : data::read_prontoqa(in, options.path);
}

// The option that is most often right.
size_t majority(const std::vector<RuleProblem>& problems) {
  std::map<size_t, size_t> counts;
  for (const RuleProblem& problem : problems) ++counts[problem.answer];
  return std::max_element(counts.begin(),
                          counts.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

struct Tally {
  int64_t asked = 0, right = 0;

  void add(bool is_right) {
    ++asked;
    right += is_right;
  }
  double share() const {
    return asked == 0 ? 0 : static_cast<double>(right) / static_cast<double>(asked);
  }
};

// What came of all problems.
struct Results {
  Tally all, stand, published;  // answers; proofs that stand; that use the published sentences
  std::map<int, Tally> by_hops;
  double steps = 0;  // that were checked
  std::vector<AskedRules> asked;
};

// A proof is looked at if it is given: forward chaining has one, guesses have none.
void check_proof(const RuleProblem& problem, const RuleSolution& solution, Results& found) {
  found.stand.add(
      !graph::first_fault(solution.closure, problem.book, solution.base, solution.proof));
  found.published.add(data::has_published_premises(problem, solution));
  found.steps += static_cast<double>(solution.proof.size());
}

Results solve_all(const Config& config,
                  const std::vector<RuleProblem>& problems,
                  harness::Context& context) {
  Results found;
  const size_t guess = majority(problems);
  for (const RuleProblem& problem : problems) {
    std::optional<size_t> said;  // with a proof
    if (config.solver != "majority") {
      const RuleSolution solution = data::solve(problem);
      said =
          config.solver == "forward" ? solution.answer : data::answer_within(problem, solution, 1);
      if (config.solver == "forward" && said) check_proof(problem, solution, found);
    }
    const bool is_proved = said.has_value();
    if (config.solver != "forward" && !said) said = guess;
    found.all.add(said == problem.answer);
    found.by_hops[problem.hops].add(said == problem.answer);
    found.asked.push_back({&problem, said, is_proved});
    context.progress(found.all.asked, static_cast<int64_t>(problems.size()));
    if (context.should_stop()) break;
  }
  return found;
}

void put_share(const std::string& name,
               const Tally& tally,
               std::map<std::string, double>& metrics,
               const std::string& ending = "") {
  const results::Interval interval = results::wilson_interval(tally.right, tally.asked, .95);
  metrics[fmt::format("heldout/{}{}", name, ending)] = tally.share();
  metrics[fmt::format("heldout/{}_wilson_low{}", name, ending)] = interval.low;
  metrics[fmt::format("heldout/{}_wilson_high{}", name, ending)] = interval.high;
}

std::map<std::string, double> metrics_of(const Results& found, harness::Context& context) {
  std::map<std::string, double> metrics = {
      {"heldout/problems", static_cast<double>(found.all.asked)}};
  put_share("accuracy", found.all, metrics);
  for (const auto& [hops, tally] : found.by_hops) {
    put_share("accuracy", tally, metrics, fmt::format("_h{:02}", hops));
    context.log(hops, "heldout/accuracy_by_hops", tally.share());
  }
  if (found.stand.asked == 0) return metrics;  // no proofs
  metrics["heldout/proofs_that_stand"] = found.stand.share();
  metrics["heldout/proofs_as_published"] = found.published.share();
  metrics["heldout/checked_steps"] = found.steps;
  return metrics;
}

struct RuleReasoning {
  static constexpr std::string_view name = "rule_reasoning", version = "1";
  static constexpr std::string_view summary =
      "Published and generated problems of deduction by forward chaining, every proof checked";

  using Config = experiments::Config;

  static results::Record run(const Config& config, harness::Context& context) {
    const std::vector<RuleProblem> problems =
        make_problems(config.data, context.stream("data").split("problems"));
    const Results found = solve_all(config, problems, context);
    if (context.should_stop()) return context.stopped();
    const auto told = std::min(found.asked.size(), static_cast<size_t>(config.told));
    if (told > 0) tell(std::span(found.asked).first(told), context.seed(), context.graph());
    results::Record record;
    record.metrics = metrics_of(found, context);
    return record;
  }
};

const harness::Register<RuleReasoning> registered;

}  // namespace
}  // namespace saggio::experiments
