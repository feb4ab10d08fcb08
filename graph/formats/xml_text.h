// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graph/formats/flat.h"

namespace saggio::graph {

// Appends UTF-8 as XML 1.0 holds it in an attribute or an element. What XML has no way to say, most
// control characters, becomes \xNN and is counted in `lost`.
void put_xml(std::string_view text, std::string& out, uint64_t& lost);

// As GraphML and GEXF call it: "boolean", "long", "double", "string".
std::string_view xml_type(FlatType type);

}  // namespace saggio::graph
