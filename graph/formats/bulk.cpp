// SPDX-License-Identifier: MIT
#include "graph/formats/bulk.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace saggio::graph {
namespace {

// Edges that wait to be added together: of one type, and of all.
constexpr size_t kBatch = size_t{1} << 16, kWaiting = size_t{1} << 20;

}  // namespace

Sha256 digest_of(Attributes attributes) {
  const Sha256 text = attributes.packed ? attributes.packed->hash : sha256(attributes.text);
  attributes.text.assign(text.begin(), text.end());
  attributes.packed.reset();
  std::string bytes;
  Encoder out(bytes);
  encode(attributes, out);
  return sha256(bytes);
}

size_t EdgeKeys::Hash::operator()(const Ends& ends) const {
  uint64_t mixed = 0;  // multiplicative hashing, by the golden ratio (Knuth, volume 3, 6.4)
  for (const uint64_t part : {ends.source, ends.target, uint64_t{ends.type}})
    mixed = (mixed ^ part ^ (mixed >> 29)) * 0x9E3779B97F4A7C15;
  return mixed ^ (mixed >> 32);
}

EdgeKeys::Same& EdgeKeys::of(NodeId source, TypeId type, NodeId target) {
  const auto [found, is_new] = known_.try_emplace({source, target, type});
  std::vector<EdgeId>& ids = found->second.ids;
  if (is_new) ids = history_.edges_between(source, type, target);
  return found->second;
}

BulkImport::BulkImport(Store& store, ImportReport& report)
    : store_(store), report_(report), keys_(store.history()) {
  if (store.has_pending())
    throw std::invalid_argument(
        fmt::format("{}: an import with pending changes: commit them first", store.folder()));
}

NodeId BulkImport::node(std::string_view key) {
  if (key.empty()) throw std::invalid_argument("an empty name: give every node one");
  if (const auto known = store_.history().find_node(key)) return *known;
  ++report_.nodes_added;
  return store_.add_node(NodeKind::Entity, {}, key);
}

void BulkImport::check_kind(NodeId id, NodeKind kind) const {
  const NodeKind is = store_.history().node(id)->kind;
  if (is != kind)
    throw std::invalid_argument(
        fmt::format("kind = {}, but this node is there as {}, and a kind "
                    "never changes: retire it, or give another key",
                    name(kind),
                    name(is)));
}

NodeId BulkImport::node(std::string_view key,
                        std::optional<NodeKind> kind,
                        const Attributes& attributes) {
  const auto known = store_.history().find_node(key);
  if (!known) {
    if (key.empty()) return node(key);
    ++report_.nodes_added;
    const NodeId added = store_.add_node(kind.value_or(NodeKind::Entity), attributes, key);
    given_.insert(added);
    return added;
  }
  if (!given_.insert(*known).second || !keys_.is_old(*known))
    throw std::invalid_argument(fmt::format("node {} stands twice: leave one", shown(key)));
  if (kind) check_kind(*known, *kind);
  const bool same = digest_of(store_.history().node(*known)->attributes) == digest_of(attributes);
  if (same || attributes == Attributes()) {
    ++report_.unchanged;
  } else {
    ++report_.nodes_revised;
    store_.revise_node(*known, attributes);
  }
  return *known;
}

TypeId BulkImport::type(std::string_view name) {
  const auto [found, is_new] = types_.try_emplace(std::string(name));
  if (is_new) found->second = store_.type(name);
  return found->second;
}

void BulkImport::edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes) {
  if (keys_.is_old(source) && keys_.is_old(target) && is_there(source, type, target, attributes))
    return;
  add_edge(source, type, target, attributes);
}

// Whether the store has one more edge of these ends than the input has named so far; it is brought
// to the state that the input gives. A retired one is passed over.
bool BulkImport::is_there(NodeId source, TypeId type, NodeId target, const Attributes& attributes) {
  auto& [ids, next] = keys_.of(source, type, target);
  while (next < ids.size() && !store_.history().has_edge(ids[next])) ++next;
  if (next == ids.size()) return false;
  const EdgeId id = ids[next++];
  if (digest_of(store_.history().edge(id)->attributes) == digest_of(attributes)) {
    ++report_.unchanged;
  } else {
    ++report_.edges_revised;
    store_.revise_edge(id, attributes);
  }
  return true;
}

void BulkImport::add_edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes) {
  ++report_.edges_added;
  if (!only_weight(attributes)) {
    flush(type);  // edges of the same ends and type keep their order
    store_.add_edge(source, type, target, attributes);
    return;
  }
  if (!std::isfinite(attributes.weight))
    throw std::invalid_argument("weight is not a number, or infinite: allowed are finite ones");
  Batch& batch = batches_[type];
  batch.sources.push_back(source);
  batch.targets.push_back(target);
  batch.weights.push_back(attributes.weight);
  ++waiting_;
  if (batch.sources.size() == kBatch) flush(type);
  if (waiting_ == kWaiting) finish();
}

void BulkImport::flush(TypeId type) {
  const auto found = batches_.find(type);
  if (found == batches_.end()) return;
  Batch& batch = found->second;
  const auto is_one = [](float weight) { return weight == 1; };
  if (std::all_of(batch.weights.begin(), batch.weights.end(), is_one)) batch.weights.clear();
  store_.add_edges(type, batch.sources, batch.targets, batch.weights);
  waiting_ -= batch.sources.size();
  batches_.erase(found);
}

void BulkImport::finish() {
  while (!batches_.empty()) flush(batches_.begin()->first);
}

}  // namespace saggio::graph
