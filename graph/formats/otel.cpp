// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include "graph/formats/bulk.h"
#include "graph/formats/import.h"
#include "graph/formats/json_stream.h"
#include "graph/formats/json_text.h"
#include "graph/formats/otel_values.h"

// Spans as OTLP/JSON, one document or one a line, as reasoning traces.
namespace saggio::graph {
namespace {

using nlohmann::json;
using Event = json::parse_event_t;

// Operations whose span holds what a tool gave; all others are steps.
constexpr std::array<std::string_view, 2> kToolOperations = {"execute_tool", "retrieval"};

// 0, "", [] and {} are what a span does not say.
bool says_nothing(const json& value) {
  return value.is_null() || value == 0 || value == "" || (value.is_structured() && value.empty());
}

Valid times_of(std::optional<uint64_t> start, std::optional<uint64_t> end) {
  Valid valid;
  if (start) valid.from = static_cast<TimeUs>(*start / 1000);
  if (end) valid.to = static_cast<TimeUs>((*end + 999) / 1000);
  if (start && end) valid.to = std::max(valid.to, valid.from + 1);  // else it never holds
  return valid;
}

// Spans on their way into a store. Their edges wait until all spans are known.
class SpanImport {
 public:
  SpanImport(Store& store, ImportReport& report)
      : store_(store), bulk_(store, report), report_(report) {}

  // What made the spans that follow, and what part of it.
  void set_resource(json resource) {
    const json attributes = otel_attributes(take_member(resource, "attributes"));
    const auto service = attributes.find("service.name");
    service_ = service == attributes.end() ? "" : plain_text(*service);
    resource_ = {.text = service_, .labels = {"resource"}};
    put(attributes, resource_);
    put(resource, resource_);
    resource_key_ = "resource:" + hex(sha256(attributes.dump() + resource.dump()));
  }
  void forget_resource() { service_ = resource_key_ = ""; }
  void set_scope(json scope) {
    scope_ = {};
    const json attributes = otel_attributes(take_member(scope, "attributes"));
    for (const auto& [key, value] : attributes.items()) scope["scope." + key] = value;
    for (const auto& [key, value] : scope.items())
      if (!says_nothing(value)) scope_.emplace_back("otel.scope." + key, plain_text(value));
  }
  void forget_scope() { scope_.clear(); }

  void span(json span) {
    const std::string trace = take_hex(span, "traceId", 32), id = take_hex(span, "spanId", 16);
    if (trace.empty() || id.empty())
      throw std::invalid_argument("a span without traceId and spanId: each has both");
    const std::string key = trace + "/" + id;
    json said = otel_attributes(take_member(span, "attributes"));
    const OtelMessages messages = otel_messages(said);
    const std::string call = plain_text(said.value("gen_ai.tool.call.id", json("")));
    const std::string parent = take_hex(span, "parentSpanId", 16);
    const json links = take_member(span, "links");
    const std::string operation = plain_text(said.value("gen_ai.operation.name", json("")));
    const bool is_tool = std::find(kToolOperations.begin(), kToolOperations.end(), operation) !=
                         kToolOperations.end();
    Attributes attributes = state(span, said, is_tool);
    if (!parent.empty()) attributes.qualifiers.emplace_back("parentSpanId", parent);
    if (!says_nothing(links)) attributes.qualifiers.emplace_back("links", links.dump());
    attributes.provenance = provenance(trace);
    const auto node = add_once(key, is_tool ? NodeKind::ToolResult : NodeKind::Step, attributes);
    if (!node) return;
    nameless_ += operation.empty();
    if (!parent.empty()) parents_.push_back({*node, trace + "/" + parent});
    add_links(*node, links);
    if (is_tool && !call.empty()) tools_.push_back({*node, trace + "/" + call});
    add_messages(*node, trace, messages);
  }

  void finish() {
    uint64_t absent = 0;
    for (const auto& [child, parent] : parents_)
      if (const auto node = store_.history().find_node(parent))
        bulk_.edge(*node, bulk_.type("parent_of"), child, {});
      else
        ++absent;
    for (auto& [from, to, attributes] : links_)
      if (const auto node = store_.history().find_node(to))
        bulk_.edge(from, bulk_.type("links"), *node, attributes);
      else
        ++absent;
    join_tools();
    for (const auto& [from, type, to] : said_) bulk_.edge(from, bulk_.type(type), to, {});
    bulk_.finish();
    write_notes(absent);
  }

 private:
  struct ToKey {
    NodeId node;
    std::string key;
  };
  struct Link {
    NodeId from;
    std::string to;
    Attributes attributes;
  };
  struct Said {
    NodeId from;
    const char* type;
    NodeId to;
  };

  static void put(const json& object, Attributes& attributes) {
    for (const auto& [key, value] : object.items())
      if (!says_nothing(value)) attributes.qualifiers.emplace_back(key, plain_text(value));
  }

  // What a span says of itself; takes it out of `span` and `said`.
  Attributes state(json& span, json& said, bool is_tool) {
    Attributes attributes;
    const auto start = take_nanoseconds(span, "startTimeUnixNano");
    const auto end = take_nanoseconds(span, "endTimeUnixNano");
    attributes.valid = times_of(start, end);
    rounded_ = rounded_ || start.value_or(0) % 1000 != 0 || end.value_or(0) % 1000 != 0;
    attributes.text = take_text(span, "name");
    const json result = is_tool ? take_member(said, "gen_ai.tool.call.result") : json();
    if (!says_nothing(result)) {
      attributes.qualifiers.emplace_back("name", attributes.text);
      attributes.text = plain_text(result);
    }
    const json operation = take_member(said, "gen_ai.operation.name");
    if (!says_nothing(operation)) attributes.labels.push_back(plain_text(operation));
    put_status(take_member(span, "status"), attributes);
    put_events(take_member(span, "events"), attributes);
    put(said, attributes);
    put(span, attributes);
    attributes.qualifiers.insert(attributes.qualifiers.end(), scope_.begin(), scope_.end());
    return attributes;
  }

  // A span that failed came to nothing that could support anything.
  static void put_status(const json& status, Attributes& attributes) {
    if (!status.is_object()) return;
    const json code = status.value("code", json(0));
    if (code == 2 || code == "STATUS_CODE_ERROR") attributes.status = Status::Unprovable;
    if (!says_nothing(code)) attributes.qualifiers.emplace_back("status.code", plain_text(code));
    const json message = status.value("message", json(""));
    if (!says_nothing(message))
      attributes.qualifiers.emplace_back("status.message", plain_text(message));
  }

  static void put_events(const json& events, Attributes& attributes) {
    if (!events.is_array()) return;
    for (json event : events) {
      if (!event.is_object()) throw std::invalid_argument("an event that is no object");
      const std::string name = take_text(event, "name");
      event["attributes"] = otel_attributes(take_member(event, "attributes"));
      attributes.qualifiers.emplace_back("event " + name, event.dump());
    }
  }

  Provenance provenance(const std::string& trace) {
    Provenance provenance{.run = trace, .experiment = service_};
    if (resource_key_.empty()) return provenance;
    add_once(resource_key_, NodeKind::Entity, resource_);
    provenance.sources.push_back(resource_key_);
    return provenance;
  }

  // nullopt: it was given before in this input, just so.
  std::optional<NodeId> add_once(const std::string& key,
                                 NodeKind kind,
                                 const Attributes& attributes) {
    const auto known = store_.history().find_node(key);
    const auto before = known ? given_.find(*known) : given_.end();
    const Sha256 digest = digest_of(attributes);
    if (before != given_.end() && before->second == digest) return std::nullopt;
    const NodeId node = bulk_.node(key, kind, attributes);
    given_.emplace(node, digest);
    return node;
  }

  // The node of a text that somebody said in a trace: one, however often it is said.
  NodeId said(const std::string& trace, NodeKind kind, const std::string& text) {
    const std::string key = trace + "/" + default_key(kind, text);
    Attributes attributes{.text = text};
    attributes.provenance.emplace().run = trace;
    add_once(key, kind, attributes);
    return *store_.history().find_node(key);
  }

  void add_messages(NodeId span, const std::string& trace, const OtelMessages& messages) {
    std::optional<NodeId> question;
    if (!messages.question.empty()) {
      question = said(trace, NodeKind::Question, messages.question);
      said_.push_back({*question, "asks", span});
    }
    if (!messages.answer.empty()) {
      const NodeId answer = said(trace, NodeKind::Answer, messages.answer);
      said_.push_back({span, "derives", answer});
      if (question && answers_.insert({answer, *question}).second)
        said_.push_back({answer, "answers", *question});
    }
    for (const std::string& call : messages.calls) calls_.emplace(trace + "/" + call, span);
    for (const std::string& call : messages.responses) users_.emplace(trace + "/" + call, span);
  }

  void add_links(NodeId span, const json& links) {
    if (!links.is_array()) return;
    for (json link : links) {
      if (!link.is_object()) throw std::invalid_argument("a link that is no object");
      const std::string trace = take_hex(link, "traceId", 32), id = take_hex(link, "spanId", 16);
      Link added{.from = span, .to = trace + "/" + id};
      put(otel_attributes(take_member(link, "attributes")), added.attributes);
      put(link, added.attributes);
      links_.push_back(std::move(added));
    }
  }

  // A model calls a tool, and what the tool gave supports the steps that were told it.
  void join_tools() {
    for (const auto& [tool, call] : tools_) {
      for (auto [at, end] = calls_.equal_range(call); at != end; ++at)
        said_.push_back({at->second, "calls", tool});
      for (auto [at, end] = users_.equal_range(call); at != end; ++at)
        said_.push_back({tool, "supports", at->second});
    }
  }

  void write_notes(uint64_t absent) {
    if (absent > 0)
      report_.notes.push_back(fmt::format(
          "{} parents or links are not in this file: spans name them in a qualifier, without an "
          "edge; bring their file in, then this one again",
          absent));
    if (nameless_ > 0)
      report_.notes.push_back(fmt::format(
          "{} of the spans have no gen_ai.operation.name: they are steps without a label",
          nameless_));
    if (rounded_) report_.notes.push_back("times are kept to the microsecond");
  }

  Store& store_;
  BulkImport bulk_;
  ImportReport& report_;
  Attributes resource_;
  std::string service_, resource_key_;
  std::vector<std::pair<std::string, std::string>> scope_;
  std::unordered_map<NodeId, Sha256> given_;
  std::vector<ToKey> parents_, tools_;
  std::vector<Link> links_;
  std::vector<Said> said_;
  std::set<std::pair<NodeId, NodeId>> answers_;
  std::multimap<std::string, NodeId> calls_, users_;  // by trace and tool call
  uint64_t nameless_ = 0;
  bool rounded_ = false;
};

// Takes what the parser finds, by its depth: 0 the document, 2 a resource's spans, 4 a scope's, 6 a
// span.
class Elements {
 public:
  Elements(SpanImport& import, JsonProgress& progress, std::set<std::string>& unknown)
      : import_(import), progress_(progress), unknown_(unknown) {}

  bool operator()(int depth, Event event, json& value) {
    limits_.check(depth, event, value);
    if (depth == 0 || depth > 6) return true;
    if (event == Event::key) {
      names_[static_cast<size_t>(depth)] = value.get<std::string>();
      return true;
    }
    if (depth % 2 == 1 && is_in(depth + 1)) return list(depth, event);
    if (depth % 2 == 1) return member(depth, event, value);
    if (!is_in(depth)) return true;
    if (event == Event::object_start) return begin(depth);
    if (event == Event::object_end) return end(depth, value);
    throw std::invalid_argument(
        fmt::format("\"{}\" holds what is no object", names_[static_cast<size_t>(depth) - 1]));
  }

  bool has_spans() const { return has_spans_; }

 private:
  // Whether the lists around this depth are those of spans.
  bool is_in(int depth) const {
    return names_[1] == "resourceSpans" && (depth < 4 || names_[3] == "scopeSpans") &&
           (depth < 6 || names_[5] == "spans");
  }

  bool list(int depth, Event event) {
    has_spans_ = true;
    if (event == Event::array_start || event == Event::array_end) return true;
    throw std::invalid_argument(
        fmt::format("\"{}\" is no list", names_[static_cast<size_t>(depth)]));
  }

  // What stands beside the list of a resource's scopes or of a scope's spans.
  bool member(int depth, Event event, json& value) {
    if (event != Event::object_end || !is_in(depth - 1)) return true;
    const std::string& name = names_[static_cast<size_t>(depth)];
    if ((depth != 3 || name != "resource") && (depth != 5 || name != "scope")) return true;
    if (spans_ > 0) unknown_.insert("a " + name + " that stands behind its spans");
    if (depth == 3)
      import_.set_resource(value);
    else
      import_.set_scope(value);
    return true;
  }

  bool begin(int depth) {
    if (depth == 2) import_.forget_resource();
    if (depth <= 4) {
      import_.forget_scope();
      spans_ = 0;
    }
    return true;
  }

  // Takes what an object holds; nothing of it is needed any more.
  bool end(int depth, json& value) {
    progress_.element_bytes = 0;
    if (depth == 6) {
      ++spans_;
      import_.span(std::move(value));
      return false;
    }
    for (const auto& [name, member] : value.items())
      if (name != "resource" && name != "scope" && name != "scopeSpans" && name != "spans" &&
          !says_nothing(member))
        unknown_.insert(name);
    return false;
  }

  SpanImport& import_;
  JsonProgress& progress_;
  std::set<std::string>& unknown_;
  JsonLimits limits_;
  std::array<std::string, 7> names_;  // of the members that are open, by depth
  uint64_t spans_ = 0;                // of the scope
  bool has_spans_ = false;
};

// One document after the other; true: one of them had a list of spans.
bool read_documents(std::istream& in,
                    JsonProgress& progress,
                    SpanImport& import,
                    std::set<std::string>& unknown) {
  bool has_spans = false;
  for (;;) {
    Elements elements(import, progress, unknown);
    const auto rest = parse_next_json(in, progress, std::ref(elements));
    if (!rest) return has_spans;
    if (!rest->is_object())
      throw std::invalid_argument("is no object: allowed is {\"resourceSpans\": [...]}");
    has_spans = has_spans || elements.has_spans();
    for (const auto& [name, value] : rest->items())
      if (name != "resourceSpans") unknown.insert(name);
  }
}

}  // namespace

ImportReport read_otel(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  JsonProgress progress;
  SpanImport import(store, report);
  std::set<std::string> unknown;
  at_json_line(options.name, progress, [&] {
    if (!read_documents(in, progress, import, unknown))
      throw std::invalid_argument(
          "no \"resourceSpans\": allowed are spans as OTLP/JSON, one document or one a line");
    import.finish();
  });
  for (const std::string& name : unknown)
    report.notes.push_back(fmt::format("not kept: {}", shown(name)));
  count_lines(progress, report);
  return report;
}

}  // namespace saggio::graph
