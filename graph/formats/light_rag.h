// SPDX-License-Identifier: MIT
#pragma once

#include "graph/store/model.h"

// What LightRAG's graph (HKUDS/LightRAG, graph_chunk_entity_relation.graphml) says, once a reader of
// GraphML has made ours what has our names, the weight among them.
namespace saggio::graph {

// `description` becomes the text, of an entity `entity_type` a label, of a relation each of the
// `keywords` a label; `source_id` and `file_path`, lists between <SEP>: the chunks become the
// provenance's sources, the files stay.
void map_light_rag(Attributes& attributes);

}  // namespace saggio::graph
