// SPDX-License-Identifier: MIT
#include "graph/formats/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "graph/formats/json_text.h"
#include "graph/formats/lines.h"
#include "graph/formats/time_text.h"

namespace saggio::graph {
namespace {

using nlohmann::json;

constexpr std::string_view kSinceEverName = "since ever", kWithoutEndName = "without end";

// Each reads one value and says whether it is what is allowed.

bool read_text(const json& value, std::string& text) {
  if (!value.is_string()) return false;
  text = value.get<std::string>();
  return true;
}

bool read_texts(const json& value, std::vector<std::string>& texts) {
  if (!value.is_array()) return false;
  for (const json& item : value)
    if (!read_text(item, texts.emplace_back())) return false;
  return true;
}

bool read_number(const json& value, float& number) {
  if (!value.is_number()) return false;
  number = static_cast<float>(value.get<double>());
  return std::isfinite(number);
}

bool read_count(const json& value, uint64_t& count) {
  if (!value.is_number_unsigned()) return false;
  count = value.get<uint64_t>();
  return true;
}

bool read_range(const json& value, uint64_t& begin, uint64_t& end) {
  return value.is_array() && value.size() == 2 && read_count(value[0], begin) &&
         read_count(value[1], end);
}

bool read_time(const json& value, TimeUs& time) {
  if (value.is_null()) return true;
  if (value.is_number_integer()) {
    if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX}) return false;
    time = value.get<TimeUs>();
    return true;
  }
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  const auto parsed = text == kSinceEverName    ? kSinceEver
                      : text == kWithoutEndName ? kWithoutEnd
                                                : parse_time(text);
  time = parsed.value_or(kUnknownTime);
  return parsed.has_value();
}

// Calls read(key, value) for each member; false if the value is no object or one is refused.
template <typename Read>
bool read_members(const json& value, const Read& read) {
  if (!value.is_object()) return false;
  for (const auto& [key, member] : value.items())
    if (!read(key, member)) return false;
  return true;
}

bool read_probability(const json& value, float& probability) {
  return read_number(value, probability) && probability >= 0 && probability <= 1;
}

bool read_confidence(const json& value, Confidence& confidence) {
  if (value.is_number()) return read_probability(value, confidence.probability);
  return read_members(value, [&](const std::string& key, const json& member) {
    if (key == "probability") return read_probability(member, confidence.probability);
    if (key == "logit") return read_number(member, confidence.logit);
    return key == "method" && read_text(member, confidence.method);
  });
}

bool read_span(const json& value, const History& history, Span& span) {
  bool has_document = false;
  const auto read_document = [&](const json& key) {
    const auto id = key.is_string() ? history.find_node(key.get<std::string>()) : std::nullopt;
    span.document = id.value_or(0);
    return has_document = id.has_value();
  };
  return read_members(value,
                      [&](const std::string& key, const json& member) {
                        if (key == "document") return read_document(member);
                        if (key == "bytes")
                          return read_range(member, span.byte_begin, span.byte_end);
                        if (key == "tokens")
                          return read_range(member, span.token_begin, span.token_end);
                        return key == "tokenizer" && read_text(member, span.tokenizer);
                      }) &&
         has_document;
}

bool read_embedding(const json& value, const History& history, EmbeddingRow& embedding) {
  bool has_table = false;
  const auto read_table = [&](const json& name) {
    const auto tables = history.tables();
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const EmbeddingTable& table) {
      return name == table.name;
    });
    embedding.table = static_cast<TableId>(found - tables.begin());
    return has_table = found != tables.end();
  };
  return read_members(value,
                      [&](const std::string& key, const json& member) {
                        if (key == "table") return read_table(member);
                        return key == "row" && read_count(member, embedding.row);
                      }) &&
         has_table;
}

bool read_qualifiers(const json& value, Attributes& attributes) {
  if (value.is_object())
    return read_members(value, [&](const std::string& key, const json& member) {
      attributes.qualifiers.emplace_back(key, plain_text(member));
      return true;
    });
  if (!value.is_array()) return false;
  for (const json& pair : value) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string()) return false;
    attributes.qualifiers.emplace_back(pair[0].get<std::string>(), plain_text(pair[1]));
  }
  return true;
}

bool read_provenance(const json& value, Provenance& provenance) {
  return read_members(value, [&](const std::string& key, const json& member) {
    if (key == "run") return read_text(member, provenance.run);
    if (key == "experiment") return read_text(member, provenance.experiment);
    if (key == "step" && member.is_number_integer()) return read_time(member, provenance.step);
    if (key == "seed") return read_count(member, provenance.seed);
    if (key == "model") return read_text(member, provenance.model);
    return key == "sources" && read_texts(member, provenance.sources);
  });
}

bool read_status(const json& value, Status& status) {
  for (size_t i = 0; i < kStatuses; ++i) {
    status = static_cast<Status>(i);
    if (value == name(status)) return true;
  }
  return false;
}

struct Field {
  std::string_view key, allowed;
  bool (*read)(const json& value, const History& history, Attributes& attributes);
};

constexpr std::array<Field, 11> kFields = {{
    {"text",
     "text",
     [](const json& v, const History&, Attributes& a) { return read_text(v, a.text); }},
    {"status",
     "open, supported, refuted, contradicted, superseded, unprovable",
     [](const json& v, const History&, Attributes& a) { return read_status(v, a.status); }},
    {"weight",
     "a finite number",
     [](const json& v, const History&, Attributes& a) { return read_number(v, a.weight); }},
    {"confidence",
     "a probability 0..1, or an object of probability, logit, method",
     [](const json& v, const History&, Attributes& a) { return read_confidence(v, a.confidence); }},
    {"valid",
     "[from, to], each an ISO date or time, microseconds since 1970, null for not known, "
     "\"since ever\" or \"without end\"",
     [](const json& v, const History&, Attributes& a) {
       return v.is_array() && v.size() == 2 && read_time(v[0], a.valid.from) &&
              read_time(v[1], a.valid.to);
     }},
    {"span",
     "an object of document (the key of a node that is there), bytes [begin, end], tokens [begin, "
     "end], tokenizer",
     [](const json& v, const History& h, Attributes& a) {
       return read_span(v, h, a.span.emplace());
     }},
    {"embedding",
     "an object of table (the name of one that is there) and row",
     [](const json& v, const History& h, Attributes& a) {
       return read_embedding(v, h, a.embedding.emplace());
     }},
    {"rule",
     "text",
     [](const json& v, const History&, Attributes& a) { return read_text(v, a.rule); }},
    {"labels",
     "a list of texts",
     [](const json& v, const History&, Attributes& a) { return read_texts(v, a.labels); }},
    {"qualifiers",
     "an object, or a list of [key, value]",
     [](const json& v, const History&, Attributes& a) { return read_qualifiers(v, a); }},
    {"provenance",
     "an object of run, experiment, step, seed, model, sources (a list of texts)",
     [](const json& v, const History&, Attributes& a) {
       return read_provenance(v, a.provenance.emplace());
     }},
}};

[[noreturn]] void refuse_key(const std::string& key, std::initializer_list<std::string_view> own) {
  std::string allowed;
  for (const std::string_view name : own) allowed += fmt::format("{}, ", name);
  for (const Field& field : kFields) allowed += fmt::format("{}, ", field.key);
  allowed.resize(allowed.size() - 2);
  throw std::invalid_argument(
      fmt::format("unknown key {}, allowed: {}; what else there is to say goes into qualifiers",
                  shown(key),
                  allowed));
}

json times_json(const Valid& valid) {
  const auto one = [](TimeUs time) -> json {
    const auto text = valid_text(time);
    if (!text) return nullptr;
    const bool is_number = time != kSinceEver && time != kWithoutEnd && !parse_time(*text);
    return is_number ? json(time) : json(*text);
  };
  return {one(valid.from), one(valid.to)};
}

json confidence_json(const Confidence& confidence) {
  json object = json::object();
  if (!std::isnan(confidence.probability)) object["probability"] = shortest(confidence.probability);
  if (!std::isnan(confidence.logit)) object["logit"] = shortest(confidence.logit);
  if (!confidence.method.empty()) object["method"] = confidence.method;
  return object;
}

json key_json(const History& history, NodeId id, const AsOf& as_of) {
  const auto node = history.node(id, as_of);
  return node && !node->key.empty() ? json(node->key) : json();
}

}  // namespace

std::optional<std::string> valid_text(TimeUs time) {
  if (time == kUnknownTime) return std::nullopt;
  if (time == kSinceEver) return std::string(kSinceEverName);
  if (time == kWithoutEnd) return std::string(kWithoutEndName);
  return time_text(time);
}

json provenance_json(const Provenance& provenance) {
  return {{"run", provenance.run},
          {"experiment", provenance.experiment},
          {"step", provenance.step},
          {"seed", provenance.seed},
          {"model", provenance.model},
          {"sources", provenance.sources}};
}

json span_json(const Span& span, const json& document) {
  return {{"document", document},
          {"bytes", {span.byte_begin, span.byte_end}},
          {"tokens", {span.token_begin, span.token_end}},
          {"tokenizer", span.tokenizer}};
}

void put_attributes(const Attributes& a, std::string_view text, json& record) {
  if (!text.empty()) record["text"] = text;
  if (a.status != Status::Open) record["status"] = name(a.status);
  if (!(a.weight == 1)) record["weight"] = shortest(a.weight);
  if (a.confidence != Confidence()) record["confidence"] = confidence_json(a.confidence);
  if (a.valid != Valid()) record["valid"] = times_json(a.valid);
  if (!a.rule.empty()) record["rule"] = a.rule;
  if (!a.labels.empty()) record["labels"] = a.labels;
  if (!a.qualifiers.empty()) record["qualifiers"] = a.qualifiers;
  if (a.provenance) record["provenance"] = provenance_json(*a.provenance);
}

std::optional<NodeKind> find_kind(std::string_view text) {
  for (size_t i = 0; i < kNodeKinds; ++i)
    if (name(static_cast<NodeKind>(i)) == text) return static_cast<NodeKind>(i);
  return std::nullopt;
}

std::string kind_names() {
  std::string names(name(NodeKind::Claim));
  for (size_t i = 1; i < kNodeKinds; ++i)
    names += fmt::format(", {}", name(static_cast<NodeKind>(i)));
  return names;
}

Attributes strict_attributes(const json& record,
                             const History& history,
                             std::initializer_list<std::string_view> own) {
  Attributes attributes;
  for (const auto& [key, value] : record.items()) {
    if (std::find(own.begin(), own.end(), key) != own.end()) continue;
    const auto has_key = [&name = key](const Field& known) { return known.key == name; };
    const auto field = std::find_if(kFields.begin(), kFields.end(), has_key);
    if (field == kFields.end()) refuse_key(key, own);
    if (!field->read(value, history, attributes))
      throw std::invalid_argument(
          fmt::format("{} = {}, allowed {}", key, clean(value.dump()), field->allowed));
  }
  return attributes;
}

bool has_order(const Valid& valid) {
  return valid.from == kUnknownTime || valid.to == kUnknownTime || valid.from < valid.to;
}

namespace {

// Whether no range ends before it begins, which the store refuses.
bool has_order(const Attributes& a) {
  return has_order(a.valid) && (!a.span || (a.span->byte_begin <= a.span->byte_end &&
                                            a.span->token_begin <= a.span->token_end));
}

}  // namespace

bool read_attribute(std::string_view key,
                    const json& value,
                    const History& history,
                    Attributes& attributes) {
  for (const Field& field : kFields) {
    if (field.key != key) continue;
    Attributes candidate = attributes;
    if (!field.read(value, history, candidate) || !has_order(candidate)) return false;
    attributes = std::move(candidate);
    return true;
  }
  return false;
}

Attributes lenient_attributes(json element, const History& history) {
  Attributes attributes;
  for (const Field& field : kFields) {
    const auto found = element.find(field.key);
    if (found != element.end() && read_attribute(field.key, *found, history, attributes))
      element.erase(found);
  }
  const auto label = element.find("label");
  if (attributes.text.empty() && label != element.end() && read_text(*label, attributes.text))
    element.erase(label);
  for (const auto& [key, value] : element.items())
    attributes.qualifiers.emplace_back(key, plain_text(value));
  return attributes;
}

namespace {

void put_all(const History& history,
             const Attributes& a,
             const std::string& text,
             const AsOf& as_of,
             json& record) {
  put_attributes(a, text, record);
  if (a.span) record["span"] = span_json(*a.span, key_json(history, a.span->document, as_of));
  if (a.embedding)
    record["embedding"] = {{"table", history.tables()[a.embedding->table].name},
                           {"row", a.embedding->row}};
}

}  // namespace

json node_record(const History& history,
                 const Node& node,
                 const std::string& text,
                 const AsOf& as_of) {
  json record = {{"node", node.key.empty() ? json() : json(node.key)}, {"kind", name(node.kind)}};
  put_all(history, node.attributes, text, as_of, record);
  return record;
}

json edge_record(const History& history,
                 const Edge& edge,
                 const std::string& text,
                 const AsOf& as_of) {
  const std::vector<EdgeId> same = history.edges_between(edge.source, edge.type, edge.target);
  const auto ordinal = std::find(same.begin(), same.end(), edge.id) - same.begin();
  json record = {{"edge",
                  {key_json(history, edge.source, as_of),
                   history.types()[edge.type],
                   key_json(history, edge.target, as_of)}},
                 {"ordinal", ordinal}};
  put_all(history, edge.attributes, text, as_of, record);
  return record;
}

}  // namespace saggio::graph
