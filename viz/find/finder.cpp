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

#include "graph/parallel.h"
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

  // Before `from` it is not found.
  std::optional<Match> fit(Is is, std::string_view text, size_t from = 0) const {
    if (is == Is::HashKey && (is_regex() || needle_.find(':') == needle_.npos)) return std::nullopt;
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

// What one part of the block holds: the best score of each node, or, if its texts varied, that it
// must be asked.
class Finder::Gathering {
 public:
  Gathering(const std::vector<uint8_t>& there, const std::vector<uint8_t>& varies)
      : there_(there), varies_(varies) {}
  void add(Slot node, Match fit, size_t length) {
    if (node >= there_.size() || !there_[node]) return;  // the scene may show an older version
    if (varies_[node]) {
      if (unsure.empty() || unsure.back() != node) unsure.push_back(node);
      return;
    }
    const uint64_t found = score(fit, length, node);
    if (!scores.empty() && node_of(scores.back()) == node)
      scores.back() = std::min(scores.back(), found);
    else
      scores.push_back(found);
  }

  std::vector<uint64_t> scores;
  std::vector<Slot> unsure;

 private:
  const std::vector<uint8_t>& there_;
  const std::vector<uint8_t>& varies_;
};

std::vector<Finder::Text> Finder::texts_of(Slot node,
                                           const graph::AsOf& as_of,
                                           const graph::History& history,
                                           const graph::TextOf& text_of) {
  std::vector<Text> texts;
  const auto add = [&](Is is, std::string_view text) {
    if (!text.empty()) texts.push_back({is, folded(text)});
  };
  const std::string_view key = history.node_key(node);
  add(is_hash_key(history.node_kind(node), key) ? Is::HashKey : Is::Key, key);
  const auto attributes = history.view_node(node, as_of);
  if (!attributes) return texts;
  attributes->labels.for_each([&](std::string_view label) { add(Is::Text, label); });
  if (!attributes->packed) add(Is::Text, attributes->text);
  if (attributes->packed)
    add(Is::Text,
        std::string_view(text_of(history.node(node, as_of)->attributes)).substr(0, kMostOfPacked));
  return texts;
}

void Finder::add(Slot node, const std::vector<Text>& texts) {
  for (const auto& [is, text] : texts) {
    block_ += text;
    block_ += '\n';
    begins_.push_back(block_.size());
    node_.push_back(node);
    is_.push_back(is);
  }
}

bool Finder::came_with(Slot node, const std::vector<Text>& texts) const {
  const Texts& before = came_with_[node];
  if (texts.size() != before.count) return false;
  for (size_t i = 0; i < texts.size(); ++i)
    if (entry(before.first + i) != texts[i].folded) return false;
  return true;
}

// What the node was said to be since the last time.
void Finder::read(Slot node, const graph::History& history, const graph::TextOf& text_of) {
  std::vector<graph::RowNumbers> rows;
  history.node_rows(node, rows);
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->from <= head_) continue;
    const std::vector<Text> texts = texts_of(node, {.version = row->from}, history, text_of);
    if (came_with_[node].count == kNoneYet) {
      came_with_[node] = {static_cast<uint32_t>(entries()), static_cast<uint32_t>(texts.size())};
      add(node, texts);
    } else if (!came_with(node, texts)) {
      varies_[node] = 1;
      add(node, texts);
    }
  }
}

void Finder::follow(const graph::History& history, const graph::TextOf& text_of) {
  if (history.head() == head_) return;
  const graph::Changes changes = history.changes_since(head_);
  const auto nodes = static_cast<Slot>(history.commits().back().nodes);
  came_with_.resize(nodes);
  varies_.resize(nodes);
  for (auto node = static_cast<Slot>(changes.first_node); node < nodes; ++node)
    read(node, history, text_of);
  for (const graph::NodeId node : changes.nodes)
    if (node < changes.first_node) read(static_cast<Slot>(node), history, text_of);
  head_ = history.head();
}

// The entry that holds this place of the block, of those from `from` on; near ones are found first.
size_t Finder::entry_at(size_t place, size_t from) const {
  size_t step = 1;
  while (from + step < entries() && begins_[from + step] <= place) step *= 2;
  const auto first = begins_.begin() + static_cast<std::ptrdiff_t>(from + step / 2);
  const auto last = begins_.begin() + static_cast<std::ptrdiff_t>(std::min(from + step, entries()));
  return static_cast<size_t>(std::upper_bound(first, last, place) - begins_.begin()) - 1;
}

void Finder::search(const Pattern& pattern, size_t first, size_t last, Gathering& into) const {
  const auto ask = [&](size_t e, size_t from) {
    if (const auto fit = pattern.fit(is_[e], entry(e), from))
      into.add(node_[e], *fit, entry(e).size());
  };
  if (pattern.is_regex()) {
    for (size_t e = first; e < last; ++e) ask(e, 0);
    return;
  }
  const std::string& needle = pattern.needle();
  for (size_t e = first; e < last; ++e) {
    const size_t from = begins_[e];
    const void* const hit =
        ::memmem(block_.data() + from, begins_[last] - from, needle.data(), needle.size());
    if (!hit) return;
    const auto at = static_cast<size_t>(static_cast<const char*>(hit) - block_.data());
    e = entry_at(at, e);
    ask(e, at - begins_[e]);
  }
}

Found Finder::find(std::string_view typed, size_t most, const Searched& searched) {
  follow(searched.history, searched.text_of);
  const std::vector<uint8_t>& there = searched.scene.nodes().there;
  if (const auto number = number_typed(typed); number && *number < there.size() && there[*number])
    return {std::vector<Slot>(std::min<size_t>(most, 1), *number), 1};
  const Pattern pattern(typed);
  if (typed.empty()) return {};

  std::vector<Gathering> parts(graph::parts_of(entries()), Gathering(there, varies_));
  graph::in_parts(entries(), [&](size_t part, size_t first, size_t last) {
    const auto to_next_node = [&](size_t& e) {  // a node is not cut in two
      while (e > 0 && e < entries() && node_[e] == node_[e - 1]) ++e;
    };
    to_next_node(first);
    to_next_node(last);
    search(pattern, first, last, parts[part]);
  });

  std::vector<uint64_t> scores;
  std::vector<Slot> unsure;
  for (const Gathering& part : parts) {
    scores.insert(scores.end(), part.scores.begin(), part.scores.end());
    unsure.insert(unsure.end(), part.unsure.begin(), part.unsure.end());
  }
  std::sort(unsure.begin(), unsure.end());
  unsure.erase(std::unique(unsure.begin(), unsure.end()), unsure.end());
  for (const Slot node : unsure) {
    std::optional<uint64_t> best;
    const auto& as_of = searched.scene.as_of();
    for (const auto& [is, text] : texts_of(node, as_of, searched.history, searched.text_of))
      if (const auto fit = pattern.fit(is, text))
        best = std::min(best.value_or(UINT64_MAX), score(*fit, text.size(), node));
    if (best) scores.push_back(*best);
  }

  const size_t best = std::min(most, scores.size());
  std::partial_sort(
      scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(best), scores.end());
  Found found{{}, scores.size()};
  for (size_t i = 0; i < best; ++i) found.nodes.push_back(node_of(scores[i]));
  return found;
}

}  // namespace saggio::viz
