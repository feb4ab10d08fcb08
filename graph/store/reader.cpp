// SPDX-License-Identifier: MIT
#include <stdexcept>
#include <utility>

#include "graph/interrupt.h"
#include "graph/store/store.h"

namespace saggio::graph {

struct Reader::State {
  std::string folder;
  std::unique_ptr<FileSystem> own_files;
  FileSystem* files;
  Identity identity;
  LogReader log;
  History history;
};

namespace {

Identity identity_of(FileSystem& files, const std::string& folder) {
  const auto identity = read_identity(files, folder);
  if (!identity)
    throw std::runtime_error(folder + " is no graph store: it has no store.id; give its folder");
  return *identity;
}

void apply(const Group& group,
           const std::string& folder,
           History& history,
           const std::function<void()>& now_and_then) {
  constexpr size_t kThen = 4096;  // records
  size_t applied = 0;
  try {
    for (const std::string_view body : group.bodies) {
      history.apply(body);
      if (now_and_then && ++applied % kThen == 0) now_and_then();
    }
    history.commit(group.commit);
  } catch (const Interrupted&) {
    throw;
  } catch (const std::exception& error) {
    throw Damage(folder + "/log, version " + std::to_string(group.commit.version) +
                 " ending at log byte " + std::to_string(group.commit.end) +
                 ": its checksums are right, its content is not: " + error.what());
  }
}

// A hash that goes on: what came before is part of it.
void extend(std::string& hash, std::string_view bytes) {
  const Sha256 digest = sha256(hash + std::string(bytes));
  hash.assign(digest.begin(), digest.end());
}

}  // namespace

std::string content_hash(const std::string& folder, FileSystem* files) {
  const std::unique_ptr<FileSystem> own = files ? nullptr : real_files();
  FileSystem& used = files ? *files : *own;
  LogReader log(used, folder, identity_of(used, folder));
  std::string hash;
  for (Group group; log.next(group);) {
    for (const std::string_view body : group.bodies) extend(hash, body);
    extend(hash, "version " + std::to_string(group.commit.version));
  }
  return hex(std::span(reinterpret_cast<const uint8_t*>(hash.data()), hash.size()));
}

Reader Reader::open(const std::string& folder, FileSystem* files, const Progress& progress) {
  std::unique_ptr<FileSystem> own = files ? nullptr : real_files();
  FileSystem& used = files ? *files : *own;
  const Identity identity = identity_of(used, folder);
  LogReader log(used, folder, identity);
  Reader reader(std::make_unique<State>(
      State{folder, std::move(own), &used, identity, std::move(log), History()}));
  const uint64_t all = reader.tail_bytes();
  reader.read({},
              progress ? [&] { progress(reader.log_end().end, all); } : std::function<void()>());
  return reader;
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Reader::News Reader::poll(const std::function<bool()>& enough) { return read(enough, {}); }

Reader::News Reader::read(const std::function<bool()>& enough,
                          const std::function<void()>& now_and_then) {
  State& state = *state_;
  News news;
  const Identity identity = identity_of(*state.files, state.folder);
  if (identity != state.identity) {
    news.reset = true;
    state.log = LogReader(*state.files, state.folder, identity);
    state.history = History();
    state.identity = identity;
  }
  Group group;
  while (state.log.next(group)) {
    apply(group, state.folder, state.history, now_and_then);
    news.commits.push_back(group.commit);
    if (enough && enough()) break;
  }
  return news;
}

bool Reader::takes_long(uint64_t bytes) {
  State& state = *state_;
  return identity_of(*state.files, state.folder) != state.identity ||
         (state.log.tail_bytes() > bytes && !state.log.has_group_within(bytes));
}

const History& Reader::history() const { return state_->history; }
History Reader::take_history() { return std::move(state_->history); }
const Identity& Reader::identity() const { return state_->identity; }
const LogEnd& Reader::log_end() const { return state_->log.end(); }
const std::string& Reader::folder() const { return state_->folder; }
FileSystem& Reader::files() const { return *state_->files; }
uint64_t Reader::tail_bytes() { return state_->log.tail_bytes(); }

std::string Reader::rows(TableId table, uint64_t first, uint64_t count) {
  return read_rows(*state_->files, state_->folder, state_->history, table, first, count);
}

std::string Reader::text(const Attributes& attributes) {
  if (!attributes.packed) return attributes.text;
  return read_packed_text(*state_->files, state_->folder, *attributes.packed);
}

void Reader::check_payload() {
  const State& state = *state_;
  state.history.for_each_packed(
      [&](const PackedText& text) { read_packed_text(*state.files, state.folder, text); });
  for (TableId table = 0; table < state.history.tables().size(); ++table)
    for (const RowBlock& block : state.history.row_blocks(table))
      read_row_block(*state.files, state.folder, state.history, table, block);
}

}  // namespace saggio::graph
