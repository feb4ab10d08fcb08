// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// The words of N-Triples (W3C, RDF 1.1 N-Triples), and the IRIs that stand for what is none.
namespace saggio::graph {

inline constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
inline constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";
inline constexpr std::string_view kNodeIri = "urn:saggio:node:";
inline constexpr std::string_view kTypeIri = "urn:saggio:type:";
inline constexpr std::string_view kFieldIri = "urn:saggio:attribute:";
inline constexpr std::string_view kQualifierIri = "urn:saggio:qualifier:";

struct Term {
  enum class Kind { Iri, Blank, Literal };
  Kind kind = Kind::Iri;
  std::string text;    // an IRI without < >, a label without _:, a literal's characters
  std::string suffix;  // of a literal: "@en", "^^<IRI>", or nothing
};

// The triple of a line; false: there is only a comment. Throws std::invalid_argument on what is no
// triple.
bool read_triple(std::string_view line, Term& subject, Term& predicate, Term& object);

bool is_iri(std::string_view text);  // absolute, and of allowed characters
bool is_blank_label(std::string_view text);
// "<IRI>": the text itself if it is an IRI, else behind `prefix`, with %XX for what an IRI has not.
std::string iri_of(std::string_view text, std::string_view prefix);
// The text that iri_of() was given.
std::string text_of_iri(std::string_view iri, std::string_view prefix);
std::string literal(std::string_view text);  // in quotes, escaped

}  // namespace saggio::graph
