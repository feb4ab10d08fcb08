// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace saggio::kernels {

// Many arrays seen as one line of elements, so that work is cut by size and not by array: a
// thousand small ones cost no more than a large one, and a large one is shared among threads.
class WorkList {
 public:
  void reserve(size_t arrays) { ends_.reserve(arrays); }
  void add(int64_t elements) { ends_.push_back(size() + elements); }
  int64_t size() const { return ends_.empty() ? 0 : ends_.back(); }

  // Calls visit(array, offset, count) for each piece of an array within [begin, end), in order.
  template <class Visit>
  void for_pieces(int64_t begin, int64_t end, const Visit& visit) const {
    auto array =
        static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), begin) - ends_.begin());
    for (; begin < end; ++array) {
      const int64_t start = array == 0 ? 0 : ends_[array - 1];
      const int64_t stop = std::min(end, ends_[array]);
      if (stop > begin) visit(array, begin - start, stop - begin);
      begin = std::max(begin, stop);
    }
  }

 private:
  std::vector<int64_t> ends_;
};

}  // namespace saggio::kernels
