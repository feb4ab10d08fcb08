// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/event_tail.h"
#include "results/store/files.h"

// Event files that TensorBoard reads: `tensorboard --logdir DIR` shows a run's curves while it
// runs. A file is a sequence of records, each framed as in TensorFlow's record_writer (length,
// masked CRC-32C of the length, bytes, masked CRC-32C of the bytes; little-endian), each the
// protobuf message tensorflow.Event with one scalar (event.proto, summary.proto). Encoded here by
// hand: three messages with five fields between them.
namespace saggio::results {

uint32_t crc32c(std::string_view bytes);         // Castagnoli, RFC 3720 appendix B.4
uint32_t masked_crc32c(std::string_view bytes);  // as the framing stores it

struct Scalar {
  double wall_time = 0;  // seconds since 1970
  int64_t step = 0;
  std::string tag;
  float value = 0;  // the format has no more digits than this
};

void append_record(std::string& out, std::string_view message);
std::string encoded_version(double wall_time);  // the first record of every file
std::string encoded(const Scalar& scalar);

// Calls `use` for every scalar of a file's bytes and returns the length of the whole, undamaged
// records at its beginning; what follows is a torn or damaged tail. Other messages are passed over.
size_t for_each_scalar(std::string_view bytes, const std::function<void(const Scalar&)>& use);

// Keeps one event file in step with one run's events.jsonl. The events are the truth, and the same
// identity writes the same ones: what an earlier process has copied is recognised and not written
// twice, a torn tail is cut, and a file whose events are no longer those of the run is begun anew.
// One per run and folder at a time.
class TensorBoardFile {
 public:
  // The speed of the run, which is no event since clocks never repeat; written by update().
  static constexpr std::string_view kSpeedTag = "saggio/steps_per_second";

  // `folder` is made when there is something to write; TensorBoard names the run by it.
  TensorBoardFile(std::filesystem::path events, std::filesystem::path folder);

  // Copies what is new, stamped with `wall_time`; if `live`, the steps per second since the last
  // update too. Cheap when nothing is new. Throws std::runtime_error naming the file.
  void update(double wall_time, bool live);

 private:
  void open(double wall_time);
  void begin_anew(double wall_time);
  void copy(const Event& event, double wall_time);
  void add_speed(double wall_time);
  void flush();

  std::filesystem::path folder_, file_;
  EventTail tail_;
  std::filesystem::path events_;
  std::optional<Descriptor> out_;
  std::vector<Scalar> known_;  // copied earlier, until they are recognised
  size_t seen_ = 0;            // events since the file's beginning
  bool changed_ = false;       // the events are not those that were copied earlier
  std::string buffer_;
  int64_t step_ = 0, speed_step_ = 0;
  double speed_time_ = 0;  // 0: no update yet
};

}  // namespace saggio::results
