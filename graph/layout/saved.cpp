// SPDX-License-Identifier: MIT
#include "graph/layout/saved.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <unordered_map>

#include "graph/store/bytes.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kMagic = "SAGGIOVW", kEnding = ".view";
constexpr uint32_t kFormat = 1;
constexpr size_t kHeader = 16, kLongestName = 100;

void check_name(std::string_view name) {
  const bool fine = !name.empty() && name.size() <= kLongestName && name[0] != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
                    });
  if (!fine)
    throw std::invalid_argument("saved view: name \"" + std::string(name) +
                                "\", allowed: 1 to 100 letters, digits, '.', '-' and '_', no '.' "
                                "first; choose another name");
}

void check_columns(const View& view, const SavedView& saved) {
  const auto nodes = static_cast<size_t>(view.nodes());
  if (saved.points.size() != nodes || !(saved.pinned.empty() || saved.pinned.size() == nodes))
    throw std::invalid_argument("saved view: " + std::to_string(saved.points.size()) +
                                " positions and " + std::to_string(saved.pinned.size()) +
                                " pins for a view of " + std::to_string(nodes) +
                                " nodes; give one for each, or no pins");
}

std::string in_store(const Reader& reader) { return reader.folder() + "/views"; }

// A store has its own folder in the cache.
std::string in_cache(const Reader& reader, const std::string& cache) {
  return cache + "/views/" + hex(reader.identity().uuid);
}

std::vector<std::string> places(const Reader& reader, const std::string& cache) {
  std::vector<std::string> folders{in_store(reader)};
  if (!cache.empty()) folders.push_back(in_cache(reader, cache));
  return folders;
}

// A store that was deleted is not made again; the cache is made with all above it that is missing.
void make_folders(FileSystem& files, const std::string& folder, bool with_parents) {
  for (size_t end = folder.find('/', 1); with_parents && end != std::string::npos;
       end = folder.find('/', end + 1))
    if (!files.size(folder.substr(0, end))) files.make_folder(folder.substr(0, end));
  files.make_folder(folder);
}

// What a file says, in its own terms.
struct Content {
  struct Place {
    Point point;
    bool pinned;
  };
  uint64_t revision = 0;
  Uuid uuid{};
  uint32_t incarnation = 0;
  Version version = 0;
  std::string state;
  std::vector<std::pair<std::string, Place>> by_key;
  std::vector<std::pair<NodeId, Place>> by_id;
};

void encode(Encoder& out, const Content::Place& place) {
  out.fixed(place.point.x);
  out.fixed(place.point.y);
  out.fixed(place.point.z);
  out.fixed(static_cast<uint8_t>(place.pinned));
}

Content::Place decode_place(Decoder& in) {
  Content::Place place;
  place.point.x = in.fixed<float>();
  place.point.y = in.fixed<float>();
  place.point.z = in.fixed<float>();
  place.pinned = in.fixed<uint8_t>() != 0;
  if (!is_placed(place.point)) throw Damage("holds a coordinate that is not finite");
  return place;
}

std::string encoded(const Content& content) {
  std::string body;
  Encoder out(body);
  out.fixed(content.revision);
  out.raw({reinterpret_cast<const char*>(content.uuid.data()), content.uuid.size()});
  out.fixed(content.incarnation);
  out.varint(content.version);
  out.text(content.state);
  out.varint(content.by_key.size());
  for (const auto& [key, place] : content.by_key) {
    out.text(key);
    encode(out, place);
  }
  out.varint(content.by_id.size());
  for (const auto& [id, place] : content.by_id) {
    out.varint(id);
    encode(out, place);
  }
  std::string file;
  Encoder header(file);
  header.raw(kMagic);
  header.fixed(kFormat);
  header.fixed(crc32c(body));
  return file + body;
}

Content decoded(std::string_view bytes) {
  Decoder header(bytes);
  if (header.raw(kMagic.size()) != kMagic) throw Damage("is no saved view");
  if (const auto format = header.fixed<uint32_t>(); format != kFormat)
    throw Damage("has format " + std::to_string(format) + ", this program reads " +
                 std::to_string(kFormat));
  if (header.fixed<uint32_t>() != crc32c(bytes.substr(kHeader)))
    throw Damage("does not fit its checksum");
  Decoder& in = header;
  Content content;
  content.revision = in.fixed<uint64_t>();
  const std::string_view uuid = in.raw(content.uuid.size());
  std::copy(uuid.begin(), uuid.end(), content.uuid.begin());
  content.incarnation = in.fixed<uint32_t>();
  content.version = in.varint();
  content.state = in.text();
  for (uint64_t count = in.count(); count > 0; --count) {
    std::string key(in.text());
    content.by_key.emplace_back(std::move(key), decode_place(in));
  }
  for (uint64_t count = in.count(); count > 0; --count) {
    const NodeId id = in.varint();
    content.by_id.emplace_back(id, decode_place(in));
  }
  if (!in.done()) throw Damage("goes on behind its end");
  return content;
}

std::optional<Content> read(FileSystem& files, const std::string& file) {
  const auto size = files.size(file);
  if (!size) return std::nullopt;
  try {
    return decoded(read_bytes(files, file, 0, *size));
  } catch (const Damage& damage) {
    throw Damage(file + " " + damage.what() + "; remove it, the layout will be made anew");
  }
}

uint64_t revision_of(FileSystem& files, const std::string& file) {
  try {
    const auto content = read(files, file);
    return content ? content->revision : 0;
  } catch (const Damage&) {
    return 0;  // it is about to be replaced
  }
}

Content content_of(const Reader& reader, const View& view, const SavedView& saved) {
  Content content;
  content.uuid = reader.identity().uuid;
  content.incarnation = reader.identity().incarnation;
  content.version = view.as_of().version;
  content.state = saved.state;
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const auto i = static_cast<size_t>(x);
    if (!is_placed(saved.points[i])) continue;
    const Content::Place place{saved.points[i], !saved.pinned.empty() && saved.pinned[i] != 0};
    const NodeId id = view.node_id(x);
    const std::string_view key = reader.history().node_key(id);
    if (key.empty())
      content.by_id.emplace_back(id, place);
    else
      content.by_key.emplace_back(key, place);
  }
  return content;
}

SavedView for_view(const Reader& reader, const View& view, Content content) {
  const auto nodes = static_cast<size_t>(view.nodes());
  SavedView saved{std::vector<Point>(nodes, kNowhere),
                  std::vector<uint8_t>(nodes),
                  std::move(content.state),
                  content.version};
  const auto put = [&](NodeIndex x, const Content::Place& place) {
    saved.points[static_cast<size_t>(x)] = place.point;
    saved.pinned[static_cast<size_t>(x)] = place.pinned;
  };
  std::unordered_map<std::string_view, const Content::Place*> by_key;
  for (const auto& [key, place] : content.by_key) by_key.emplace(key, &place);
  for (NodeIndex x = 0; x < view.nodes(); ++x) {
    const std::string_view key = reader.history().node_key(view.node_id(x));
    if (const auto found = by_key.find(key); !key.empty() && found != by_key.end())
      put(x, *found->second);
  }
  // Another store, or this one after a rewind, gives its ids to other nodes.
  const Identity& identity = reader.identity();
  if (content.uuid != identity.uuid || content.incarnation != identity.incarnation) return saved;
  for (const auto& [id, place] : content.by_id)
    if (const auto x = view.find(id)) put(*x, place);
  return saved;
}

}  // namespace

std::string save_view(const Reader& reader,
                      const View& view,
                      std::string_view name,
                      const SavedView& saved,
                      const std::string& cache) {
  check_name(name);
  check_columns(view, saved);
  Content content = content_of(reader, view, saved);
  const std::string file = std::string(name) + std::string(kEnding);
  const std::vector<std::string> folders = places(reader, cache);
  FileSystem& files = reader.files();
  for (const std::string& folder : folders)
    content.revision = std::max(content.revision, revision_of(files, folder + "/" + file) + 1);
  const std::string bytes = encoded(content);
  for (const std::string& folder : folders) try {
      make_folders(files, folder, folder != in_store(reader));
      replace_file(files, folder, file, bytes);
      return folder + "/" + file;
    } catch (const FileError&) {
      if (folder == folders.back()) throw;
    }
  return {};  // there is a folder
}

std::optional<SavedView> load_view(const Reader& reader,
                                   const View& view,
                                   std::string_view name,
                                   const std::string& cache) {
  check_name(name);
  std::optional<Content> latest;
  for (const std::string& folder : places(reader, cache)) {
    auto content = read(reader.files(), folder + "/" + std::string(name) + std::string(kEnding));
    if (content && (!latest || content->revision > latest->revision)) latest = std::move(content);
  }
  if (!latest) return std::nullopt;
  return for_view(reader, view, std::move(*latest));
}

std::vector<std::string> saved_views(const Reader& reader, const std::string& cache) {
  std::vector<std::string> names;
  for (const std::string& folder : places(reader, cache))
    for (const std::string& file : reader.files().list(folder))
      if (file.size() > kEnding.size() && file.ends_with(kEnding))
        names.push_back(file.substr(0, file.size() - kEnding.size()));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string user_cache() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value ? value : "");
  };
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty())
    return cache + "/saggio";
  if (const std::string home = variable("HOME"); !home.empty()) return home + "/.cache/saggio";
  return {};
}

}  // namespace saggio::graph
