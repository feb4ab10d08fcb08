// SPDX-License-Identifier: MIT
#include "results/store/event_tail.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "results/store/files.h"

namespace saggio::results {
namespace fs = std::filesystem;

void EventTail::start(uint64_t size) {
  started_ = true;
  offset_ = size > most_bytes_ ? size - most_bytes_ - 1 : 0;  // the byte before may end a line
  mid_line_ = offset_ > 0;
}

bool EventTail::look(const std::function<void(const Event&)>& use,
                     const std::function<void()>& restarted) {
  std::error_code absent;
  const uint64_t size = fs::file_size(file_, absent);
  if (absent) return false;
  const bool cut = started_ && size < offset_;
  if (cut && restarted) restarted();
  if (cut || !started_) start(size);
  if (size == offset_) return cut;

  const Descriptor in = open_file(file_, OpenFor::kReading);
  if (::lseek(in.number(), static_cast<off_t>(offset_), SEEK_SET) < 0) throw_errno(file_, "read");
  constexpr size_t kPiece = 64 << 10;
  std::string text;
  Event event;
  while (true) {
    const size_t kept = text.size();
    text.resize(kept + kPiece);
    text.resize(kept + read_some(in, {text.data() + kept, kPiece}, file_));
    if (text.size() == kept) return cut;
    size_t begin = 0;
    for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string_view line = std::string_view(text).substr(begin, end - begin);
      if (!std::exchange(mid_line_, false)) {
        if (!parse_event(line, event))
          throw std::runtime_error(
              fmt::format("{}: byte {}: not an event, expected {{\"step\":..,\"name\":..,"
                          "\"value\":..}}; remove the run's folder and run again",
                          file_.string(),
                          offset_));
        use(event);
      }
      offset_ += line.size() + 1;
    }
    text.erase(0, begin);
  }
}

}  // namespace saggio::results
