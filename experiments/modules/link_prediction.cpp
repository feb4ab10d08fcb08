// SPDX-License-Identifier: MIT
//
// Question    How well are the missing facts of a knowledge graph found, by models that learn
//             vectors of its nodes, by models that read the graph, and by counting?
// Hypothesis  Much of what embeddings reach on small graphs, frequencies and rules of one hop reach
//             as well.
// Baseline    constant (chance), relation_frequency, one_hop_rules: rows of every table.
// Reproduces  PyKEEN's figures of the same models in the same run (tests/peers/pykeen_embeddings.py);
//             the studies link_*.toml name the published tables.
// Cost        UMLS, kinship and nations: seconds a run.
#include <fmt/format.h>

#include <fstream>

#include "experiments/harness/module.h"
#include "experiments/modules/cost.h"
#include "experiments/modules/links/config.h"
#include "experiments/modules/links/graph.h"
#include "experiments/modules/links/models.h"
#include "experiments/modules/links/ranking.h"
#include "experiments/modules/require_cpu.h"
#include "models/numerics.h"

namespace saggio::experiments {
namespace {

// A line for each fact: its parts, then the rank of its tail and of its head.
void write_ranks(const std::vector<RankedFact>& ranked,
                 const data::KnowledgeGraph& graph,
                 results::Ties ties,
                 const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary);
  for (const RankedFact& one : ranked)
    out << fmt::format("{}\t{}\t{}\t{}\t{}\n",
                       graph.entities[one.fact.head],
                       graph.relations[one.fact.relation],
                       graph.entities[one.fact.tail],
                       results::rank(one.tail, ties),
                       results::rank(one.head, ties));
}

// What the model may have seen before it was asked; nothing if no such graph is named.
void add_leakage(const LinkTask& task,
                 const SeenOptions& seen,
                 results::Record& record,
                 results::Ledger& ledger) {
  if (seen.first.empty() && seen.second.empty() && seen.third.empty()) return;
  const data::Leakage leakage = seen_before(task, seen);
  ledger.set("", "test_facts_seen_before", static_cast<double>(leakage.in_train));
  record.metrics["leakage/facts"] = static_cast<double>(leakage.in_train);
  record.metrics["leakage/share"] =
      static_cast<double>(leakage.in_train) / static_cast<double>(leakage.test);
}

struct LinkPrediction {
  static constexpr std::string_view name = "link_prediction", version = "1";
  static constexpr std::string_view summary =
      "Missing facts of a knowledge graph, ranked: embeddings, NBFNet, ULTRA, and what they have "
      "to beat";

  using Config = LinkPredictionConfig;

  static results::Record run(const Config& config, harness::Context& context) {
    require_cpu(context);
    models::set_numerics(context.threads());
    const LinkTask task = load(config.data);
    const data::Answers known = known_answers(task, config.data);
    const LinkModel model = make_link_model(task, config, context);
    if (model.early) return *model.early;

    const results::Ties ties =
        config.eval.ties == "mean" ? results::Ties::Mean : results::Ties::Worst;
    std::vector<RankedFact> ranked;
    const double flops = counted(context.ledger(), [&] {
      ranked = rank_facts(*model.scorer,
                          evenly(task.inference().test, config.eval.facts),
                          known,
                          config.eval.batch);
    });
    context.ledger().add("", "eval_flops", flops);

    results::Record record;
    for (const auto& [metric, value] : ranking_metrics(ranked, ties))
      record.metrics["test/" + metric] = value;
    add_leakage(task, config.data.seen, record, context.ledger());
    write_ranks(ranked, task.inference(), ties, context.artefact("ranks.tsv"));
    graph::Provenance from;
    from.seed = context.seed();
    tell(*model.scorer, task, known, config, from, context.graph());
    return record;
  }

  static harness::Counts count(const Config& config) { return count_link_model(config); }

  static harness::Probe probe(const Config& config, harness::Context& context) {
    return probe_link_prediction(config, context);
  }
};

const harness::Register<LinkPrediction> registered;

}  // namespace
}  // namespace saggio::experiments
