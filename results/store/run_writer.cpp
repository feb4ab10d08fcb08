// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "results/store/events.h"
#include "results/store/record_json.h"
#include "results/store/run_dir.h"

namespace saggio::results {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr size_t kBufferBytes = 64 << 10;
constexpr auto kBufferTime = std::chrono::milliseconds(500);

// Lines on their way into one file. What is in the file is always whole lines: a write that failed
// half-way is cut back.
class LineFile {
 public:
  explicit LineFile(fs::path file)
      : file_(std::move(file)),
        out_(open_file(file_, OpenFor::kAppending)),
        bytes_(fs::file_size(file_)) {}

  std::string& buffer() { return buffer_; }
  uint64_t bytes() const { return bytes_; }  // written; the buffer comes on top

  void flush() {
    if (buffer_.empty()) return;
    try {
      write_all(out_, buffer_, file_);
    } catch (...) {
      // If even this fails, the torn line is cut by the next writer.
      [[maybe_unused]] const int ignored = ::ftruncate(out_.number(), static_cast<off_t>(bytes_));
      throw;
    }
    bytes_ += buffer_.size();
    buffer_.clear();
  }

  void cut(uint64_t bytes) {
    if (::ftruncate(out_.number(), static_cast<off_t>(bytes)) != 0) throw_errno(file_, "cut back");
    bytes_ = bytes;
  }

  void cut_torn_line() {
    const std::string text = read_file(file_);
    const size_t end = text.rfind('\n');
    cut(end == std::string::npos ? 0 : end + 1);
  }

  void sync() const {
    while (::fdatasync(out_.number()) != 0)
      if (errno != EINTR) throw_errno(file_, "write to the disk");
  }

 private:
  fs::path file_;
  Descriptor out_;
  uint64_t bytes_;
  std::string buffer_;
};

std::optional<int64_t> step_of(const fs::path& folder) {
  const std::string name = folder.filename();
  int64_t step = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
  if (error != std::errc{} || end != name.data() + name.size() || step < 0) return std::nullopt;
  return step;
}

// The bytes of events.jsonl at a checkpoint; nullopt if the checkpoint is not complete, or its
// events are gone.
std::optional<uint64_t> events_bytes_at(const fs::path& folder, std::string_view events) {
  const fs::path file = folder / "position.json";
  if (!fs::exists(file)) return std::nullopt;
  const Json state = Json::parse(read_file(file), nullptr, false);
  if (!state.is_object() || !state.contains("events_bytes")) return std::nullopt;
  const Json& bytes = state["events_bytes"];
  if (!bytes.is_number_unsigned() || bytes > events.size()) return std::nullopt;
  const auto offset = bytes.get<uint64_t>();
  if (offset > 0 && events[offset - 1] != '\n') return std::nullopt;
  return offset;
}

void remove_all_but(const fs::path& folder, const fs::path& kept) {
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path() != kept) fs::remove_all(entry.path());
}

void sync_tree(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) {
      sync_tree(entry.path());
    } else if (entry.is_regular_file()) {
      sync_to_disk(entry.path());
    }
  }
  sync_to_disk(folder);
}

void write_state(const fs::path& folder, int64_t step, uint64_t events_bytes) {
  const fs::path file = folder / "position.json";
  if (fs::exists(file))
    throw std::runtime_error(
        fmt::format("{}: a checkpoint may not use this name, it is the writer's", file.string()));
  write_all(open_file(file, OpenFor::kAppending),
            pretty({{"step", step}, {"events_bytes", events_bytes}}),
            file);
}

// A run that goes on has no record. One that has a result does not go on.
void withdraw_record(const RunDir& dir) {
  const std::optional<Record> record = dir.record();
  if (!record) return;
  if (record->outcome != Outcome::kStopped && record->outcome != Outcome::kFailed)
    throw std::runtime_error(
        fmt::format("{}: this run has its result ({}); remove its folder to run it again",
                    dir.folder().string(),
                    name(record->outcome)));
  fs::remove(dir.folder() / "done.json");
  sync_to_disk(dir.folder());
}

}  // namespace

struct RunWriter::State {
  explicit State(const RunDir& dir)
      : checkpoints(dir.folder() / "checkpoint"),
        events(dir.folder() / "events.jsonl"),
        timing(dir.folder() / "timing.jsonl") {
    uint64_t bytes = 0;
    const std::string text = read_file(dir.folder() / "events.jsonl");
    if (fs::exists(checkpoints)) bytes = find_newest(text);
    events.cut(bytes);
    timing.cut_torn_line();
    if (fs::exists(checkpoints)) remove_all_but(checkpoints, newest ? newest->folder : fs::path());
  }

  uint64_t find_newest(std::string_view text) {
    uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(checkpoints)) {
      const std::optional<int64_t> step = step_of(entry.path());
      if (!step || (newest && newest->step > *step)) continue;
      if (const auto found = events_bytes_at(entry.path(), text)) {
        newest = {*step, entry.path()};
        bytes = *found;
      }
    }
    return bytes;
  }

  void flush() {
    events.flush();
    timing.flush();
    flushed = Clock::now();
  }

  void write_aside(const fs::path& folder,
                   int64_t step,
                   const std::function<void(const fs::path& folder)>& write) const {
    fs::remove_all(folder);
    make_folder(folder);
    write(folder);
    write_state(folder, step, events.bytes());
    sync_tree(folder);
  }

  void flush_if_due() {
    const size_t waiting = events.buffer().size() + timing.buffer().size();
    if (waiting >= kBufferBytes || Clock::now() - flushed >= kBufferTime) flush();
  }

  fs::path checkpoints;
  LineFile events, timing;
  std::optional<Checkpoint> newest;
  Clock::time_point flushed = Clock::now();
};

RunWriter::RunWriter(const RunDir& dir) {
  if (!dir.exists())
    throw std::runtime_error(
        fmt::format("{}: no run is here, spec.json is missing", dir.folder().string()));
  withdraw_record(dir);
  state_ = std::make_unique<State>(dir);
}

RunWriter::~RunWriter() {
  try {
    state_->flush();
  } catch (const std::exception&) {  // the run is not committed yet: it goes on from its checkpoint
  }
}

void RunWriter::event(int64_t step, std::string_view name, double value) {
  append_event(state_->events.buffer(), step, name, value);
  state_->flush_if_due();
}

void RunWriter::timing(const Json& entry) {
  (state_->timing.buffer() += compact(entry)) += '\n';
  state_->flush_if_due();
}

void RunWriter::flush() { state_->flush(); }

std::optional<RunWriter::Checkpoint> RunWriter::checkpoint() const { return state_->newest; }

void RunWriter::save(int64_t step, const std::function<void(const fs::path& folder)>& write) {
  const int64_t last = state_->newest ? state_->newest->step : -1;
  if (step < 0 || step < last)
    throw std::invalid_argument(fmt::format("{}: checkpoint at step {}, allowed are steps from {}",
                                            state_->checkpoints.string(),
                                            step,
                                            std::max<int64_t>(last, 0)));
  if (step == last) return;
  state_->flush();
  state_->events.sync();  // before anything names the offset
  make_folder(state_->checkpoints);
  const fs::path folder = state_->checkpoints / std::to_string(step),
                 temporary = folder.string() + ".tmp";
  try {
    state_->write_aside(temporary, step, write);
    fs::rename(temporary, folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);  // a full disk gets its bytes back
    throw;
  }
  sync_to_disk(state_->checkpoints);
  state_->newest = {step, folder};
  remove_all_but(state_->checkpoints, folder);
}

}  // namespace saggio::results
