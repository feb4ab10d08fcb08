// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "graph/formats/bulk.h"
#include "graph/formats/csv.h"
#include "graph/formats/fields.h"
#include "graph/formats/folder.h"
#include "graph/formats/import.h"
#include "graph/formats/time_text.h"

// The tables of GraphRAG's index as CSV, by the names of version 1 and later and by the older ones
// (microsoft/graphrag, docs/index/outputs.md and graphrag/data_model/schemas.py).
namespace saggio::graph {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNobody = "NONE";  // as GraphRAG's prompt asks for, also of dates
constexpr TimeUs kDay = TimeUs{86'400'000'000};

// The texts of a list as Python, numpy or JSON print it, or between commas.
std::vector<std::string> texts_of(std::string_view list) {
  std::vector<std::string> texts;
  const bool is_quoted = list.find_first_of("'\"") != std::string_view::npos;
  const std::string_view ends = is_quoted ? "'\"" : "[], \t\n\r";
  while (!list.empty()) {
    const size_t begin = list.find_first_not_of("[], \t\n\r");
    if (begin == std::string_view::npos) break;
    const bool quote = is_quoted && ends.find(list[begin]) != std::string_view::npos;
    list.remove_prefix(begin + quote);
    const size_t end = std::min(list.find_first_of(quote ? ends : "[], \t\n\r"), list.size());
    if (end > 0) texts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return texts;
}

class GraphRagImport {
 public:
  GraphRagImport(Store& store, ImportReport& report, const ImportOptions& options)
      : store_(store), bulk_(store, report), report_(report), options_(options) {}

  void document(CsvRow& row) {
    const std::string id = need(row, {"id"});
    Attributes attributes{.text = row.take({"text", "raw_content"})};
    keep_rest(row, attributes);
    bulk_.node(id, NodeKind::Document, attributes);
  }

  void text_unit(CsvRow& row) {
    const std::string id = need(row, {"id", "chunk_id"});
    Attributes attributes{.text = row.take({"text", "chunk"})};
    const std::vector<std::string> documents = texts_of(row.take({"document_ids", "document_id"}));
    add_sources(documents, attributes);
    keep_rest(row, attributes);
    bulk_.node(id, NodeKind::Span, attributes);
    for (const std::string& document : documents) edges_.push_back({id, "part_of", document, {}});
  }

  void entity(CsvRow& row) {
    const std::string title = need(row, {"title", "name"});
    Attributes attributes{.text = row.take({"description"})};
    if (std::string type = row.take({"type", "entity_type"}); !type.empty())
      attributes.labels.push_back(std::move(type));
    add_sources(texts_of(row.take({"text_unit_ids", "source_id"})), attributes);
    keep_rest(row, attributes);
    bulk_.node(title, NodeKind::Entity, attributes);
  }

  void relationship(CsvRow& row) {
    const std::string source = need(row, {"source"}), target = need(row, {"target"});
    std::string type = row.take({"type"});
    if (type.empty()) type = options_.edge_type;
    Attributes attributes{.text = row.take({"description"})};
    if (const std::string weight = row.take({"weight"}); !weight.empty())
      attributes.weight = finite_number(weight, "weight");
    add_sources(texts_of(row.take({"text_unit_ids", "source_id"})), attributes);
    keep_rest(row, attributes);
    need_entity(source);
    need_entity(target);
    edges_.push_back({source, std::move(type), target, std::move(attributes)});
  }

  // A claim about its subject, supported by the text that it was read in.
  void covariate(CsvRow& row) {
    const std::string id = need(row, {"id"});
    const std::string subject = row.take({"subject_id"}), object = row.take({"object_id"});
    const std::string unit = row.take({"text_unit_id"});
    Attributes attributes{.text = row.take({"description"})};
    if (std::string type = row.take({"type"}); !type.empty())
      attributes.labels.push_back(std::move(type));
    put_status(row.take({"status"}), attributes);
    put_times(row, attributes);
    if (!unit.empty()) add_sources({unit}, attributes);
    keep_rest(row, attributes);
    bulk_.node(id, NodeKind::Claim, attributes);
    for (const auto& [type, name] : {std::pair("subject", subject), std::pair("object", object)}) {
      if (name.empty() || name == kNobody) continue;
      need_entity(name);
      edges_.push_back({id, type, name, {}});
    }
    if (!unit.empty()) edges_.push_back({unit, "supports", id, {}});
  }

  // Edges wait for all nodes; those to tables that are not here are left out, as their rows keep the
  // ids of them.
  void finish() {
    for (const Waiting& edge : edges_) {
      const auto source = store_.history().find_node(edge.source);
      const auto target = store_.history().find_node(edge.target);
      if (source && target) bulk_.edge(*source, bulk_.type(edge.type), *target, edge.attributes);
    }
    bulk_.finish();
    const auto note = [&](uint64_t count, const char* what) {
      if (count > 0) report_.notes.push_back(fmt::format("{} {}", count, what));
    };
    note(implied_, "of the nodes are named by relationships and claims alone");
    note(embeddings_, "embeddings are not kept");
    note(undated_, "dates of claims are none that is known here: kept as qualifiers");
    if (has_index_)
      report_.notes.push_back("not kept: a column without a name, which is pandas' index");
  }

 private:
  struct Waiting {
    std::string source, type, target;
    Attributes attributes;
  };

  static std::string need(CsvRow& row, std::initializer_list<std::string_view> columns) {
    std::string value = row.take(columns);
    if (value.empty())
      throw std::invalid_argument(fmt::format("a row without \"{}\"", *columns.begin()));
    return value;
  }

  static void add_sources(const std::vector<std::string>& sources, Attributes& attributes) {
    if (!sources.empty()) attributes.provenance.emplace().sources = sources;
  }

  void keep_rest(const CsvRow& row, Attributes& attributes) {
    for (const auto& [column, value] : row.rest())
      if (column.empty())
        has_index_ = true;
      else if (column.ends_with("_embedding"))
        ++embeddings_;
      else
        attributes.qualifiers.emplace_back(column, value);
  }

  static void put_status(const std::string& status, Attributes& attributes) {
    if (status == "TRUE") attributes.status = Status::Supported;
    if (status == "FALSE") attributes.status = Status::Refuted;
    if (!status.empty()) attributes.qualifiers.emplace_back("status", status);
  }

  // The time of a field that holds one; else the field is kept as it is.
  std::optional<TimeUs> take_time(CsvRow& row, const char* column, Attributes& attributes) {
    std::string text = row.take({column});
    if (text.empty() || text == kNobody) return std::nullopt;
    const auto time = parse_time(text);
    if (!time) {
      ++undated_;
      attributes.qualifiers.emplace_back(column, std::move(text));
    }
    return time;
  }

  // From the first moment of the first day to the end of the last one, which may be the same.
  void put_times(CsvRow& row, Attributes& attributes) {
    const auto start = take_time(row, "start_date", attributes);
    const auto end = take_time(row, "end_date", attributes);
    if (start) attributes.valid.from = *start;
    if (end) attributes.valid.to = *end % kDay == 0 ? *end + kDay : *end;
  }

  void need_entity(const std::string& name) {
    if (store_.history().find_node(name)) return;
    ++implied_;
    bulk_.node(name);
  }

  Store& store_;
  BulkImport bulk_;
  ImportReport& report_;
  const ImportOptions& options_;
  std::vector<Waiting> edges_;
  uint64_t implied_ = 0, embeddings_ = 0, undated_ = 0;
  bool has_index_ = false;
};

struct Table {
  std::array<std::string_view, 2> files;  // newer and older name
  bool is_needed;
  void (GraphRagImport::*read)(CsvRow& row);
};

// In this order: edges are to nodes that have been read.
constexpr std::array<Table, 5> kTables = {
    {{{"documents.csv", "create_final_documents.csv"}, false, &GraphRagImport::document},
     {{"text_units.csv", "create_final_text_units.csv"}, false, &GraphRagImport::text_unit},
     {{"entities.csv", "create_final_entities.csv"}, true, &GraphRagImport::entity},
     {{"relationships.csv", "create_final_relationships.csv"}, true, &GraphRagImport::relationship},
     {{"covariates.csv", "create_final_covariates.csv"}, false, &GraphRagImport::covariate}}};

void read_table(const Table& table,
                FileOfFolder& file,
                GraphRagImport& import,
                ImportReport& report) {
  CsvReader rows(file.in, file.name);
  CsvTable named(rows);
  CsvRow row;
  while (named.next(row)) at_line(rows, [&] { std::invoke(table.read, import, row); });
  count_lines(rows, report);
}

}  // namespace

ImportReport read_graphrag(const fs::path& folder, Store& store, const ImportOptions& options) {
  ImportReport report;
  GraphRagImport import(store, report, options);
  std::vector<std::string_view> known;
  for (const Table& table : kTables) {
    const std::string_view name = first_of(folder, table.files);
    if (name.empty() && table.is_needed)
      throw std::invalid_argument(
          fmt::format("{}: neither {} nor {} is here; GraphRAG writes Parquet unless it is told "
                      "otherwise: write each table as CSV, for example by pandas",
                      options.name,
                      table.files[0],
                      table.files[1]));
    if (name.empty()) continue;
    known.push_back(name);
    FileOfFolder file(folder, name, options);
    read_table(table, file, import, report);
  }
  import.finish();
  note_others(folder, known, report);
  return report;
}

}  // namespace saggio::graph
