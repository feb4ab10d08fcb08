// SPDX-License-Identifier: MIT
#include "graph/store/store.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace saggio::graph {
namespace {

// Edges in one record, which may have 4 GiB.
constexpr size_t kMostEdgesAtOnce = 200'000'000;

Uuid random_uuid() {
  Uuid uuid;
  if (::getentropy(uuid.data(), uuid.size()) != 0)
    throw std::runtime_error("the system gives no random bytes for the UUID of a store; give one");
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0f) | 0x40);  // RFC 4122: version 4, random
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3f) | 0x80);
  return uuid;
}

TimeUs machine_time() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count();
}

std::string body_of(RecordKind kind) { return std::string(1, static_cast<char>(kind)); }

std::string with_attributes(RecordKind kind, uint64_t id, const Attributes& attributes) {
  std::string body = body_of(kind);
  Encoder out(body);
  out.varint(id);
  encode(attributes, out);
  return body;
}

std::string with_id(RecordKind kind, uint64_t id) {
  std::string body = body_of(kind);
  Encoder(body).varint(id);
  return body;
}

// What stands before the columns.
std::string edges_head(TypeId type, uint64_t count, bool weights) {
  std::string head = body_of(RecordKind::Edges);
  Encoder out(head);
  out.varint(type);
  out.varint(count);
  out.fixed(uint8_t{4});  // bytes of an id
  out.fixed(static_cast<uint8_t>(weights));
  return head;
}

std::unique_ptr<FileLock> lock_of(FileSystem& files, const std::string& folder) {
  auto lock = files.lock(folder + "/lock");
  if (!lock)
    throw std::runtime_error(folder +
                             " is being written by another store that is open: end that "
                             "one, or open a Reader");
  return lock;
}

}  // namespace

std::string default_key(NodeKind kind, std::string_view text) {
  return std::string(name(kind)) + ":" + hex(sha256(text));
}

struct Store::State {
  // The body of a record; that of many edges ends with columns that lie in the history.
  struct Pending {
    std::string head;
    EdgeId first = 0;
    uint64_t count = 0;
    bool weights = false;

    Body body(const History& of) const {
      if (count == 0) return {{head}};
      const auto columns = of.edge_columns(first, count);
      return {{head, columns.sources, columns.targets, weights ? columns.weights : ""}};
    }
  };

  State(std::string where, const StoreOptions& given)
      : folder(std::move(where)),
        clock(given.clock ? given.clock : machine_time),
        log_file_bytes(given.log_file_bytes),
        longest_text_in_log(given.longest_text_in_log),
        own_files(given.files ? nullptr : real_files()),
        files(given.files ? *given.files : *own_files) {
    files.make_folder(folder);
    lock = lock_of(files, folder);
    if (!read_identity(files, folder))
      make_store(files, folder, {given.uuid ? *given.uuid : random_uuid(), 1, 0});
    load();
  }

  // Reads the store from its files and makes them fit to write on.
  void load() {
    Reader reader = Reader::open(folder, &files);
    dropped = reader.tail_bytes();
    identity = reader.identity();
    const LogEnd end = reader.log_end();
    history = reader.take_history();
    log = std::make_unique<LogWriter>(files, folder, identity, end, log_file_bytes);
    payload = std::make_unique<PayloadWriter>(files, folder, history);
    pending.clear();
  }

  void check_sound() const {
    if (failed || !log->is_sound())
      throw std::runtime_error(folder + ": an earlier write to the disk failed, so what is there " +
                               "is not known; open the store again");
  }

  void append(std::string body) {
    check_sound();
    history.apply(body);
    pending.push_back({std::move(body)});
  }

  // A failed sync leaves the files in a state that only opening them again settles.
  template <typename Action>
  void or_fail(const Action& action) {
    try {
      action();
    } catch (...) {
      failed = true;
      throw;
    }
  }

  Attributes packed(const Attributes& attributes) {
    if (attributes.packed && !payload->has(*attributes.packed))
      throw std::invalid_argument("a packed text that is not in this store: give it as text");
    if (attributes.text.size() <= longest_text_in_log) return attributes;
    Attributes small = attributes;
    small.packed = payload->add_text(attributes.text);
    small.text.clear();
    return small;
  }

  std::string folder;
  std::function<TimeUs()> clock;
  uint64_t log_file_bytes;
  size_t longest_text_in_log;
  std::unique_ptr<FileSystem> own_files;
  FileSystem& files;
  std::unique_ptr<FileLock> lock;
  Identity identity;
  History history;
  std::unique_ptr<PayloadWriter> payload;
  std::unique_ptr<LogWriter> log;
  std::vector<Pending> pending;  // what the history knows and the log does not
  uint64_t dropped = 0;
  bool failed = false;
};

Store Store::open(const std::string& folder, const StoreOptions& options) {
  return Store(std::make_unique<State>(folder, options));
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

const History& Store::history() const { return state_->history; }
const Identity& Store::identity() const { return state_->identity; }
uint64_t Store::dropped_bytes() const { return state_->dropped; }
bool Store::has_pending() const { return !state_->pending.empty(); }
const std::string& Store::folder() const { return state_->folder; }
FileSystem& Store::files() const { return state_->files; }

TypeId Store::type(std::string_view name) {
  if (const auto known = history().find_type(name)) return *known;
  std::string body = body_of(RecordKind::Type);
  Encoder(body).text(name);
  state_->append(std::move(body));
  return static_cast<TypeId>(history().types().size() - 1);
}

NodeId Store::add_node(NodeKind kind, const Attributes& attributes, std::string_view key) {
  const bool has_default = key.empty() && !attributes.text.empty();
  const std::string name = has_default ? default_key(kind, attributes.text) : std::string(key);
  std::string body = body_of(RecordKind::Node);
  Encoder out(body);
  out.fixed(static_cast<uint8_t>(kind));
  out.text(name);
  encode(state_->packed(attributes), out);
  state_->append(std::move(body));
  return history().node_count() - 1;
}

EdgeId Store::add_edge(NodeId source, TypeId type, NodeId target, const Attributes& attributes) {
  std::string body = body_of(RecordKind::Edge);
  Encoder out(body);
  out.varint(source);
  out.varint(target);
  out.varint(type);
  encode(state_->packed(attributes), out);
  state_->append(std::move(body));
  return history().edge_count() - 1;
}

EdgeId Store::add_edges(TypeId type,
                        std::span<const NodeId> sources,
                        std::span<const NodeId> targets,
                        std::span<const float> weights) {
  if (sources.size() != targets.size() || (!weights.empty() && weights.size() != sources.size()))
    throw std::invalid_argument(std::to_string(sources.size()) + " sources, " +
                                std::to_string(targets.size()) + " targets, " +
                                std::to_string(weights.size()) +
                                " weights: allowed is one number of each, or no weights");
  if (sources.size() > kMostEdgesAtOnce)
    throw std::invalid_argument(std::to_string(sources.size()) + " edges at once, allowed 0.." +
                                std::to_string(kMostEdgesAtOnce) + ": add them in several calls");
  const EdgeId first = history().edge_count();
  state_->check_sound();
  state_->history.add_edges(
      {type, sizeof(NodeId), bytes_of(sources), bytes_of(targets), bytes_of(weights)});
  state_->pending.push_back({edges_head(type, sources.size(), !weights.empty()),
                             first,
                             sources.size(),
                             !weights.empty()});
  return first;
}

void Store::revise_node(NodeId id, const Attributes& attributes) {
  state_->append(with_attributes(RecordKind::ReviseNode, id, state_->packed(attributes)));
}

void Store::revise_edge(EdgeId id, const Attributes& attributes) {
  state_->append(with_attributes(RecordKind::ReviseEdge, id, state_->packed(attributes)));
}

void Store::retire_node(NodeId id) { state_->append(with_id(RecordKind::RetireNode, id)); }
void Store::retire_edge(EdgeId id) { state_->append(with_id(RecordKind::RetireEdge, id)); }

TableId Store::embedding_table(const EmbeddingTable& table) {
  const auto known = history().tables();
  const auto same_name = [&](const EmbeddingTable& other) { return other.name == table.name; };
  const auto found = std::find_if(known.begin(), known.end(), same_name);
  if (found != known.end() && *found == table) return static_cast<TableId>(found - known.begin());
  std::string body = body_of(RecordKind::Table);
  Encoder out(body);
  out.text(table.name);
  out.varint(table.columns);
  out.fixed(static_cast<uint8_t>(table.numbers));
  out.text(table.model);
  state_->append(std::move(body));
  return static_cast<TableId>(history().tables().size() - 1);
}

uint64_t Store::add_rows(TableId table, std::string_view bytes) {
  state_->check_sound();
  if (table >= history().tables().size())
    throw std::invalid_argument("embedding table " + std::to_string(table) +
                                " is not there: define it by embedding_table()");
  const EmbeddingTable& of = history().tables()[table];
  const uint64_t first = history().row_count(table);
  if (bytes.empty()) return first;
  const uint32_t crc = state_->payload->add_rows(of, table, first, bytes);
  std::string body = body_of(RecordKind::Rows);
  Encoder out(body);
  out.varint(table);
  out.varint(bytes.size() / of.row_bytes());
  out.fixed(crc);
  state_->append(std::move(body));
  return first;
}

std::string Store::rows(TableId table, uint64_t first, uint64_t count) {
  return read_rows(state_->files, state_->folder, state_->history, table, first, count);
}

std::string Store::text(const Attributes& attributes) {
  if (!attributes.packed) return attributes.text;
  return read_packed_text(state_->files, state_->folder, *attributes.packed);
}

void Store::tag(std::string_view name, Version version) {
  std::string body = body_of(RecordKind::Tag);
  Encoder out(body);
  out.text(name);
  out.varint(version);
  state_->append(std::move(body));
}

Version Store::commit(Durability durability) {
  State& state = *state_;
  state.check_sound();
  if (!state.pending.empty()) {
    state.or_fail([&] { state.payload->sync(); });
    const TimeUs last =
        state.history.commits().empty() ? kSinceEver : state.history.commits().back().time;
    Commit commit;
    commit.version = state.history.head() + 1;
    commit.time = std::max(state.clock(), last + 1);
    commit.nodes = state.history.node_count();
    commit.edges = state.history.edge_count();
    std::vector<Body> bodies;
    for (const auto& record : state.pending) bodies.push_back(record.body(state.history));
    state.log->append(bodies, commit);
    state.history.commit(commit);
    state.pending.clear();
  }
  if (durability == Durability::Durable) state.log->sync();
  return state.history.head();
}

void Store::rewind(Version version) {
  State& state = *state_;
  state.check_sound();
  if (version > history().head())
    throw std::invalid_argument("rewind to version " + std::to_string(version) + ", allowed 0.." +
                                std::to_string(history().head()));
  state.or_fail([&] {
    state.log->sync();
    Identity next = state.identity;
    next.incarnation += 1;
    next.cut = version == 0 ? kLogBegin : history().commits()[version - 1].end;
    write_identity(state.files, state.folder, next);
    state.load();
  });
}

}  // namespace saggio::graph
