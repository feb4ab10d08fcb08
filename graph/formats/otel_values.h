// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

// Values of OTLP/JSON (opentelemetry-proto, common.proto and trace.proto), and what GenAI spans say
// in them (OpenTelemetry semantic conventions, docs/gen-ai). For the .cpp files of this folder. All
// complaints are std::invalid_argument, without the place.
namespace saggio::graph {

// An AnyValue as the JSON that it stands for; an int64 stays the text that it may be written as.
nlohmann::json otel_value(const nlohmann::json& any);

// A list of {key, value} as an object; where a key stands twice, the last counts. Null: empty.
nlohmann::json otel_attributes(const nlohmann::json& list);

// Takes a time in nanoseconds out of an object; nullopt: it is not there, or 0.
std::optional<uint64_t> take_nanoseconds(nlohmann::json& object, const char* key);

// Takes an identity of so many hexadecimal digits, in lower case; empty: it is not there, or empty.
std::string take_hex(nlohmann::json& object, const char* key, size_t digits);

// What a model was told and what it said.
struct OtelMessages {
  std::string question;                // the last text of a user in the input
  std::string answer;                  // the text of the output, if it calls no tool
  std::vector<std::string> calls;      // ids of the tool calls in the output
  std::vector<std::string> responses;  // ids of the tool calls whose results are in the input
};

// Of the attributes gen_ai.input.messages and gen_ai.output.messages, each a list of
// {role, parts: [{type, ...}]} or its text. What is cut off or of another shape says nothing.
OtelMessages otel_messages(const nlohmann::json& attributes);

}  // namespace saggio::graph
