// SPDX-License-Identifier: MIT
#include "graph/store/log.h"

#include <algorithm>
#include <charconv>
#include <deque>

#include "graph/store/log_format.h"

namespace saggio::graph {
namespace {

constexpr uint64_t kPieceBytes = uint64_t{4} << 20;

std::string log_folder(const std::string& folder) { return folder + "/log"; }

std::string log_name(uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(6 - std::min<size_t>(6, digits.size()), '0') + digits + ".log";
}

// The numbers of the log files that are there, ascending; other names are none of ours.
std::vector<uint64_t> file_numbers(FileSystem& files, const std::string& folder) {
  std::vector<uint64_t> numbers;
  for (const std::string& name : files.list(log_folder(folder))) {
    uint64_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (name == log_name(number)) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string parent_of(std::string_view folder) {
  while (folder.size() > 1 && folder.back() == '/') folder.remove_suffix(1);
  const size_t slash = folder.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(folder.substr(0, std::max<size_t>(1, slash)));
}

std::string at(const std::string& file, uint64_t offset) {
  return file + ", byte " + std::to_string(offset) + ": ";
}

}  // namespace

std::string log_file(const std::string& folder, uint64_t number) {
  return log_folder(folder) + "/" + log_name(number);
}

std::optional<Identity> read_identity(FileSystem& files, const std::string& folder) {
  const std::string file = folder + "/store.id";
  const auto size = files.size(file);
  if (!size) return std::nullopt;
  // One byte more than there should be, so that a longer file is noticed.
  const auto identity = parse_identity(read_bytes(files, file, 0, kHeaderBytes + 1));
  if (!identity)
    throw Damage(file + " is damaged: not the 64 bytes of a store's identity; restore this file");
  return identity;
}

void write_identity(FileSystem& files, const std::string& folder, const Identity& identity) {
  replace_file(files, folder, "store.id", identity_bytes(identity));
}

void make_store(FileSystem& files, const std::string& folder, const Identity& identity) {
  const std::string first = log_file(folder, 0);
  if (files.size(first).value_or(0) > kHeaderBytes)
    throw Damage(folder + "/store.id is missing, and the log is not empty; restore this file");
  files.make_folder(folder);
  files.make_folder(log_folder(folder));
  files.sync(parent_of(folder));
  write_all(files, first, 0, header_bytes(identity, {identity.incarnation, 0, 0}));
  files.sync(first);
  files.sync(log_folder(folder));
  files.sync(folder);
  write_identity(files, folder, identity);
}

LogReader::LogReader(FileSystem& files, std::string folder, const Identity& identity)
    : files_(&files), folder_(std::move(folder)), identity_(identity) {
  const std::string first = log_file(folder_, 0);
  const auto header = files_->size(first)
                          ? parse_header(read_bytes(*files_, first, 0, kHeaderBytes), identity_)
                          : std::nullopt;
  if (!header || header->number != 0 || header->start != 0)
    throw Damage(first + " is damaged: not the first log file of this store; restore this file");
}

LogReader::LogReader(FileSystem& files,
                     std::string folder,
                     const Identity& identity,
                     const LogEnd& from)
    : files_(&files),
      folder_(std::move(folder)),
      identity_(identity),
      end_(from),
      buffer_at_(from.end),
      stop_(from.end) {}

namespace {

// The valid commit that ends where `bytes` end, which is at log offset `end`.
std::optional<GroupEnd> commit_at_the_end_of(std::string_view bytes,
                                             const Identity& identity,
                                             Version version,
                                             uint64_t end) {
  for (uint64_t size = kFrameBytes + 8; size <= bytes.size(); size += 8) {
    const auto record = parse_record(identity, end - size, bytes.substr(bytes.size() - size));
    if (!record || record->bytes != size || kind_of(record->body) != RecordKind::Commit) continue;
    const Commit commit = parse_commit(record->body);
    if (commit.version != version) return std::nullopt;
    GroupEnd found;
    found.log.end = found.log.groups = end;
    found.log.durable = commit.durable;
    found.incarnation = record->incarnation;
    return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<GroupEnd> find_group_end(FileSystem& files,
                                       const std::string& folder,
                                       const Identity& identity,
                                       Version version,
                                       uint64_t end) {
  constexpr uint64_t kLongestCommit = 80;  // five numbers of at most 10 bytes, and the frame
  std::vector<uint64_t> numbers = file_numbers(files, folder);
  for (; !numbers.empty(); numbers.pop_back()) {
    const std::string file = log_file(folder, numbers.back());
    const auto header = parse_header(read_bytes(files, file, 0, kHeaderBytes), identity);
    if (!header || !counts(identity, header->start, header->incarnation) || header->start >= end)
      continue;
    const uint64_t position = end - header->start;
    if (position <= kHeaderBytes || position > files.size(file).value_or(0)) return std::nullopt;
    const uint64_t size = std::min(position - kHeaderBytes, kLongestCommit);
    const std::string bytes = read_bytes(files, file, position - size, size);
    auto found = commit_at_the_end_of(bytes, identity, version, end);
    if (!found) return std::nullopt;
    found->log.file = header->number;
    found->log.start = header->start;
    return found;
  }
  return std::nullopt;
}

// Reads what lies behind the last group, to the end of the file, or so many bytes of it; false:
// there are more.
bool LogReader::load(uint64_t most) {
  const std::string file = log_file(folder_, end_.file);
  const uint64_t position = end_.end - end_.start;
  const uint64_t size = files_->size(file).value_or(0);
  buffer_at_ = end_.end;
  const uint64_t left = size > position ? size - position : 0, taken = std::min(left, most);
  buffer_ = taken > 0 ? read_bytes(*files_, file, position, taken) : std::string();
  return taken == left;
}

// One group from the buffer, and the durable marks before it; else sets stop_.
bool LogReader::parse_group(Group& group) {
  group.bodies.clear();
  uint64_t at_offset = end_.end;
  const std::string_view bytes = buffer_;
  while (true) {
    stop_ = at_offset;
    const auto record = parse_record(
        identity_, at_offset, bytes.substr(std::min(bytes.size(), at_offset - buffer_at_)));
    if (!record) return false;
    at_offset += record->bytes;
    const auto durable = durable_in(record->body);
    if (!durable) {
      group.bodies.push_back(record->body);
      continue;
    }
    end_.durable = std::max(end_.durable, *durable);
    if (kind_of(record->body) == RecordKind::Durable && !group.bodies.empty())
      throw Damage(at(log_file(folder_, end_.file), stop_ - end_.start) +
                   "a durable record within a group");
    end_.end = at_offset;
    if (kind_of(record->body) == RecordKind::Durable) continue;
    end_.groups = at_offset;
    group.commit = parse_commit(record->body);
    group.commit.end = at_offset;
    group.commit.incarnation = record->incarnation;
    return true;
  }
}

bool LogReader::next(Group& group) {
  if (parse_group(group)) return true;
  // A long file in pieces, so that the first group does not wait for the last one's bytes.
  if (!load(kPieceBytes)) {
    if (parse_group(group)) return true;
    load();
  }
  std::optional<uint64_t> suspect;
  while (true) {
    if (parse_group(group)) return true;
    if (stop_ == end_.end && enter_next_file() == NextFile::Entered) return next(group);
    const auto proof = proof_of_damage();
    if (!proof) break;
    if (suspect == stop_)
      throw Damage(at(log_file(folder_, end_.file), stop_ - end_.start) + "damaged, though " +
                   *proof + "; restore this file");
    // A writer may have written this record after we read it, and the proof before: look again.
    suspect = stop_;
    load();
  }
  group.bodies.clear();
  buffer_.clear();
  buffer_at_ = end_.end;
  return false;
}

// The start of a log file, if it counts; Damage if its header should be there and is not.
std::optional<uint64_t> LogReader::later_start(uint64_t number) {
  const std::string file = log_file(folder_, number);
  const uint64_t size = files_->size(file).value_or(0);
  const auto header = parse_header(read_bytes(*files_, file, 0, kHeaderBytes), identity_);
  if (!header && size <= kHeaderBytes) return std::nullopt;  // being made
  if (!header || header->number != number)
    throw Damage(file + " is damaged: not a log file of this store; restore this file");
  if (!counts(identity_, header->start, header->incarnation)) return std::nullopt;
  return header->start;
}

LogReader::NextFile LogReader::enter_next_file() {
  const uint64_t number = end_.file + 1;
  if (!files_->size(log_file(folder_, number))) return NextFile::None;
  const auto start = later_start(number);
  // The file that ends here may have grown since it was read, before the next one was begun.
  const uint64_t size = files_->size(log_file(folder_, end_.file)).value_or(0);
  if (start != end_.end || end_.start + size != end_.end) return NextFile::None;
  end_ = {number, *start, *start + kHeaderBytes, end_.groups, *start};
  return NextFile::Entered;
}

// Why the record at stop_ must once have been valid; nullopt if it need not.
std::optional<std::string> LogReader::proof_of_damage() {
  for (const uint64_t number : file_numbers(*files_, folder_)) {
    if (number <= end_.file) continue;
    const auto start = later_start(number);
    if (start && *start > stop_) return "a later file was begun, " + log_file(folder_, number);
    if (start && *start < stop_)
      throw Damage(log_file(folder_, number) + " is damaged: begins at log byte " +
                   std::to_string(*start) + ", within the file before it; restore this file");
  }
  const std::string_view bytes = buffer_;
  for (uint64_t offset = stop_ + 8; offset - buffer_at_ < bytes.size(); offset += 8) {
    const auto record = parse_record(identity_, offset, bytes.substr(offset - buffer_at_));
    if (!record) continue;
    const auto durable = durable_in(record->body);
    if (durable && *durable > stop_)
      return "log byte " + std::to_string(offset) + " says that it was on the disk";
  }
  return std::nullopt;
}

bool LogReader::has_group_within(uint64_t bytes) {
  const LogEnd before = end_;
  Group group;
  const bool whole = parse_group(group) || load(bytes) || parse_group(group);
  end_ = before;
  return whole;
}

uint64_t LogReader::tail_bytes() {
  uint64_t bytes = 0;
  for (const uint64_t number : file_numbers(*files_, folder_))
    if (number >= end_.file) bytes += files_->size(log_file(folder_, number)).value_or(0);
  return bytes - std::min(bytes, end_.end - end_.start);
}

LogWriter::LogWriter(FileSystem& files,
                     std::string folder,
                     const Identity& identity,
                     const LogEnd& end,
                     uint64_t file_bytes)
    : files_(files),
      folder_(std::move(folder)),
      identity_(identity),
      end_(end),
      file_bytes_(file_bytes) {
  settle_names();  // before what a rewind left behind is removed
  remove_tail();
  write_again();
}

std::string LogWriter::file() const { return log_file(folder_, end_.file); }

void LogWriter::remove_tail() {
  std::vector<uint64_t> numbers = file_numbers(files_, folder_);
  bool removed = false;
  for (; !numbers.empty() && numbers.back() > end_.file; numbers.pop_back(), removed = true)
    files_.unlink(log_file(folder_, numbers.back()));  // the last first: a crash leaves no gap
  if (removed) files_.sync(log_folder(folder_));
  const uint64_t position = end_.end - end_.start;
  if (files_.size(file()) == position) return;
  files_.truncate(file(), position);
  files_.sync(file());
}

// After a failed sync the system may hold pages for clean that the disk never got; only a new write
// makes them reach it.
void LogWriter::write_again() {
  if (end_.groups <= end_.durable) return;
  const uint64_t from = std::max(end_.durable, end_.start + kHeaderBytes) - end_.start;
  const uint64_t size = end_.end - end_.start - from;
  write_all(files_, file(), from, read_bytes(files_, file(), from, size));
  sync();
}

// Whoever made the last file, or renamed store.id, may have been killed before that was on the
// disk; no group may rest on it before it is. Once a group does, it was.
void LogWriter::settle_names() {
  if (end_.groups > std::max(end_.start, identity_.cut)) return;
  sync_file(file());
  sync_file(log_folder(folder_));
  sync_file(folder_);
}

void LogWriter::sync_file(const std::string& file_or_folder) {
  try {
    files_.sync(file_or_folder);
  } catch (...) {
    sound_ = false;
    throw;
  }
}

// Writes at the end of the log. A part that stayed behind could be taken for the beginning of the
// next group, so a failure takes all of it back.
void LogWriter::write_or_take_back(const std::vector<std::string_view>& parts) {
  uint64_t end = end_.end;
  try {
    for (const std::string_view part : parts) {
      write_all(files_, file(), end - end_.start, part);
      end += part.size();
    }
  } catch (...) {
    sound_ = false;
    files_.truncate(file(), end_.end - end_.start);
    files_.sync(file());
    sound_ = true;
    throw;
  }
  end_.end = end;
}

void LogWriter::begin_next_file() {
  sync_file(file());
  const LogEnd next = {end_.file + 1, end_.end, end_.end + kHeaderBytes, end_.groups, end_.end};
  const std::string name = log_file(folder_, next.file);
  write_all(
      files_, name, 0, header_bytes(identity_, {identity_.incarnation, next.file, next.start}));
  sync_file(name);
  sync_file(log_folder(folder_));
  end_ = next;
}

// Small records are written together, large ones from where they lie.
void LogWriter::append(const std::vector<Body>& bodies, Commit& commit) {
  if (end_.end - end_.start >= file_bytes_) begin_next_file();
  commit.durable = end_.durable;
  constexpr size_t kLarge = size_t{1} << 20;
  std::deque<std::string> written(1);  // never moved
  std::vector<std::string_view> parts;
  uint64_t end = end_.end;
  const auto close_part = [&] {
    parts.push_back(written.back());
    written.emplace_back();
  };
  for (const Body& body : bodies) {
    if (body.size() < kLarge) {
      put_record(identity_, end, body, written.back());
    } else {
      written.back() += frame_bytes(identity_, end, body);
      close_part();
      parts.insert(parts.end(), body.pieces.begin(), body.pieces.end());
      written.back().assign(padding_of(body), '\0');
    }
    end += kFrameBytes + body.size() + padding_of(body);
  }
  const std::string last = commit_body(commit);
  put_record(identity_, end, {{last}}, written.back());
  close_part();
  write_or_take_back(parts);
  end_.groups = commit.end = end_.end;
  commit.incarnation = identity_.incarnation;
}

void LogWriter::sync() {
  if (end_.groups <= end_.durable) return;
  sync_file(file());
  end_.durable = end_.end;
  std::string mark;
  const std::string body = durable_body(end_.durable);
  put_record(identity_, end_.end, {{body}}, mark);
  // The mark only sharpens later diagnoses: a disk too full for it does not undo the sync.
  try {
    write_or_take_back({mark});
  } catch (const FileError&) {
  }
}

}  // namespace saggio::graph
