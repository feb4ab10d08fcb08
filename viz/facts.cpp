// SPDX-License-Identifier: MIT
#include "viz/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "graph/formats/time_text.h"

namespace saggio::viz {
namespace {

using graph::Attributes;
using graph::TimeUs;

constexpr size_t kLongestPath = 4096;

// At most that many bytes, and no half of a character.
std::string cut(std::string text) {
  if (text.size() <= kLongestValue) return text;
  const size_t whole = text.size();
  size_t end = kLongestValue;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0u) == 0x80u) --end;
  text.resize(end);
  return text + fmt::format("… ({} bytes in all)", whole);
}

std::string world_time(TimeUs time) {
  if (time == graph::kUnknownTime) return "not known";
  if (time == graph::kSinceEver) return "since ever";
  if (time == graph::kWithoutEnd) return "without end";
  return graph::time_text(time);
}

class Listing {
 public:
  Listing(PickId picked, const FactSources& from)
      : from_(from), slot_((picked & ~kEdgeBit) - 1), edge_((picked & kEdgeBit) != 0) {
    facts_.id = picked;
    facts_.copy_id = fmt::format("#{}", slot_);
    const uint64_t count = edge_ ? from.history.edge_count() : from.history.node_count();
    if (picked == 0 || slot_ >= count)
      throw std::invalid_argument(
          fmt::format("{} #{}: the store has none, allowed: below {}; pick one that is shown",
                      edge_ ? "edge" : "node",
                      static_cast<int64_t>(picked & ~kEdgeBit) - 1,
                      count));
  }

  Facts list(size_t most_ties) {
    add("id", facts_.copy_id);
    const auto node = edge_ ? std::nullopt : from_.history.node(slot_, from_.view.as_of());
    const auto edge = edge_ ? from_.history.edge(slot_, from_.view.as_of()) : std::nullopt;
    edge_ ? begin_edge() : begin_node();
    facts_.there = node || edge;
    if (node) attributes(node->attributes);
    if (edge) attributes(edge->attributes);
    if (from_.comparison)
      differences(*from_.comparison);
    else
      clock();
    if (node) ties(most_ties);
    return std::move(facts_);
  }

 private:
  void add(std::string name, std::string value, std::optional<Slot> node = {}) {
    facts_.rows.push_back(fact(std::move(name), std::move(value), node));
  }
  void add_provenance(std::string name, std::string value, std::optional<Slot> node = {}) {
    if (!value.empty()) facts_.provenance.push_back(fact(std::move(name), std::move(value), node));
  }
  Fact fact(std::string name, std::string value, std::optional<Slot> node) const {
    std::string link =
        link_of(value, {from_.folder, std::filesystem::path(from_.folder).parent_path().string()});
    return {std::move(name), cut(std::move(value)), node, std::move(link)};
  }
  std::optional<Slot> if_there(graph::NodeId id) const {
    if (id >= from_.history.node_count() || !from_.history.has_node(id, from_.view.as_of()))
      return std::nullopt;
    return static_cast<Slot>(id);
  }

  void begin_node() {
    const std::string_view kind = name(from_.history.node_kind(slot_));
    facts_.title = fmt::format("{} {}", kind, from_.label_of(slot_));
    if (!from_.history.node_key(slot_).empty())
      add("key", std::string(from_.history.node_key(slot_)));
    add("kind", std::string(kind));
  }

  void begin_edge() {
    const graph::EdgeEnds ends = from_.history.edge_ends(slot_);
    const std::string source = from_.label_of(static_cast<Slot>(ends.source));
    const std::string target = from_.label_of(static_cast<Slot>(ends.target));
    const std::string& type = from_.history.types()[ends.type];
    facts_.title = fmt::format("{} {} {}", source, type, target);
    add("type", type);
    add("from", source, if_there(ends.source));
    add("to", target, if_there(ends.target));
  }

  void attributes(const Attributes& a) {
    add("status", std::string(name(a.status)));
    if (edge_ || a.weight != 1) add("weight", fmt::format("{}", a.weight));
    confidence(a.confidence);
    if (!a.text.empty() || a.packed) add("text", from_.text_of(a));
    if (a.valid.from != graph::kUnknownTime) add("holds from", world_time(a.valid.from));
    if (a.valid.to != graph::kUnknownTime) add("holds until", world_time(a.valid.to));
    if (!a.rule.empty()) add("rule", a.rule);
    for (const std::string& label : a.labels) add("label", label);
    for (const auto& [key, value] : a.qualifiers) add(key, value);
    if (a.embedding) {
      const graph::EmbeddingTable& table = from_.history.tables()[a.embedding->table];
      add("embedding",
          fmt::format("row {} of {}, {} columns{}",
                      a.embedding->row,
                      table.name,
                      table.columns,
                      table.model.empty() ? "" : ", by model " + table.model));
    }
    if (a.packed) add("SHA-256 of the text", graph::hex(a.packed->hash));
    if (a.provenance) provenance(*a.provenance);
    if (a.span) span(*a.span);
  }

  void confidence(const graph::Confidence& c) {
    if (!std::isnan(c.probability)) add("confidence", fmt::format("{}", c.probability));
    if (!std::isnan(c.logit)) add("logit", fmt::format("{}", c.logit));
    if (!c.method.empty()) add("confidence by", c.method);
  }

  void provenance(const graph::Provenance& p) {
    add_provenance("run", p.run);
    add_provenance("experiment", p.experiment);
    add_provenance("step", fmt::format("{}", p.step));
    add_provenance("seed", fmt::format("{}", p.seed));
    add_provenance("model", p.model);
    for (const std::string& source : p.sources) {
      const auto known = from_.history.find_node(source);
      add_provenance("source", source, known ? if_there(*known) : std::nullopt);
    }
  }

  // Where the text stands, and what stands there.
  void span(const graph::Span& span) {
    const std::optional<Slot> document = if_there(span.document);
    add_provenance("source document",
                   document ? from_.label_of(*document) : fmt::format("#{}", span.document),
                   document);
    add_provenance("bytes", fmt::format("{} to {}", span.byte_begin, span.byte_end));
    if (span.token_end > span.token_begin)
      add_provenance("tokens", fmt::format("{} to {}", span.token_begin, span.token_end));
    add_provenance("tokenizer", span.tokenizer);
    if (!document) return;
    const auto node = from_.history.node(span.document, from_.view.as_of());
    const std::string whole = from_.text_of(node->attributes);
    if (span.byte_begin < span.byte_end && span.byte_end <= whole.size())
      add_provenance("source text", whole.substr(span.byte_begin, span.byte_end - span.byte_begin));
  }

  std::string version_text(graph::Version version) const {
    if (version == 0 || version > from_.history.head()) return fmt::format("{}", version);
    const TimeUs time = from_.history.commits()[version - 1].time;
    return fmt::format("{}, {} UTC", version, graph::second_text(time));
  }

  void differences(const Comparison& comparison) {
    const DifferenceColumns& columns = comparison.differences();
    const Difference one = (edge_ ? columns.edges : columns.nodes)[slot_];
    add("difference",
        fmt::format("{}: {} against {}",
                    kDifferenceNames[static_cast<size_t>(one)],
                    columns.after,
                    columns.before));
    for (const ChangedValue& change : comparison.changes_of(facts_.id))
      add(change.name + " before", change.before.empty() ? "none" : change.before);
  }

  // When the store was told so.
  void clock() {
    std::vector<graph::RowNumbers> rows;
    edge_ ? from_.history.edge_rows(slot_, rows) : from_.history.node_rows(slot_, rows);
    if (rows.empty()) return;
    const graph::Version first = rows.back().from, now = from_.view.as_of().version;
    graph::Version last = first;
    for (const graph::RowNumbers& row : rows)
      if (row.from <= now) last = std::max(last, row.from);
    add("came in version", version_text(first));
    if (last != first) add("last revised in version", version_text(last));
    if (rows.size() > 1) add("revisions", fmt::format("{}", rows.size() - 1));
    if (rows.front().to != graph::kHead) add("retired in version", version_text(rows.front().to));
  }

  void add_tie(graph::EdgeIndex e, graph::NodeIndex other, bool out) {
    const auto slot = static_cast<Slot>(from_.view.node_id(other));
    facts_.ties.push_back({static_cast<Slot>(from_.view.edge_id(e)),
                           slot,
                           out,
                           from_.history.types()[from_.view.edge_type(e)],
                           from_.label_of(slot),
                           from_.view.edge_status(e),
                           from_.view.edge_weight(e)});
  }

  void ties(size_t most) {
    const auto x = from_.view.find(slot_);
    if (!x) return;
    const auto out = from_.view.out(*x);
    const auto in = from_.view.in(*x);
    facts_.ties_in_all = out.targets.size() + in.sources.size();
    for (size_t i = 0; i < out.targets.size() && facts_.ties.size() < most; ++i)
      add_tie(out.first + static_cast<graph::EdgeIndex>(i), out.targets[i], true);
    for (size_t i = 0; i < in.sources.size() && facts_.ties.size() < most; ++i)
      add_tie(in.edges[i], in.sources[i], false);
  }

  const FactSources& from_;
  Facts facts_;
  Slot slot_;
  bool edge_;
};

}  // namespace

Facts facts_of(PickId picked, const FactSources& sources, size_t most_ties) {
  return Listing(picked, sources).list(most_ties);
}

std::string link_of(std::string_view value, const std::vector<std::string>& folders) {
  namespace fs = std::filesystem;
  constexpr std::array<std::string_view, 4> kSchemes = {"https://", "http://", "ftp://", "file://"};
  const bool one_word = std::none_of(value.begin(), value.end(), [](char c) {
    return static_cast<uint8_t>(c) <= ' ' || c == '\x7f';
  });
  for (const std::string_view scheme : kSchemes)
    if (one_word && value.size() > scheme.size() && value.starts_with(scheme))
      return std::string(value);
  if (value.empty() || value.size() > kLongestPath || value.find('\0') != value.npos) return {};
  std::error_code error;  // of a name that cannot be one
  const fs::path path(value);
  if (path.is_absolute()) return fs::is_regular_file(path, error) ? path.string() : "";
  if (path.extension().empty() && value.find('/') == value.npos) return {};  // a word
  for (const std::string& folder : folders)
    if (const fs::path file = fs::path(folder) / path; fs::is_regular_file(file, error))
      return file.lexically_normal().string();
  return {};
}

}  // namespace saggio::viz
