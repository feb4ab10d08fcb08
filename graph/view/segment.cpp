// SPDX-License-Identifier: MIT
#include "graph/view/segment.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "graph/store/bytes.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kMagic = "SAGGIOSG";
constexpr uint64_t kHeadBytes = 4096, kBlock = uint64_t{1} << 20, kAlignment = 64;
constexpr size_t kNameBytes = 16;

// What a segment must be of, to count.
struct Origin {
  Uuid uuid{};
  Version version = 0;
  uint64_t end = 0;  // of the commit, in the log
  uint32_t incarnation = 1;
  bool operator==(const Origin&) const = default;
};

struct Section {
  std::string name;
  uint64_t offset = 0, bytes = 0;
};

struct Layout {
  Origin origin;
  uint64_t nodes = 0, edges = 0;
  uint64_t checksums = 0;  // where they begin
  std::vector<Section> sections;
};

uint64_t aligned(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

std::string segments_folder(const std::string& folder) { return folder + "/segments"; }
std::string segment_name(Version version) { return std::to_string(version) + ".seg"; }

std::string head_bytes(const Layout& layout) {
  std::string bytes(kMagic);
  Encoder out(bytes);
  out.fixed(uint32_t{1});
  out.fixed(static_cast<uint32_t>(layout.sections.size()));
  out.column(std::span<const uint8_t>(layout.origin.uuid));
  out.fixed(layout.origin.version);
  out.fixed(layout.origin.end);
  out.fixed(layout.origin.incarnation);
  out.fixed(uint32_t{0});
  out.fixed(layout.nodes);
  out.fixed(layout.edges);
  out.fixed(layout.checksums);
  for (const Section& section : layout.sections) {
    out.raw(section.name);
    bytes.append(kNameBytes - section.name.size(), '\0');
    out.fixed(section.offset);
    out.fixed(section.bytes);
  }
  bytes.resize(kHeadBytes - 4, '\0');
  out.fixed(crc32c(bytes));
  return bytes;
}

// nullopt: these are not the first bytes of a segment.
std::optional<Layout> parse_head(std::string_view bytes) {
  if (bytes.size() < kHeadBytes || !bytes.starts_with(kMagic)) return std::nullopt;
  if (Decoder(bytes.substr(kHeadBytes - 4)).fixed<uint32_t>() !=
      crc32c(bytes.substr(0, kHeadBytes - 4)))
    return std::nullopt;
  Decoder in(bytes.substr(kMagic.size()));
  if (in.fixed<uint32_t>() != 1) return std::nullopt;
  Layout layout;
  layout.sections.resize(std::min<uint32_t>(in.fixed<uint32_t>(), 64));
  const std::string_view uuid = in.raw(layout.origin.uuid.size());
  std::copy(uuid.begin(), uuid.end(), layout.origin.uuid.begin());
  layout.origin.version = in.fixed<uint64_t>();
  layout.origin.end = in.fixed<uint64_t>();
  layout.origin.incarnation = in.fixed<uint32_t>();
  in.fixed<uint32_t>();
  layout.nodes = in.fixed<uint64_t>();
  layout.edges = in.fixed<uint64_t>();
  layout.checksums = in.fixed<uint64_t>();
  for (Section& section : layout.sections) {
    section.name = in.raw(kNameBytes);
    section.name.erase(section.name.find_last_not_of('\0') + 1);
    section.offset = in.fixed<uint64_t>();
    section.bytes = in.fixed<uint64_t>();
  }
  return layout;
}

// The checksums of the blocks of `body`, which begins at byte 4096, and the one of these.
std::string checksums_of(std::string_view body) {
  std::string bytes;
  Encoder out(bytes);
  for (size_t at = 0; at < body.size(); at += kBlock) out.fixed(crc32c(body.substr(at, kBlock)));
  out.fixed(crc32c(bytes));
  return bytes;
}

std::string segment_bytes(const View& view, const Origin& origin) {
  Layout layout;
  layout.origin = origin;
  layout.nodes = static_cast<uint64_t>(view.nodes());
  layout.edges = static_cast<uint64_t>(view.edges());
  std::string body;
  ViewArrays arrays = view.arrays();
  arrays.for_each([&](const char* name, auto& array) {
    body.resize(aligned(body.size()), '\0');
    layout.sections.push_back({name, kHeadBytes + body.size(), array.size_bytes()});
    Encoder(body).column(array);
  });
  const std::string checksums = checksums_of(body);
  body.resize(aligned(body.size()), '\0');
  layout.checksums = kHeadBytes + body.size();
  return head_bytes(layout) + body + checksums;
}

// A segment that is mapped, and which of its blocks have been verified. Threads may share it: a
// block is verified twice at worst.
class Mapped {
 public:
  Mapped(std::string file, std::shared_ptr<const char> bytes, const Layout& layout)
      : file_(std::move(file)),
        bytes_(std::move(bytes)),
        checksums_(bytes_.get() + layout.checksums),
        end_(layout.sections.back().offset + layout.sections.back().bytes),
        verified_((end_ - kHeadBytes + kBlock - 1) / kBlock) {}

  void check(std::span<const std::byte> part) {
    if (part.empty()) return;
    const auto begin =
        static_cast<uint64_t>(reinterpret_cast<const char*>(part.data()) - bytes_.get()) -
        kHeadBytes;
    for (uint64_t block = begin / kBlock; block <= (begin + part.size() - 1) / kBlock; ++block)
      if (!verified_[block].load(std::memory_order_acquire)) check_block(block);
  }

 private:
  void check_block(uint64_t block) {
    const uint64_t at = kHeadBytes + block * kBlock;
    const std::string_view bytes(bytes_.get() + at, std::min(kBlock, end_ - at));
    uint32_t expected;
    std::memcpy(&expected, checksums_ + block * sizeof(expected), sizeof(expected));
    if (crc32c(bytes) != expected)
      throw Damage(file_ + ", byte " + std::to_string(at) +
                   ": damaged within the next MiB; delete this file, it is only a cache");
    verified_[block].store(true, std::memory_order_release);
  }

  std::string file_;
  std::shared_ptr<const char> bytes_;
  const char* checksums_;
  uint64_t end_;
  std::vector<std::atomic<bool>> verified_;
};

[[noreturn]] void damaged(const std::string& file) {
  throw Damage(file +
               " is damaged at its beginning or its end; delete this file, it is only a cache");
}

// The checksums of the blocks must be right themselves, and every section must lie in the file.
bool is_whole(const Layout& layout, const char* bytes, uint64_t size) {
  uint64_t end = kHeadBytes;
  for (const Section& section : layout.sections) {
    if (section.offset < end || section.offset > size || section.bytes > size - section.offset)
      return false;
    end = section.offset + section.bytes;
  }
  const uint64_t table = (end - kHeadBytes + kBlock - 1) / kBlock * sizeof(uint32_t);
  if (layout.checksums != aligned(end) || layout.checksums + table + sizeof(uint32_t) != size)
    return false;
  const auto is_zero = [](char byte) { return byte == 0; };
  if (!std::all_of(bytes + end, bytes + layout.checksums, is_zero)) return false;
  const std::string_view checksums(bytes + layout.checksums, table);
  return Decoder({bytes + layout.checksums + table, 4}).fixed<uint32_t>() == crc32c(checksums);
}

// The arrays of a layout; false if a section is missing or has another size than it must.
bool place(const Layout& layout, const char* bytes, ViewArrays& arrays) {
  size_t at = 0;
  bool fits = layout.sections.size() > 0;
  arrays.for_each([&]<typename Value>(const char* name, std::span<const Value>& array) {
    fits = fits && at < layout.sections.size() && layout.sections[at].name == name &&
           layout.sections[at].bytes % sizeof(Value) == 0;
    if (!fits) return;
    const Section& section = layout.sections[at++];
    array = {reinterpret_cast<const Value*>(bytes + section.offset), section.bytes / sizeof(Value)};
  });
  const uint64_t N = layout.nodes, M = layout.edges;
  return fits && arrays.node_ids.size() == N && arrays.out_ptr.size() == N + 1 &&
         arrays.in_ptr.size() == N + 1 && arrays.out_target.size() == M &&
         arrays.edge_types.size() == M && arrays.in_source.size() == M &&
         arrays.in_edge.size() == M && arrays.edge_ids32.size() + arrays.edge_ids64.size() == M;
}

Origin origin_of(const Identity& identity, const Commit& commit) {
  return {identity.uuid, commit.version, commit.end, commit.incarnation};
}

// nullopt: there is no segment of this origin.
std::optional<View> mapped_view(FileSystem& files,
                                const std::string& folder,
                                const Origin& origin) {
  const std::string file = segments_folder(folder) + "/" + segment_name(origin.version);
  const auto size = files.size(file);
  if (!size) return std::nullopt;
  if (*size < kHeadBytes) damaged(file);
  const std::shared_ptr<const char> bytes = files.map(file, *size);
  const auto layout = parse_head({bytes.get(), kHeadBytes});
  if (!layout) damaged(file);
  if (layout->origin != origin) return std::nullopt;
  ViewArrays arrays;
  if (layout->sections.empty() || !is_whole(*layout, bytes.get(), *size) ||
      !place(*layout, bytes.get(), arrays))
    damaged(file);
  auto mapped = std::make_shared<Mapped>(file, bytes, *layout);
  const auto check = [mapped](std::span<const std::byte> part) { mapped->check(part); };
  return View({origin.version, std::nullopt, false}, arrays, mapped, check);
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

}  // namespace

void compact(Store& store) {
  if (store.has_pending())
    throw std::invalid_argument(store.folder() +
                                ": compact with pending changes: commit them first");
  FileSystem& files = store.files();
  const std::string folder = segments_folder(store.folder());
  files.make_folder(folder);
  files.sync(store.folder());
  std::vector<std::string> keep;
  for (const Version version : versions_to_keep(store.history())) {
    keep.push_back(segment_name(version));
    const Origin origin = origin_of(store.identity(), store.history().commits()[version - 1]);
    const View view = View::build(store.history(), {.version = version});
    replace_file(files, folder, keep.back(), segment_bytes(view, origin));
  }
  for (const std::string& name : files.list(folder))
    if (std::find(keep.begin(), keep.end(), name) == keep.end()) files.unlink(folder + "/" + name);
  files.sync(folder);
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
