// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/store/store.h"

// The ways into a store for people without C++. Each reader leaves what it read pending: commit()
// makes it one version; dropping the store makes it nothing, which is what to do after an
// exception. All are idempotent: the same input again changes nothing (unless it retires nodes, whose
// keys are then free for others).
//
// Bad input throws std::invalid_argument "NAME:LINE: what, got, allowed, what to do". Beside what
// is pending, memory is bounded by one line or JSON element of at most 64 MiB, and by some 100 bytes
// for each edge between nodes that were there and, of node-link JSON, for each node.
namespace saggio::graph {

// What an input did to a store.
struct ImportReport {
  uint64_t lines = 0;             // all, blank ones included
  uint64_t blank = 0;             // lines skipped
  uint64_t comments = 0;          // lines skipped
  uint64_t carriage_returns = 0;  // stripped
  uint64_t nodes_added = 0, nodes_revised = 0, nodes_retired = 0;
  uint64_t edges_added = 0, edges_revised = 0, edges_retired = 0;
  uint64_t unchanged = 0;  // elements that were there, just so
  uint64_t passed_over =
      0;  // retirements of what is not there; edges whose ordinal is a retired one
  std::vector<std::string> notes;  // what the input says and the store does not keep
};

struct ImportOptions {
  std::string name = "input";        // of the input, as messages tell it
  std::string edge_type = "linked";  // of edges whose input names none
};

// `source target [weight]` a line, separated by white space or commas; lines that begin with # or %
// are comments. Nodes are entities with their name as key. A line that stands k times is k edges.
ImportReport read_edge_list(std::istream& in, Store& store, const ImportOptions& options = {});

// `head<TAB>relation<TAB>tail` a line. Nodes are entities, relations are edge types.
ImportReport read_triples(std::istream& in, Store& store, const ImportOptions& options = {});

// What networkx's node_link_data writes: an object with "nodes" and "links" or "edges". Ids may be
// any JSON scalar; their text is the key. Of a node's attributes, `kind`, `status`, `weight`,
// `confidence`, `labels` and `text` (else `label`) become ours if they are of our type, of an
// edge's the same and its type (`type`, else `relation`, else `kind`, else a `key` that is text).
// All others become qualifiers. Edges that stand before the nodes wait in memory.
ImportReport read_node_link(std::istream& in, Store& store, const ImportOptions& options = {});

// GraphML, as written here and by networkx, igraph, Gephi and yEd: attributes that are not ours become
// qualifiers, graphs within nodes stand beside them. FORMATS.md says what of the others.
ImportReport read_graphml(std::istream& in, Store& store, const ImportOptions& options = {});

// GEXF 1.1 to 1.3. Times of a calendar are valid times, other times qualifiers.
ImportReport read_gexf(std::istream& in, Store& store, const ImportOptions& options = {});

// DOT, one graph. Subgraphs are flattened. The whole graph waits in memory.
ImportReport read_dot(std::istream& in, Store& store, const ImportOptions& options = {});

// N-Triples. Literals are attributes of their subjects. The whole graph waits in memory.
ImportReport read_ntriples(std::istream& in, Store& store, const ImportOptions& options = {});

// CSV (RFC 4180): with a header that names `source` and `target`, the other columns being
// attributes; or without one, `source,target[,weight]`.
ImportReport read_csv(std::istream& in, Store& store, const ImportOptions& options = {});

// One JSON object a line (FORMAT.md 6). With `every`, each so many records are committed, and
// only the last ones are pending; on an exception what was committed stays.
ImportReport append_records(std::istream& in,
                            Store& store,
                            const ImportOptions& options = {},
                            uint64_t every = 0);

// --- formats of other programs, in only; what each keeps and what it cannot: FORMATS_IN.md

// A METIS graph. Nodes are entities "1", "2", ...; each undirected edge stands once.
ImportReport read_metis(std::istream& in, Store& store, const ImportOptions& options = {});

// A Matrix Market coordinate file of real, integer or pattern entries: edges from row to column.
ImportReport read_matrix_market(std::istream& in, Store& store, const ImportOptions& options = {});

// Nodes, episodes and facts of Graphiti, as lists of one JSON object.
ImportReport read_graphiti(std::istream& in, Store& store, const ImportOptions& options = {});

// The GraphML of LightRAG (graph_chunk_entity_relation.graphml), its attributes made ours.
ImportReport read_light_rag(std::istream& in, Store& store, const ImportOptions& options = {});

// OpenTelemetry spans as OTLP/JSON, one document or one a line, as reasoning traces.
ImportReport read_otel(std::istream& in, Store& store, const ImportOptions& options = {});

// A folder of OpenKE: entity2id.txt, relation2id.txt, train2id.txt, valid2id.txt, test2id.txt.
ImportReport read_openke(const std::filesystem::path& folder,
                         Store& store,
                         const ImportOptions& options = {});

// A folder of GraphRAG's tables as CSV: entities, relationships, and if they are there covariates,
// text_units, documents.
ImportReport read_graphrag(const std::filesystem::path& folder,
                           Store& store,
                           const ImportOptions& options = {});

enum class Format {
  Edges,
  Csv,
  Triples,
  NodeLink,
  GraphMl,
  Gexf,
  Dot,
  NTriples,
  Records,
  Metis,
  MatrixMarket,
  LightRag,
  Graphiti,
  Otel,
  OpenKe,
  GraphRag,
};

// "edges, csv, ...": those that can be read, or written.
std::string format_names(bool to_write = false);
// By one of these names.
std::optional<Format> find_format(std::string_view name);
// By its ending; a folder, by the files in it.
std::optional<Format> format_of_file(std::string_view file);

// Throws std::invalid_argument if the format is not one of one file.
ImportReport import_from(std::istream& in,
                         Format format,
                         Store& store,
                         const ImportOptions& options = {});
// Throws std::invalid_argument if the path is not there, or no file or folder as the format asks for.
void check_path(const std::filesystem::path& path, Format format);
// Checks and opens it; options.name is `path`.
ImportReport import_path(const std::filesystem::path& path,
                         Format format,
                         Store& store,
                         ImportOptions options = {});

}  // namespace saggio::graph
