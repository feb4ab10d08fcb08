// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// JSON from strangers: strict, of bounded depth, no key twice. All complaints are
// std::invalid_argument, without the place, which the caller knows.
namespace saggio::graph {

inline constexpr int kDeepestJson = 64;  // arrays and objects within each other

// A parser's callback (nlohmann's) that throws on what is too deep and on a key that stands twice.
class JsonLimits {
 public:
  void check(int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed);

 private:
  std::vector<std::set<std::string>> keys_;  // of the objects that are open, by depth
};

// Calls `parse` and turns what nlohmann::json throws into std::invalid_argument of one short line.
void or_refuse_json(const std::function<void()>& parse);

nlohmann::json parse_json(std::string_view text);

// Text as it stands; a number, true, false or null as JSON writes it; arrays and objects likewise.
std::string plain_text(const nlohmann::json& value);

// Takes a member out of an object; null if it has none of this name.
nlohmann::json take_member(nlohmann::json& object, const char* key);
// The same of a member that must be text, if it is there and not null.
std::string take_text(nlohmann::json& object, const char* key);

// The shortest decimal that reads as this float.
double shortest(float value);

}  // namespace saggio::graph
