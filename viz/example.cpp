// SPDX-License-Identifier: MIT
#include "viz/example.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <stdexcept>

#include "graph/store/store.h"

namespace saggio::viz {
namespace {

using graph::Attributes;
using graph::NodeId;
using graph::NodeKind;
using graph::Status;

constexpr graph::TimeUs kHour = 3'600'000'000;
constexpr graph::TimeUs kMorning = 1'709'452'800'000'000;  // 2024-03-03T08:00

// The thinking of one morning, version by version.
class Morning {
 public:
  explicit Morning(graph::Store store) : store_(std::move(store)) {}

  void think() {
    see();
    suppose();
    doubt();
    ask();
    answer();
  }

 private:
  Attributes said(const std::string& text, float confidence, const std::string& source) {
    Attributes a;
    a.text = text;
    if (confidence > 0) a.confidence = {.probability = confidence, .method = "by hand"};
    a.provenance =
        graph::Provenance{.run = "example", .experiment = "wet street", .step = step_, .seed = 1};
    if (!source.empty()) a.provenance->sources = {source};
    return a;
  }
  NodeId add(NodeKind kind,
             const std::string& key,
             const std::string& text,
             float confidence = 0,
             const std::string& source = "") {
    return store_.add_node(kind, said(text, confidence, source), key);
  }
  void tie(NodeId from, const char* type, NodeId to, float weight = 1) {
    store_.add_edge(from, store_.type(type), to, {.weight = weight});
  }
  // A tag is of a version that is there, and comes with the next one.
  void commit(const char* tag = nullptr) {
    const graph::Version version = store_.commit(graph::Durability::Visible);
    ++step_;
    if (tag) store_.tag(tag, version);
  }

  void see() {
    question_ = add(NodeKind::Question, "why wet", "Why is the street wet this morning?");
    photo_ = add(NodeKind::Document, "photo", "A photograph of Via Roma, 08:05.", 0, "photo-0805");
    Attributes wet = said("The street is wet from kerb to kerb.", 0.98f, "photo-0805");
    wet.valid = {kMorning - 2 * kHour, kMorning + 3 * kHour};
    wet_ = store_.add_node(NodeKind::Evidence, wet, "wet street");
    tie(photo_, "supports", wet_);
    tie(wet_, "asks", question_);
    commit();
  }

  void suppose() {
    rain_ = add(NodeKind::Claim, "it rained", "It rained in the night.", 0.7f);
    report_ = add(NodeKind::Document,
                  "forecast",
                  "Forecast of yesterday: showers are likely.",
                  0,
                  "weather-0302");
    likely_ = add(NodeKind::Evidence,
                  "showers likely",
                  "Showers were forecast for the night.",
                  0.6f,
                  "weather-0302");
    tie(report_, "supports", likely_);
    tie(likely_, "supports", rain_, 0.5f);
    tie(wet_, "supports", rain_, 0.6f);
    commit("first guess");
  }

  void doubt() {
    Attributes dry = said("The roofs and the parked cars are dry.", 0.95f, "photo-0805");
    dry.valid = {kMorning, kMorning + kHour};
    dry_ = store_.add_node(NodeKind::Evidence, dry, "dry roofs");
    tie(photo_, "supports", dry_);
    tie(dry_, "contradicts", rain_, 0.9f);
    washed_ =
        add(NodeKind::Hypothesis, "street was washed", "A cleaning truck washed the street.", 0.4f);
    tie(wet_, "supports", washed_, 0.5f);
    tie(dry_, "supports", washed_, 0.6f);
    tie(washed_, "contradicts", rain_, 0.5f);
    commit("contradicted");
  }

  void ask() {
    const NodeId look =
        add(NodeKind::Step, "look at the log", "Ask the city for its cleaning log.");
    log_ = add(NodeKind::ToolResult,
               "cleaning log",
               "Cleaning log, 07:10: Via Roma, truck 12.",
               0.99f,
               "city-log");
    truck_ = add(NodeKind::Entity, "truck 12", "Cleaning truck 12");
    tie(question_, "leads_to", look);
    tie(look, "leads_to", log_);
    tie(log_, "mentions", truck_);
    tie(log_, "supports", washed_, 0.95f);
    Attributes sure = said("A cleaning truck washed the street.", 0.93f, "city-log");
    sure.status = Status::Supported;
    store_.revise_node(washed_, sure);
    Attributes refuted = said("It rained in the night.", 0.08f, "");
    refuted.status = Status::Contradicted;
    store_.revise_node(rain_, refuted);
    commit();
  }

  void answer() {
    Attributes found =
        said("The street was washed at ten past seven; it did not rain.", 0.92f, "city-log");
    found.status = Status::Supported;
    found.rule = "the best supported claim answers";
    const NodeId answer = store_.add_node(NodeKind::Answer, found, "washed, no rain");
    tie(washed_, "derives", answer);
    tie(dry_, "supports", answer, 0.6f);
    tie(answer, "answers", question_);
    commit();
  }

  graph::Store store_;
  int64_t step_ = 1;
  NodeId question_ = 0, photo_ = 0, wet_ = 0, rain_ = 0, report_ = 0, likely_ = 0, dry_ = 0,
         washed_ = 0, log_ = 0, truck_ = 0;
};

}  // namespace

Example::Example() {
  std::string name = std::filesystem::temp_directory_path() / "saggio-example-XXXXXX";
  if (!::mkdtemp(name.data()))
    throw std::runtime_error(fmt::format(
        "{}: no folder can be made there for the example; free some space, or set TMPDIR", name));
  place_ = name;
  folder_ = (place_ / "wet street").string();
  Morning(graph::Store::open(folder_)).think();
}

Example::~Example() {
  std::error_code ignored;
  std::filesystem::remove_all(place_, ignored);
}

}  // namespace saggio::viz
