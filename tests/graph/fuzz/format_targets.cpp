// SPDX-License-Identifier: MIT
#include "tests/graph/fuzz/targets.h"

#include <cstdlib>

#include "tests/graph/formats/folder_of_files.h"

namespace saggio::graph {
namespace {

// What is refused must leave no version. What is taken is read again: that must change nothing,
// except of records, which may contradict each other, so that the second time they say something
// else.
int read_twice(const Imported::Read& read, bool may_contradict) {
  Imported graph;
  Version head = 0;
  try {
    graph.read("", read);
    head = graph.store.history().head();
    graph.records();
    graph.read("", read);
  } catch (const std::invalid_argument&) {
    if (graph.store.history().head() != head || (head != 0 && !may_contradict)) std::abort();
    return 0;
  } catch (const std::runtime_error&) {
    return 0;
  }
  if (!may_contradict && graph.store.history().head() != head) std::abort();
  return 0;
}

int read_twice(Format format, const uint8_t* bytes, size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto read = [&](std::istream&, Store& store) {
    std::istringstream in(text);
    return import_from(in, format, store);
  };
  return read_twice(read, format == Format::Records);
}

// The files that a text holds, each behind a line "== NAME".
FolderOfFiles::Files files_of(const std::string& text) {
  FolderOfFiles::Files files;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("== "))
      files.emplace_back(line.substr(3), "");
    else if (!files.empty())
      files.back().second += line + "\n";
  }
  std::erase_if(files, [](const auto& file) {
    return file.first.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789.") !=
           std::string::npos;
  });
  return files;
}

int read_folder_twice(Format format, const uint8_t* bytes, size_t size) {
  const FolderOfFiles folder(files_of(std::string(reinterpret_cast<const char*>(bytes), size)));
  const auto read = [&](std::istream&, Store& store) {
    return import_path(folder.path(), format, store);
  };
  return read_twice(read, false);
}

}  // namespace

int fuzz_edge_list(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Edges, bytes, size);
}
int fuzz_triples(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Triples, bytes, size);
}
int fuzz_node_link(const uint8_t* bytes, size_t size) {
  return read_twice(Format::NodeLink, bytes, size);
}
int fuzz_records(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Records, bytes, size);
}
int fuzz_graphml(const uint8_t* bytes, size_t size) {
  return read_twice(Format::GraphMl, bytes, size);
}
int fuzz_gexf(const uint8_t* bytes, size_t size) { return read_twice(Format::Gexf, bytes, size); }
int fuzz_dot(const uint8_t* bytes, size_t size) { return read_twice(Format::Dot, bytes, size); }
int fuzz_ntriples(const uint8_t* bytes, size_t size) {
  return read_twice(Format::NTriples, bytes, size);
}
int fuzz_csv(const uint8_t* bytes, size_t size) { return read_twice(Format::Csv, bytes, size); }

int fuzz_metis(const uint8_t* bytes, size_t size) { return read_twice(Format::Metis, bytes, size); }
int fuzz_matrix_market(const uint8_t* bytes, size_t size) {
  return read_twice(Format::MatrixMarket, bytes, size);
}
int fuzz_graphiti(const uint8_t* bytes, size_t size) {
  return read_twice(Format::Graphiti, bytes, size);
}
int fuzz_otel(const uint8_t* bytes, size_t size) { return read_twice(Format::Otel, bytes, size); }
int fuzz_openke(const uint8_t* bytes, size_t size) {
  return read_folder_twice(Format::OpenKe, bytes, size);
}
int fuzz_graphrag(const uint8_t* bytes, size_t size) {
  return read_folder_twice(Format::GraphRag, bytes, size);
}

}  // namespace saggio::graph
