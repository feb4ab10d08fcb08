// SPDX-License-Identifier: MIT
#include "graph/view/segment_file.h"

#include <algorithm>
#include <atomic>

#include "graph/store/bytes.h"

namespace saggio::graph {
namespace {

constexpr std::string_view kMagic = "SAGGIOSG";
constexpr uint64_t kHeadBytes = 4096, kBlock = uint64_t{1} << 20, kAlignment = 64;
constexpr size_t kNameBytes = 16;

uint64_t aligned(uint64_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

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

// Writes a segment from its arrays, which it never holds twice.
class SegmentWriter {
 public:
  SegmentWriter(FileSystem& files, std::string file) : files_(files), file_(std::move(file)) {
    files_.unlink(file_);
  }

  void write(const View& view, const Origin& origin) {
    write_all(files_, file_, 0, head_bytes(layout_of(view, origin)));
    ViewArrays::for_each(
        [&](const char*, const auto& array) {
          put_zeros();
          put({reinterpret_cast<const char*>(array.data()), array.size_bytes()});
        },
        view.arrays());
    end_block();
    Encoder out(checksums_);
    out.fixed(crc32c(checksums_));
    put_zeros();
    write_all(files_, file_, kHeadBytes + position_ - block_.size(), block_ + checksums_);
  }

 private:
  static Layout layout_of(const View& view, const Origin& origin) {
    Layout layout;
    layout.origin = origin;
    layout.nodes = static_cast<uint64_t>(view.nodes());
    layout.edges = static_cast<uint64_t>(view.edges());
    uint64_t end = kHeadBytes;
    ViewArrays::for_each(
        [&](const char* name, const auto& array) {
          layout.sections.push_back({name, aligned(end), array.size_bytes()});
          end = aligned(end) + array.size_bytes();
        },
        view.arrays());
    layout.checksums = aligned(end);
    return layout;
  }

  void put(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, kBlock - block_.size());
      block_.append(part);
      position_ += part.size();
      bytes.remove_prefix(part.size());
      if (block_.size() == kBlock) end_block();
    }
  }

  void put_zeros() { put(std::string(aligned(position_) - position_, '\0')); }

  void end_block() {
    if (block_.empty()) return;
    Encoder(checksums_).fixed(crc32c(block_));
    write_all(files_, file_, kHeadBytes + position_ - block_.size(), block_);
    block_.clear();
  }

  FileSystem& files_;
  std::string file_, block_, checksums_;
  uint64_t position_ = 0;  // behind the head
};

// A segment that is mapped, and which of its blocks have been verified. Threads may share it: a
// block is verified twice at worst.
class Mapped : public BytesCheck {
 public:
  Mapped(std::string file, std::shared_ptr<const char> bytes, const Layout& layout)
      : file_(std::move(file)),
        bytes_(std::move(bytes)),
        checksums_(bytes_.get() + layout.checksums),
        end_(layout.sections.back().offset + layout.sections.back().bytes),
        verified_((end_ - kHeadBytes + kBlock - 1) / kBlock) {}

  std::string name() const override { return file_; }
  void check(std::span<const std::byte> part) override {
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
                   ": damaged within the next MiB; compact the store to write this cache again");
    verified_[block].store(true, std::memory_order_release);
  }

  std::string file_;
  std::shared_ptr<const char> bytes_;
  const char* checksums_;
  uint64_t end_;
  std::vector<std::atomic<bool>> verified_;
};

[[noreturn]] void damaged(const std::string& file) {
  throw Damage(
      file +
      " is damaged at its beginning or its end; compact the store to write this cache again");
}

// The checksums of the blocks must be right themselves, and every section must lie in the file.
bool is_whole(const Layout& layout, const char* bytes, uint64_t size) {
  uint64_t end = kHeadBytes;
  for (const Section& section : layout.sections) {
    if (section.offset < end || section.offset % kAlignment != 0 || section.offset > size ||
        section.bytes > size - section.offset)
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
  bool fits = true;
  const auto take = [&]<typename Value>(const char* name, std::span<const Value>& array) {
    fits = fits && at < layout.sections.size() && layout.sections[at].name == name &&
           layout.sections[at].bytes % sizeof(Value) == 0;
    if (!fits) return;
    const Section& section = layout.sections[at++];
    array = {reinterpret_cast<const Value*>(bytes + section.offset), section.bytes / sizeof(Value)};
  };
  ViewArrays::for_each(take, arrays);
  const uint64_t N = layout.nodes, M = layout.edges;
  const auto has = [](uint64_t wanted, const auto&... columns) {
    return ((columns.size() == wanted) && ...);
  };
  const auto may_have = [](uint64_t wanted, const auto&... columns) {
    return ((columns.empty() || columns.size() == wanted) && ...);
  };
  return fits && has(N, arrays.node_ids, arrays.node_kinds) &&
         has(N + 1, arrays.out_ptr, arrays.in_ptr) &&
         has(M, arrays.out_target, arrays.edge_ids, arrays.edge_types) &&
         has(M, arrays.in_source, arrays.in_edge) &&
         may_have(N, arrays.node_statuses, arrays.node_confidence) &&
         may_have(N, arrays.node_from, arrays.node_to) &&
         may_have(M, arrays.edge_weights, arrays.edge_confidence, arrays.edge_statuses) &&
         may_have(M, arrays.edge_from, arrays.edge_to);
}

}  // namespace

void write_segment_file(FileSystem& files,
                        const std::string& file,
                        const View& view,
                        const Origin& origin) {
  SegmentWriter(files, file).write(view, origin);
}

std::optional<SegmentFile> open_segment_file(FileSystem& files, const std::string& file) {
  const auto size = files.size(file);
  if (!size) return std::nullopt;
  if (*size < kHeadBytes) damaged(file);
  std::shared_ptr<const char> bytes = files.map(file, *size);
  auto layout = parse_head({bytes.get(), kHeadBytes});
  if (!layout) damaged(file);
  return SegmentFile{file, *size, std::move(bytes), *std::move(layout)};
}

View view_on(const SegmentFile& segment) {
  ViewArrays arrays;
  const Layout& layout = segment.layout;
  if (layout.sections.empty() || !is_whole(layout, segment.bytes.get(), segment.size) ||
      !place(layout, segment.bytes.get(), arrays))
    damaged(segment.file);
  auto mapped = std::make_shared<Mapped>(segment.file, segment.bytes, layout);
  return View({layout.origin.version, std::nullopt, false}, arrays, mapped, mapped);
}

}  // namespace saggio::graph
