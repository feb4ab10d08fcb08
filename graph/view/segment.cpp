// SPDX-License-Identifier: MIT
#include "graph/view/segment.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "graph/view/segment_file.h"

namespace saggio::graph {
namespace {

std::string segments_folder(const std::string& folder) { return folder + "/segments"; }
std::string segment_name(Version version) { return std::to_string(version) + ".seg"; }

Origin origin_of(const Identity& identity, const Commit& commit) {
  return {identity.uuid, commit.version, commit.end, commit.incarnation};
}

std::optional<SegmentFile> segment_file(FileSystem& files,
                                        const std::string& folder,
                                        Version version) {
  return open_segment_file(files, segments_folder(folder) + "/" + segment_name(version));
}

// nullopt: there is no segment of this origin.
std::optional<View> mapped_view(FileSystem& files,
                                const std::string& folder,
                                const Origin& origin) {
  const auto found = segment_file(files, folder, origin.version);
  if (!found || found->layout.origin != origin) return std::nullopt;
  return view_on(*found);
}

std::optional<View> segment_of(FileSystem& files,
                               const std::string& folder,
                               const Identity& identity,
                               const History& history,
                               const AsOf& as_of) {
  const Version version = std::min(as_of.version, history.head());
  if (as_of.world || version == 0) return std::nullopt;
  return mapped_view(files, folder, origin_of(identity, history.commits()[version - 1]));
}

std::vector<Version> versions_to_keep(const History& history) {
  std::vector<Version> versions = {history.head()};
  for (const auto& [name, version] : history.tags()) versions.push_back(version);
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  std::erase(versions, Version{0});
  return versions;
}

// Whether a segment of this origin is there, every byte of it.
bool is_sound(FileSystem& files, const std::string& folder, const Origin& origin) {
  try {
    const auto view = mapped_view(files, folder, origin);
    if (view) view->verify();
    return view.has_value();
  } catch (const Damage&) {
    return false;  // it is written again
  }
}

void write_segment(Store& store, const Origin& origin) {
  FileSystem& files = store.files();
  const std::string folder = segments_folder(store.folder()), name = segment_name(origin.version);
  const View view = View::build(store.history(), {.version = origin.version});
  write_segment_file(files, folder + "/" + name + kAside, view, origin);
  put_in_place(files, folder, name);
}

}  // namespace

void compact(Store& store) {
  if (store.has_pending())
    throw std::invalid_argument(store.folder() +
                                ": compact with pending changes: commit them first");
  store.commit();  // durable: else another commit could take the place of one that has a segment
  FileSystem& files = store.files();
  const std::string folder = segments_folder(store.folder());
  files.make_folder(folder);
  files.sync(store.folder());
  std::vector<std::string> keep;
  for (const Version version : versions_to_keep(store.history())) {
    keep.push_back(segment_name(version));
    const Origin origin = origin_of(store.identity(), store.history().commits()[version - 1]);
    if (!is_sound(files, store.folder(), origin)) write_segment(store, origin);
  }
  for (const std::string& name : files.list(folder))
    if (std::find(keep.begin(), keep.end(), name) == keep.end()) files.unlink(folder + "/" + name);
  files.sync(folder);
}

std::vector<Version> segment_versions(FileSystem& files, const std::string& folder) {
  std::vector<Version> versions;
  for (const std::string& name : files.list(segments_folder(folder))) {
    Version version = 0;
    std::from_chars(name.data(), name.data() + name.size(), version);
    if (name == segment_name(version)) versions.push_back(version);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

namespace {

// The newest segment, if the log ends with its version.
std::optional<View> segment_of_head(FileSystem& files, const std::string& folder) {
  const auto identity = read_identity(files, folder);
  const std::vector<Version> versions = segment_versions(files, folder);
  if (!identity || versions.empty()) return std::nullopt;
  const auto found = segment_file(files, folder, versions.back());
  if (!found) return std::nullopt;  // removed meanwhile
  const Origin& origin = found->layout.origin;
  if (origin.uuid != identity->uuid || origin.version != versions.back()) return std::nullopt;
  const auto end = find_group_end(files, folder, *identity, origin.version, origin.end);
  if (!end || end->incarnation != origin.incarnation) return std::nullopt;
  Group later;
  if (LogReader(files, folder, *identity, end->log).next(later)) return std::nullopt;
  return view_on(*found);
}

}  // namespace

View open_view(const std::string& folder, FileSystem* files) {
  const std::unique_ptr<FileSystem> own = files ? nullptr : real_files();
  FileSystem& used = files ? *files : *own;
  if (auto view = segment_of_head(used, folder)) return *std::move(view);
  return view_of(Reader::open(folder, &used));
}

View view_of(const Store& store, const AsOf& as_of) {
  auto mapped = segment_of(store.files(), store.folder(), store.identity(), store.history(), as_of);
  return mapped ? *std::move(mapped) : View::build(store.history(), as_of);
}

View view_of(const Reader& reader, const AsOf& as_of) {
  auto mapped =
      segment_of(reader.files(), reader.folder(), reader.identity(), reader.history(), as_of);
  return mapped ? *std::move(mapped) : View::build(reader.history(), as_of);
}

bool has_segment(const Reader& reader, Version version) {
  return segment_of(reader.files(), reader.folder(), reader.identity(), reader.history(), {version})
      .has_value();
}

}  // namespace saggio::graph
