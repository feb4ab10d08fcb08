// SPDX-License-Identifier: MIT
#include "graph/store/salvage.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace saggio::graph {
namespace {

void copy_file(FileSystem& files, const std::string& from, const std::string& to) {
  constexpr uint64_t kPart = uint64_t{1} << 20;
  const uint64_t size = files.size(from).value_or(0);
  for (uint64_t at = 0; at < size; at += kPart)
    write_all(files, to, at, read_bytes(files, from, at, std::min(kPart, size - at)));
  if (size > 0) files.sync(to);
}

void copy_payload(FileSystem& files, const std::string& from, const std::string& to) {
  copy_file(files, from + "/texts.pack", to + "/texts.pack");
  files.make_folder(to + "/embeddings");
  for (const std::string& name : files.list(from + "/embeddings"))
    copy_file(files, from + "/embeddings/" + name, to + "/embeddings/" + name);
  files.sync(to + "/embeddings");
  files.sync(to);
}

// Copies groups until one is damaged, or contradicts those before it.
void copy_groups(LogReader& from, LogWriter& to, Salvaged& salvaged) {
  History history;
  try {
    for (Group group; from.next(group);) {
      for (const std::string_view body : group.bodies) history.apply(body);
      history.commit(group.commit);
      Commit commit = group.commit;
      std::vector<Body> bodies;
      for (const std::string_view body : group.bodies) bodies.push_back({{body}});
      to.append(bodies, commit);
      salvaged.versions = commit.version;
    }
  } catch (const FileError&) {
    throw;
  } catch (const std::exception& error) {
    salvaged.damage = error.what();
  }
}

}  // namespace

Salvaged salvage(const std::string& damaged, const std::string& whole, FileSystem* given) {
  const std::unique_ptr<FileSystem> own = given ? nullptr : real_files();
  FileSystem& files = given ? *given : *own;
  const auto identity = read_identity(files, damaged);
  if (!identity)
    throw std::runtime_error(damaged + " is no graph store: it has no store.id; give its folder");
  if (!files.list(whole).empty())
    throw std::invalid_argument(whole + " is there already: give a new folder for what is whole");
  LogReader from(files, damaged, *identity);
  { Store::open(whole, {.files = &files}); }  // with a UUID of its own
  copy_payload(files, damaged, whole);
  const Identity fresh = read_identity(files, whole).value();
  LogWriter to(files, whole, fresh, LogEnd{});
  Salvaged salvaged;
  copy_groups(from, to, salvaged);
  to.sync();
  salvaged.left = from.tail_bytes();
  return salvaged;
}

}  // namespace saggio::graph
