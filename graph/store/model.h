// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/store/bytes.h"

// What a reasoning graph says. Nodes are of twelve kinds; edges are of types that anybody may
// define. What may change over time about either is one struct, Attributes; a kind, a key, an
// edge's type and its ends never change (retire it, add another, join them by `supersedes`).
namespace saggio::graph {

// Positions in the order of appending: 0, 1, 2, ...; never reused, the same for ever.
using NodeId = uint64_t;
using EdgeId = uint64_t;
using TypeId = uint16_t;   // of an edge, in the order of definition
using TableId = uint32_t;  // of embeddings, in the order of definition
using Version = uint64_t;  // 0: the empty store; V: after the first V commits

enum class NodeKind : uint8_t {
  Claim,
  Evidence,
  Step,
  Question,
  Answer,
  Entity,
  RelationType,
  Document,
  Span,
  Episode,
  Hypothesis,
  ToolResult,
};
inline constexpr size_t kNodeKinds = 12;

enum class Status : uint8_t { Open, Supported, Refuted, Contradicted, Superseded, Unprovable };
inline constexpr size_t kStatuses = 6;

std::string_view name(NodeKind kind);  // "claim", "relation_type", ...
std::string_view name(Status status);

// UTC, microseconds since 1970. Three values of it are no times.
using TimeUs = int64_t;
inline constexpr TimeUs kUnknownTime = std::numeric_limits<TimeUs>::min();
inline constexpr TimeUs kSinceEver = kUnknownTime + 1;
inline constexpr TimeUs kWithoutEnd = std::numeric_limits<TimeUs>::max();

// When a statement holds in the world, [from, to). Not known is not the same as ever.
struct Valid {
  TimeUs from = kUnknownTime, to = kUnknownTime;
  bool operator==(const Valid&) const = default;

  // Not known to exclude `time`; if `certain`, known to include it.
  bool covers(TimeUs time, bool certain = false) const {
    if (certain && (from == kUnknownTime || to == kUnknownTime)) return false;
    return (from == kUnknownTime || time >= from) && (to == kUnknownTime || time < to);
  }
};

// How sure, and how that was found ("softmax", "isotonic", "vote of 8"). NaN: not known.
struct Confidence {
  float probability = std::nanf(""), logit = std::nanf("");
  std::string method;
  bool operator==(const Confidence& other) const;  // NaN equals NaN
};

// Where a text stands: half-open ranges of bytes and of tokens in the text of a document node.
struct Span {
  NodeId document = 0;
  uint64_t byte_begin = 0, byte_end = 0;
  uint64_t token_begin = 0, token_end = 0;
  std::string tokenizer;
  bool operator==(const Span&) const = default;
};

struct EmbeddingRow {
  TableId table = 0;
  uint64_t row = 0;
  bool operator==(const EmbeddingRow&) const = default;
};

// Where a long text lies in texts.pack.
struct PackedText {
  uint64_t offset = 0, size = 0;
  Sha256 hash{};
  bool operator==(const PackedText&) const = default;
};

// What said so.
struct Provenance {
  std::string run, experiment;
  int64_t step = 0;
  uint64_t seed = 0;
  std::string model;                 // hash of its weights
  std::vector<std::string> sources;  // ids of the records that it was read from
  bool operator==(const Provenance&) const = default;
};

struct Attributes {
  Status status = Status::Open;
  float weight = 1;
  Confidence confidence;
  std::string text;
  std::optional<PackedText> packed;  // set by the store instead of `text` when that is long
  Valid valid;
  std::optional<Span> span;
  std::optional<EmbeddingRow> embedding;
  std::string rule;  // what derived this: a rule, a model's head
  std::vector<std::string> labels;
  std::vector<std::pair<std::string, std::string>> qualifiers;
  std::optional<Provenance> provenance;
  bool operator==(const Attributes&) const = default;
};

// Whether they say nothing but a weight, as those of most edges do.
bool only_weight(const Attributes& attributes);

struct Node {
  NodeId id = 0;
  NodeKind kind = NodeKind::Claim;
  std::string key;  // unique among those not retired; empty: none
  Attributes attributes;
};

struct Edge {
  EdgeId id = 0;
  NodeId source = 0, target = 0;
  TypeId type = 0;
  Attributes attributes;
};

enum class NumberType : uint8_t { F32 = 1, Bf16 = 2 };

struct EmbeddingTable {
  std::string name;
  uint32_t columns = 0;
  NumberType numbers = NumberType::F32;
  std::string model;  // hash of what computes the rows
  bool operator==(const EmbeddingTable&) const = default;

  uint64_t row_bytes() const { return columns * uint64_t{numbers == NumberType::F32 ? 4u : 2u}; }
};

// The bytes of FORMAT.md 3; decoding throws Damage.
void encode(const Attributes& attributes, Encoder& out);
Attributes decode_attributes(Decoder& in);

// What stands first among those bytes, without the rest: no memory is asked for.
struct Standing {
  Status status = Status::Open;
  float probability = std::nanf("");
};
Standing decode_standing(Decoder& in);

// A list of texts as it is encoded, borrowed.
class EncodedTexts {
 public:
  EncodedTexts() = default;
  // Takes them off `in`: a count, and as many times `each` texts.
  EncodedTexts(Decoder& in, uint64_t each);
  uint64_t size() const { return size_; }  // texts
  template <typename Visit>                // void(std::string_view)
  void for_each(const Visit& visit) const {
    Decoder in(bytes_);
    for (uint64_t i = 0; i < size_; ++i) visit(in.text());
  }

 private:
  std::string_view bytes_;
  uint64_t size_ = 0;
};

// Attributes that borrow from the bytes instead of copying, for who looks at millions of them. What
// nobody filters by (span, embedding) is left out.
struct AttributesView {
  Status status = Status::Open;
  float weight = 1, probability = std::nanf("");
  std::string_view method, text, rule;
  std::optional<PackedText> packed;
  Valid valid;
  EncodedTexts labels, qualifiers, sources;  // qualifiers: name, value, name, value, ...
  bool has_provenance = false;
  std::string_view run, experiment, model;
  int64_t step = 0;
  uint64_t seed = 0;
};
// Fills what is new; `a` is as it was made.
void view_attributes(Decoder& in, AttributesView& a);

}  // namespace saggio::graph
