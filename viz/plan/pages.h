// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace saggio::viz {

// Items by the million of which few change at a time: copies share pages until one of them writes
// there, so that a copy costs little, and a page that is the same one has the same items. One thread
// at a time uses those that share.
template <typename Item>
class Pages {
 public:
  static constexpr size_t kItems = 1024;  // of a page
  using Page = std::array<Item, kItems>;

  Pages() = default;
  Pages(std::span<const Item> items) {  // NOLINT(google-explicit-constructor): a copy of it
    resize(items.size());
    for (size_t i = 0; i < items.size(); ++i) write(i) = items[i];
  }
  Pages(const std::vector<Item>& items)  // NOLINT(google-explicit-constructor)
      : Pages(std::span<const Item>(items)) {}

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const Item& operator[](size_t i) const { return (*pages_[i / kItems])[i % kItems]; }
  // Copies the page if it is shared. Borrowed until the next copy is made.
  Item& write(size_t i) {
    std::shared_ptr<Page>& page = pages_[i / kItems];
    if (page.use_count() > 1) page = std::make_shared<Page>(*page);
    return (*page)[i % kItems];
  }
  // Never to fewer; new ones are as Item() makes them.
  void resize(size_t size) {
    while (pages_.size() * kItems < size) pages_.push_back(std::make_shared<Page>());
    size_ = std::max(size_, size);
  }

  size_t pages() const { return pages_.size(); }
  std::span<const Item> page(size_t p) const {
    return std::span<const Item>(*pages_[p]).first(std::min(kItems, size_ - p * kItems));
  }
  // Whether they are the same ones, not only equal.
  bool shares(size_t p, const Pages& with) const {
    return p < with.pages_.size() && pages_[p] == with.pages_[p];
  }

 private:
  std::vector<std::shared_ptr<Page>> pages_;
  size_t size_ = 0;
};

}  // namespace saggio::viz
