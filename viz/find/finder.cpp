// SPDX-License-Identifier: MIT
#include "viz/find/finder.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>

#include "viz/find/fold.h"

namespace saggio::viz {
namespace {

// How well a text fits, the best first; in a score above the length of the text and the slot of its
// node, so that scores order nodes.
enum class Match : uint64_t { Exact, Begins, BeginsWord, Inside };

constexpr uint64_t kLongest = (uint64_t{1} << 30) - 1;

uint64_t score(Match fit, size_t length, Slot node) {
  return static_cast<uint64_t>(fit) << 62 | std::min<uint64_t>(length, kLongest) << 32 | node;
}
constexpr size_t kNodesAtOnce = 64;  // that are read
Slot node_of(uint64_t score) { return static_cast<Slot>(score); }

// "claim:" and the 64 digits of a SHA-256.
bool is_hash_key(graph::NodeKind kind, std::string_view key) {
  const std::string_view before = name(kind);
  constexpr size_t kDigits = 64;
  return key.size() == before.size() + 1 + kDigits && key.starts_with(before) &&
         key[before.size()] == ':' &&
         key.find_first_not_of("0123456789abcdef", before.size() + 1) == key.npos;
}

std::shared_ptr<const RE2> compiled(std::string_view typed) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  options.set_max_mem(int64_t{8} << 20);
  const std::string_view pattern = typed.substr(1, typed.size() - 2);
  auto made =
      std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!made->ok())
    throw std::invalid_argument(
        fmt::format("find {}: {}; allowed between the slashes: a regular expression in RE2's "
                    "syntax, such as /rain|snow/",
                    typed,
                    made->error()));
  return made;
}

std::optional<Slot> number_typed(std::string_view typed) {
  Slot number = 0;
  if (typed.size() < 2 || typed[0] != '#') return std::nullopt;
  const char* const end = typed.data() + typed.size();
  const auto read = std::from_chars(typed.data() + 1, end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

// What was typed, made ready to be asked of many texts.
class Finder::Pattern {
 public:
  explicit Pattern(std::string_view typed) : needle_(folded(typed)) {
    if (typed.size() > 2 && typed.front() == '/' && typed.back() == '/') regex_ = compiled(typed);
  }
  bool is_regex() const { return regex_ != nullptr; }
  const std::string& needle() const { return needle_; }

  // Of a text in which it is found first at `from`: no fit is better. A regular expression may be
  // found anywhere.
  Match best_fit(Is is, size_t from) const {
    const bool begins = is_regex() ? is == Is::Key : is != Is::Text && from == 0;
    return begins ? Match::Exact : Match::BeginsWord;
  }
  // Whether fit() has a value, for less.
  bool fits(Is is, std::string_view text, size_t from) const {
    if (!is_regex()) return is != Is::HashKey || (from == 0 && finds_hash_keys());
    const re2::StringPiece whole(text.data(), text.size());
    return is != Is::HashKey && regex_->Match(whole, 0, whole.size(), RE2::UNANCHORED, nullptr, 0);
  }
  // Before `from` it is not found.
  std::optional<Match> fit(Is is, std::string_view text, size_t from = 0) const {
    if (is == Is::HashKey && !finds_hash_keys()) return std::nullopt;
    if (is_regex()) return fit_of_match(is, text);
    size_t at = text.find(needle_, from);
    if (at == text.npos || (is == Is::HashKey && at != 0)) return std::nullopt;
    if (is != Is::Text && at == 0)
      return text.size() == needle_.size() ? Match::Exact : Match::Begins;
    for (; at != text.npos; at = text.find(needle_, at + 1))
      if (word_begins(text, at)) return Match::BeginsWord;
    return Match::Inside;
  }

 private:
  bool finds_hash_keys() const { return !is_regex() && needle_.find(':') != needle_.npos; }
  std::optional<Match> fit_of_match(Is is, std::string_view text) const {
    const re2::StringPiece whole(text.data(), text.size());
    re2::StringPiece match;
    if (!regex_->Match(whole, 0, whole.size(), RE2::UNANCHORED, &match, 1)) return std::nullopt;
    const auto at = static_cast<size_t>(match.data() - whole.data());
    if (is == Is::Key && at == 0)
      return match.size() == whole.size() ? Match::Exact : Match::Begins;
    return word_begins(text, at) ? Match::BeginsWord : Match::Inside;
  }

  std::string needle_;
  std::shared_ptr<const RE2> regex_;
};

// Calls visit(is, text) for each text of a node that is not empty, once all of them were read.
template <typename Visit>
void Finder::for_each_text(Slot node,
                           const graph::AsOf& as_of,
                           const Searched& searched,
                           const Visit& visit) {
  const graph::History& history = searched.history;
  const auto attributes = history.view_node(node, as_of);
  std::string packed;
  if (attributes && attributes->packed)
    packed = searched.text_of(history.node(node, as_of)->attributes).substr(0, kMostOfPacked);
  const auto tell = [&](Is is, std::string_view text) {
    if (!text.empty()) visit(is, text);
  };
  const std::string_view key = history.node_key(node);
  tell(is_hash_key(history.node_kind(node), key) ? Is::HashKey : Is::Key, key);
  if (!attributes) return;
  attributes->labels.for_each([&](std::string_view label) { tell(Is::Text, label); });
  tell(Is::Text, attributes->packed ? packed : attributes->text);
}

Finder::Shelf::Shelf() {
  block.reserve(kBytes);
  begins.reserve(kEntries);
  node.reserve(kEntries);
  is.reserve(kEntries);
}

void Finder::Shelf::add(Slot of, Is what, std::string_view text) {
  append_folded(text, block);
  block += '\n';
  begins.push_back(static_cast<uint32_t>(block.size()));
  node.push_back(of);
  is.push_back(what);
}

void Finder::Shelf::cut(size_t to) {
  block.resize(begins[to]);
  begins.resize(to + 1);
  node.resize(to);
  is.resize(to);
}

bool Finder::came_with(const Texts& before, const Texts& texts) const {
  if (texts.count != before.count) return false;
  for (size_t i = 0; i < texts.count; ++i)
    if (shelves_[before.shelf].entry(before.first + i) !=
        shelves_[texts.shelf].entry(texts.first + i))
      return false;
  return true;
}

// What the node was said to be in the versions that are being read.
void Finder::read(Slot node, const Searched& searched) {
  if (node >= came_with_.size()) {
    came_with_.resize(size_t{node} + 1);
    varies_.resize(size_t{node} + 1);
  }
  searched.history.node_rows(node, rows_);
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row) {
    if (row->from <= head_ || row->from > reading_.to) continue;
    if (shelves_.empty() || shelves_.back().is_full()) shelves_.emplace_back();
    Shelf& shelf = shelves_.back();
    const size_t begin = shelf.entries();
    for_each_text(node, {.version = row->from}, searched, [&](Is is, std::string_view text) {
      shelf.add(node, is, text);
    });
    const Texts texts{static_cast<uint32_t>(shelves_.size() - 1),
                      static_cast<uint32_t>(begin),
                      static_cast<uint32_t>(shelf.entries() - begin)};
    Texts& first = came_with_[node];
    if (first.count == kNoneYet)
      first = texts;
    else if (came_with(first, texts))
      shelf.cut(begin);
    else
      varies_[node] = 1;
  }
}

void Finder::read_some(const Searched& searched) {
  for (size_t i = 0; i < kNodesAtOnce && !reading_.done(); ++i) {
    Slot node = 0;  // is not read again if it cannot be read
    if (reading_.changed.empty()) {
      node = reading_.next++;
    } else {
      node = static_cast<Slot>(reading_.changed.back());
      reading_.changed.pop_back();
    }
    read(node, searched);
  }
}

void Finder::begin_to_read(const graph::History& history) {
  head_ = reading_.to;
  if (history.head() == head_) return;
  graph::Changes changes = history.changes_since(head_);
  std::erase_if(changes.nodes, [&](graph::NodeId node) { return node >= changes.first_node; });
  reading_ = {.to = history.head(),
              .changed = std::move(changes.nodes),
              .next = static_cast<Slot>(changes.first_node),
              .nodes = static_cast<Slot>(history.commits().back().nodes)};
}

size_t Finder::bytes() const {
  size_t bytes = 0;
  for (const Shelf& shelf : shelves_) bytes += shelf.block.size();
  return bytes;
}

// The entry that holds this place of the block, of those from `from` on; near ones are found first.
size_t Finder::Shelf::entry_at(size_t place, size_t from) const {
  size_t step = 1;
  while (from + step < entries() && begins[from + step] <= place) step *= 2;
  const auto first = begins.begin() + static_cast<std::ptrdiff_t>(from + step / 2);
  const auto last = begins.begin() + static_cast<std::ptrdiff_t>(std::min(from + step, entries()));
  return static_cast<size_t>(std::upper_bound(first, last, place) - begins.begin()) - 1;
}

void Finder::ask(std::string_view typed, size_t most) {
  pattern_.reset();
  found_ = {};
  typed_ = typed;
  most_ = most;
  done_ = begun_ = again_ = false;
  if (typed.empty()) return;
  done_ = true;  // if it is no regular expression
  pattern_ = std::make_shared<const Pattern>(typed);
  found_.looked = 0;
  done_ = false;
}

void Finder::forget() {
  const std::string typed = typed_;
  const size_t most = most_;
  const auto pattern = pattern_;
  *this = Finder();
  if (pattern) ask(typed, most);
}

void Finder::begin(const Searched& searched) {
  again_ = begun_;
  begun_ = true;
  of_ = searched.scene.as_of();
  if (reading_.done()) begin_to_read(searched.history);
  next_shelf_ = next_entry_ = matches_ = 0;
  looked_at_ = 0;
  best_.clear();
  unsure_.clear();
  asked_.clear();
  const std::vector<uint8_t>& there = searched.scene.nodes().there;
  const auto number = number_typed(typed_);
  done_ = number && *number < there.size() && there[*number];
  if (done_) take(*number);
}

// What is read is looked through at once. Nodes that changed are read before any text is looked
// through, so that a node is either sure or asked about, and counted once.
void Finder::step(const Searched& searched) {
  if (!unsure_.empty()) {
    const Slot node = unsure_.back();
    unsure_.pop_back();
    ask_store(node, searched);
  } else if (!reading_.changed.empty()) {
    read_some(searched);
  } else if (next_shelf_ < shelves_.size() && next_entry_ < shelves_[next_shelf_].entries()) {
    look_through(shelves_[next_shelf_], searched.scene.nodes().there);
    next_entry_ = shelves_[next_shelf_].entries();
    looked_at_ = std::max(looked_at_, shelves_[next_shelf_].node.back());
  } else if (next_shelf_ + 1 < shelves_.size()) {
    ++next_shelf_;
    next_entry_ = 0;
  } else if (!reading_.done()) {
    read_some(searched);
  } else {
    head_ = reading_.to;
    done_ = true;
  }
}

void Finder::read_ahead(const Searched& searched, Clock::time_point until) {
  if (reading_.done()) begin_to_read(searched.history);
  while (!reading_.done()) {
    read_some(searched);
    if (Clock::now() >= until) break;
  }
  done_ = reading_.done();
}

void Finder::look(const Searched& searched, Clock::time_point until) {
  if (!pattern_) return read_ahead(searched, until);
  const graph::AsOf& as_of = searched.scene.as_of();
  if (!begun_ || (done_ && (of_ != as_of || head_ < as_of.version))) begin(searched);
  while (!done_) {
    step(searched);
    if (Clock::now() >= until) break;
  }
  tell();
}

// Of the shelf, what was not looked through.
void Finder::look_through(const Shelf& shelf, const std::vector<uint8_t>& there) {
  const std::string& needle = pattern_->needle();
  std::optional<std::pair<Slot, uint64_t>> last;  // a node, and the best score of its texts so far
  for (size_t e = next_entry_; e < shelf.entries(); ++e) {
    size_t from = 0;
    if (!pattern_->is_regex()) {
      const char* const begin = shelf.block.data() + shelf.begins[e];
      const char* const end = shelf.block.data() + shelf.block.size();
      const void* const hit =
          ::memmem(begin, static_cast<size_t>(end - begin), needle.data(), needle.size());
      if (!hit) break;
      const auto at = static_cast<size_t>(static_cast<const char*>(hit) - shelf.block.data());
      e = shelf.entry_at(at, e);
      from = at - shelf.begins[e];
    }
    const Slot node = shelf.node[e];
    if (node >= there.size() || !there[node]) continue;  // the scene may show an older version
    if (varies_[node]) {
      if (asked_.insert(node).second) unsure_.push_back(node);
      continue;
    }
    const bool same = last && last->first == node;
    if (same && last->second <= best_score(shelf, e, from)) continue;
    const auto found = score_of(shelf, e, from);
    if (!found) continue;
    if (same) {
      last->second = std::min(last->second, *found);
      continue;
    }
    if (last) take(last->second);
    last = {node, *found};
  }
  if (last) take(last->second);
}

// Of the entry, in which it is first found at `from`: no score is better.
uint64_t Finder::best_score(const Shelf& shelf, size_t e, size_t from) const {
  return score(pattern_->best_fit(shelf.is[e], from), shelf.entry(e).size(), shelf.node[e]);
}

// Where the best that it could be is not among the best, whether it matches is enough.
std::optional<uint64_t> Finder::score_of(const Shelf& shelf, size_t e, size_t from) const {
  const std::string_view text = shelf.entry(e);
  const Is is = shelf.is[e];
  const uint64_t at_best = best_score(shelf, e, from);
  if (!is_among_the_best(at_best))
    return pattern_->fits(is, text, from) ? std::optional(at_best) : std::nullopt;
  const auto fit = pattern_->fit(is, text, from);
  return fit ? std::optional(score(*fit, text.size(), shelf.node[e])) : std::nullopt;
}

// One whose texts changed: what of them holds at the point that is shown.
void Finder::ask_store(Slot node, const Searched& searched) {
  std::optional<uint64_t> best;
  for_each_text(node, of_, searched, [&](Is is, std::string_view text) {
    const std::string one = folded(text);
    if (const auto fit = pattern_->fit(is, one))
      best = std::min(best.value_or(UINT64_MAX), score(*fit, one.size(), node));
  });
  if (best) take(*best);
}

bool Finder::is_among_the_best(uint64_t score) const {
  return best_.size() < most_ || (!best_.empty() && score < best_.front());
}

void Finder::take(uint64_t score) {
  ++matches_;
  if (!is_among_the_best(score)) return;
  if (best_.size() == most_) {
    std::pop_heap(best_.begin(), best_.end());
    best_.pop_back();
  }
  best_.push_back(score);
  std::push_heap(best_.begin(), best_.end());
}

void Finder::tell() {
  if (again_ && !done_) return;
  std::vector<uint64_t> scores = best_;
  std::sort(scores.begin(), scores.end());
  const float looked = static_cast<float>(looked_at_) / static_cast<float>(reading_.nodes + 1);
  found_ = {{}, matches_, done_ ? 1 : looked};
  for (const uint64_t one : scores) found_.nodes.push_back(node_of(one));
}

}  // namespace saggio::viz
