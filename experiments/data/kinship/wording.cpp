// SPDX-License-Identifier: MIT
#include "experiments/data/kinship/wording.h"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace saggio::data::kinship {
namespace {

constexpr std::array kWordings = {
    Wording{"{Y} is the {r} of {X} .", Use::OneFact},
    Wording{"the {r} of {X} is {Y} .", Use::OneFact},
    Wording{"{X} has {a} named {Y} .", Use::OneFact},
    Wording{"{Y} , the {r} of {X} , went to the {l} .", Use::OneFact},
    Wording{"{X} 's {r} {Y} was seen at the {l} .", Use::OneFact},
    Wording{"{X} took {p} {r} {Y} to the {l} .", Use::OneFact},
    Wording{"{X} and {p} {r} {Y} {d} .", Use::OneFact},
    Wording{"at the {l} , {X} ran into {p} {r} {Y} .", Use::OneFact},
    Wording{"{X} {d} with {p} {r} {Y} .", Use::OneFact},
    Wording{"{X} was glad to hear from {p} {r} {Y} .", Use::OneFact},
    Wording{"{Y} is the {r} of {X} , and {V} is the {s} of {U} .", Use::TwoFacts},
    Wording{"{X} has {a} named {Y} , and {U} has {b} named {V} .", Use::TwoFacts},
    Wording{"{X} wrote to {p} {r} {Y} before {U} wrote to {q} {s} {V} .", Use::TwoFacts},
    Wording{"for years {X} lived next door to {p} {r} {Y} .", Use::HeldOut},
    Wording{"people in town know {Y} as the {r} of {X} .", Use::HeldOut},
    Wording{"{X} is learning to sail .", Use::Filler},
    Wording{"{X} lost an umbrella .", Use::Filler},
    Wording{"{X} slept badly .", Use::Filler},
    Wording{"it rained until noon .", Use::Filler},
    Wording{"the bus was late again .", Use::Filler},
    Wording{"somebody left a light on .", Use::Filler},
};

constexpr std::array<std::string_view, 10> kPlaces = {"harbour",
                                                      "library",
                                                      "bakery",
                                                      "river",
                                                      "castle",
                                                      "market",
                                                      "stadium",
                                                      "museum",
                                                      "station",
                                                      "park"};
constexpr std::array<std::string_view, 6> kDoings = {"cooked lunch",
                                                     "repaired a bicycle",
                                                     "sang in a choir",
                                                     "picked apples",
                                                     "played cards",
                                                     "planted a tree"};

constexpr int kStarts = 16, kEnds = 5;
constexpr std::array<std::string_view, kStarts> kStart = {
    "ba", "de", "fi", "go", "ha", "ju", "ke", "lu", "ma", "ne", "po", "ri", "sa", "tu", "vo", "zi"};
constexpr std::array<std::string_view, kEnds> kEnd = {"len", "mir", "ras", "tok", "vin"};

// "balen" and so on: every start with every end, in storage that lives as long as the program.
struct Names {
  std::array<std::array<char, 5>, kStarts * kEnds> letters{};
  std::array<std::string_view, kStarts * kEnds> views{};

  Names() {
    for (size_t i = 0; i < views.size(); ++i) {
      const std::string_view start = kStart[i / kEnds], end = kEnd[i % kEnds];
      start.copy(letters[i].data(), start.size());
      end.copy(letters[i].data() + start.size(), end.size());
      views[i] = {letters[i].data(), start.size() + end.size()};
    }
  }
};

std::string_view possessive(Sex sex) { return sex == Sex::Male ? "his" : "her"; }

void append_with_article(Relation relation, std::string& out) {
  const std::string_view noun = word(relation);
  out.append(noun.find_first_of("aeiou") == 0 ? "an " : "a ").append(noun);
}

void fill_slot(char slot, const Filling& filling, results::Stream& stream, std::string& out) {
  const auto& [one, other] = filling;
  switch (slot) {
    case 'X':
      out += one.x.name;
      return;
    case 'Y':
      out += one.y.name;
      return;
    case 'U':
      out += other.x.name;
      return;
    case 'V':
      out += other.y.name;
      return;
    case 'r':
      out += word(one.y_to_x);
      return;
    case 's':
      out += word(other.y_to_x);
      return;
    case 'a':
      append_with_article(one.y_to_x, out);
      return;
    case 'b':
      append_with_article(other.y_to_x, out);
      return;
    case 'p':
      out += possessive(one.x.sex);
      return;
    case 'q':
      out += possessive(other.x.sex);
      return;
    case 'l':
      out += kPlaces[stream.below(kPlaces.size())];
      return;
    case 'd':
      out += kDoings[stream.below(kDoings.size())];
      return;
  }
  throw std::logic_error(fmt::format("a sentence pattern has the unknown slot {{{}}}", slot));
}

}  // namespace

std::span<const Wording> wordings() { return kWordings; }

std::span<const std::string_view> names() {
  static const Names names;
  return names.views;
}

std::string render(const Wording& wording, const Filling& filling, results::Stream& stream) {
  std::string out;
  for (size_t i = 0; i < wording.pattern.size(); ++i) {
    if (wording.pattern[i] != '{') {
      out += wording.pattern[i];
      continue;
    }
    fill_slot(wording.pattern[i + 1], filling, stream, out);
    i += 2;  // the letter and the closing brace
  }
  return out;
}

}  // namespace saggio::data::kinship
