// SPDX-License-Identifier: MIT
#include "graph/store/model.h"

#include <algorithm>
#include <array>

namespace saggio::graph {
namespace {

// The bits of the mask, in the order of what follows it.
enum Bit : uint64_t {
  kStatus = 1 << 0,
  kWeight = 1 << 1,
  kConfidence = 1 << 2,
  kText = 1 << 3,
  kPacked = 1 << 4,
  kValid = 1 << 5,
  kSpan = 1 << 6,
  kEmbedding = 1 << 7,
  kRule = 1 << 8,
  kLabels = 1 << 9,
  kQualifiers = 1 << 10,
  kProvenance = 1 << 11,
  kKnownBits = (1 << 12) - 1,
};

uint64_t mask_of(const Attributes& a) {
  uint64_t mask = 0;
  const auto set = [&](Bit bit, bool present) {
    if (present) mask |= bit;
  };
  set(kStatus, a.status != Status::Open);
  set(kWeight, !(a.weight == 1));
  set(kConfidence, !(a.confidence == Confidence()));
  set(kText, !a.text.empty());
  set(kPacked, a.packed.has_value());
  set(kValid, a.valid != Valid());
  set(kSpan, a.span.has_value());
  set(kEmbedding, a.embedding.has_value());
  set(kRule, !a.rule.empty());
  set(kLabels, !a.labels.empty());
  set(kQualifiers, !a.qualifiers.empty());
  set(kProvenance, a.provenance.has_value());
  return mask;
}

void put_texts(const std::vector<std::string>& texts, Encoder& out) {
  out.varint(texts.size());
  for (const std::string& text : texts) out.text(text);
}

std::vector<std::string> take_texts(Decoder& in) {
  std::vector<std::string> texts(in.count());
  for (std::string& text : texts) text = in.text();
  return texts;
}

void put(const PackedText& packed, Encoder& out) {
  out.varint(packed.offset);
  out.varint(packed.size);
  out.column(std::span<const uint8_t>(packed.hash));
}

PackedText take_packed(Decoder& in) {
  PackedText packed{in.varint(), in.varint()};
  const std::string_view hash = in.raw(packed.hash.size());
  std::copy(hash.begin(), hash.end(), packed.hash.begin());
  return packed;
}

void put(const Span& span, Encoder& out) {
  for (const uint64_t value :
       {span.document, span.byte_begin, span.byte_end, span.token_begin, span.token_end})
    out.varint(value);
  out.text(span.tokenizer);
}

Span take_span(Decoder& in) {
  Span span;
  for (uint64_t* value :
       {&span.document, &span.byte_begin, &span.byte_end, &span.token_begin, &span.token_end})
    *value = in.varint();
  span.tokenizer = in.text();
  return span;
}

void put(const Provenance& provenance, Encoder& out) {
  out.text(provenance.run);
  out.text(provenance.experiment);
  out.fixed(provenance.step);
  out.fixed(provenance.seed);
  out.text(provenance.model);
  put_texts(provenance.sources, out);
}

Provenance take_provenance(Decoder& in) {
  Provenance provenance;
  provenance.run = in.text();
  provenance.experiment = in.text();
  provenance.step = in.fixed<int64_t>();
  provenance.seed = in.fixed<uint64_t>();
  provenance.model = in.text();
  provenance.sources = take_texts(in);
  return provenance;
}

uint64_t take_mask(Decoder& in) {
  const uint64_t mask = in.varint();
  if (mask & ~uint64_t{kKnownBits})
    throw Damage("has attributes that this program does not know; a newer one wrote it");
  return mask;
}

Status take_status(Decoder& in) {
  const auto value = in.fixed<uint8_t>();
  if (value >= kStatuses) throw Damage("names status " + std::to_string(value) + ", known: 0..5");
  return static_cast<Status>(value);
}

EmbeddingRow take_embedding(Decoder& in) {
  const uint64_t table = in.varint();
  if (table > UINT32_MAX) throw Damage("names embedding table " + std::to_string(table));
  return {static_cast<TableId>(table), in.varint()};
}

Confidence take_confidence(Decoder& in) {
  Confidence confidence{in.fixed<float>(), in.fixed<float>(), {}};
  confidence.method = in.text();
  return confidence;
}

std::vector<std::pair<std::string, std::string>> take_qualifiers(Decoder& in) {
  std::vector<std::pair<std::string, std::string>> qualifiers(in.count());
  for (auto& [key, value] : qualifiers) {
    key = in.text();
    value = in.text();
  }
  return qualifiers;
}

bool same(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

std::string_view name(NodeKind kind) {
  static constexpr std::array<std::string_view, kNodeKinds> kNames = {"claim",
                                                                      "evidence",
                                                                      "step",
                                                                      "question",
                                                                      "answer",
                                                                      "entity",
                                                                      "relation_type",
                                                                      "document",
                                                                      "span",
                                                                      "episode",
                                                                      "hypothesis",
                                                                      "tool_result"};
  return kNames.at(static_cast<size_t>(kind));
}

std::string_view name(Status status) {
  static constexpr std::array<std::string_view, kStatuses> kNames = {
      "open", "supported", "refuted", "contradicted", "superseded", "unprovable"};
  return kNames.at(static_cast<size_t>(status));
}

bool Confidence::operator==(const Confidence& other) const {
  return same(probability, other.probability) && same(logit, other.logit) && method == other.method;
}

bool only_weight(const Attributes& attributes) {
  return (mask_of(attributes) & ~uint64_t{kWeight}) == 0;
}

void encode(const Attributes& a, Encoder& out) {
  const uint64_t mask = mask_of(a);
  out.varint(mask);
  if (mask & kStatus) out.fixed(static_cast<uint8_t>(a.status));
  if (mask & kWeight) out.fixed(a.weight);
  if (mask & kConfidence) {
    out.fixed(a.confidence.probability);
    out.fixed(a.confidence.logit);
    out.text(a.confidence.method);
  }
  if (mask & kText) out.text(a.text);
  if (mask & kPacked) put(*a.packed, out);
  if (mask & kValid) {
    out.fixed(a.valid.from);
    out.fixed(a.valid.to);
  }
  if (mask & kSpan) put(*a.span, out);
  if (mask & kEmbedding) {
    out.varint(a.embedding->table);
    out.varint(a.embedding->row);
  }
  if (mask & kRule) out.text(a.rule);
  if (mask & kLabels) put_texts(a.labels, out);
  if (mask & kQualifiers) {
    out.varint(a.qualifiers.size());
    for (const auto& [key, value] : a.qualifiers) {
      out.text(key);
      out.text(value);
    }
  }
  if (mask & kProvenance) put(*a.provenance, out);
}

Attributes decode_attributes(Decoder& in) {
  const uint64_t mask = take_mask(in);
  Attributes a;
  if (mask & kStatus) a.status = take_status(in);
  if (mask & kWeight) a.weight = in.fixed<float>();
  if (mask & kConfidence) a.confidence = take_confidence(in);
  if (mask & kText) a.text = in.text();
  if (mask & kPacked) a.packed = take_packed(in);
  if (mask & kValid) a.valid = {in.fixed<TimeUs>(), in.fixed<TimeUs>()};
  if (mask & kSpan) a.span = take_span(in);
  if (mask & kEmbedding) a.embedding = take_embedding(in);
  if (mask & kRule) a.rule = in.text();
  if (mask & kLabels) a.labels = take_texts(in);
  if (mask & kQualifiers) a.qualifiers = take_qualifiers(in);
  if (mask & kProvenance) a.provenance = take_provenance(in);
  return a;
}

Standing decode_standing(Decoder& in) {
  const uint64_t mask = take_mask(in);
  Standing standing;
  if (mask & kStatus) standing.status = take_status(in);
  if (mask & kWeight) in.fixed<float>();
  if (mask & kConfidence) standing.probability = in.fixed<float>();
  return standing;
}

EncodedTexts::EncodedTexts(Decoder& in, uint64_t each) {
  size_ = in.count() * each;
  bytes_ = in.rest();
  for (uint64_t i = 0; i < size_; ++i) in.text();
  bytes_ = bytes_.substr(0, bytes_.size() - in.rest().size());
}

void view_attributes(Decoder& in, AttributesView& a) {
  const uint64_t mask = take_mask(in);
  if (mask & kStatus) a.status = take_status(in);
  if (mask & kWeight) a.weight = in.fixed<float>();
  if (mask & kConfidence) {
    a.probability = in.fixed<float>();
    in.fixed<float>();  // the logit
    a.method = in.text();
  }
  if (mask & kText) a.text = in.text();
  if (mask & kPacked) a.packed = take_packed(in);
  if (mask & kValid) a.valid = {in.fixed<TimeUs>(), in.fixed<TimeUs>()};
  if (mask & kSpan) take_span(in);
  if (mask & kEmbedding) take_embedding(in);
  if (mask & kRule) a.rule = in.text();
  if (mask & kLabels) a.labels = EncodedTexts(in, 1);
  if (mask & kQualifiers) a.qualifiers = EncodedTexts(in, 2);
  if (mask & kProvenance) {
    a.has_provenance = true;
    a.run = in.text();
    a.experiment = in.text();
    a.step = in.fixed<int64_t>();
    a.seed = in.fixed<uint64_t>();
    a.model = in.text();
    a.sources = EncodedTexts(in, 1);
  }
}

}  // namespace saggio::graph
