// SPDX-License-Identifier: MIT
#include "graph/formats/light_rag.h"

#include <algorithm>

#include "graph/formats/fields.h"

namespace saggio::graph {
namespace {

// Takes a qualifier out; empty: there is none.
std::string take(Attributes& attributes, std::string_view key) {
  auto& all = attributes.qualifiers;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& pair) { return pair.first == key; });
  if (found == all.end()) return "";
  std::string value = std::move(found->second);
  all.erase(found);
  return value;
}

std::vector<std::string> split(std::string_view list, std::string_view separator) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t end = std::min(list.find(separator), list.size());
    if (const std::string_view part = trimmed(list.substr(0, end)); !part.empty())
      parts.emplace_back(part);
    list.remove_prefix(std::min(end + separator.size(), list.size()));
  }
  return parts;
}

}  // namespace

void map_light_rag(Attributes& attributes) {
  constexpr std::string_view kSeparator = "<SEP>";
  if (attributes.text.empty()) attributes.text = take(attributes, "description");
  if (std::string type = take(attributes, "entity_type"); !type.empty())
    attributes.labels.push_back(std::move(type));
  for (std::string& keyword : split(take(attributes, "keywords"), ","))
    attributes.labels.push_back(std::move(keyword));
  if (auto chunks = split(take(attributes, "source_id"), kSeparator); !chunks.empty())
    attributes.provenance.emplace().sources = std::move(chunks);
}

}  // namespace saggio::graph
