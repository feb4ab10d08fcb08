// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "graph/formats/elements.h"
#include "graph/formats/import.h"
#include "graph/formats/lines.h"
#include "graph/formats/record_json.h"
#include "graph/formats/time_text.h"
#include "graph/formats/xml_reader.h"

// GEXF 1.1 to 1.3.
namespace saggio::graph {
namespace {

using Token = XmlReader::Token;
constexpr TimeUs kDay = 86'400'000'000;

// What an element says of when it is there.
struct Spell {
  std::string start, end;
  bool is_open = false;  // the end is not a part of it
};

class GexfReader {
 public:
  GexfReader(std::istream& in, Store& store, ImportReport& report, const ImportOptions& options)
      : xml_(in, options.name), report_(report), import_(store, report, options) {}

  void read() {
    at_token(xml_, xml_.input(), [&] { document(); });
    report_.lines = xml_.lines();
    report_.carriage_returns = xml_.carriage_returns();
  }

 private:
  struct Title {
    std::string title;
    std::optional<std::string> standard;
  };
  using Titles = std::map<std::string, Title, std::less<>>;  // by id

  void document() {
    if (xml_.next() != Token::Start || xml_.name() != "gexf")
      xml_.refuse(fmt::format("the root element is <{}>, expected <gexf>", clean(xml_.name())));
    xml_.children([&](std::string_view name) { name == "graph" ? graph() : other(name); });
    if (xml_.next() != Token::Done) xml_.refuse("something behind </gexf>");
    import_.finish();
  }

  void other(std::string_view name) {
    if (name != "meta") import_.drop(fmt::format("<{}>", clean(name)));
    xml_.skip();
  }

  void graph() {
    if (xml_.attribute("defaultedgetype").value_or("undirected") != "directed")
      import_.note("the graph is undirected: each edge stands once, as it is written");
    xml_.children([&](std::string_view name) {
      if (name == "attributes") return titles();
      if (name == "nodes") return nodes();
      if (name == "edges")
        return xml_.children(
            [&](std::string_view child) { child == "edge" ? edge() : other(child); });
      other(name);
    });
  }

  void titles() {
    Titles& titles = xml_.needed("class") == "edge" ? edge_titles_ : node_titles_;
    xml_.children([&](std::string_view name) {
      if (name != "attribute") return other(name);
      const std::string id(xml_.needed("id"));
      Title title{std::string(xml_.needed("title")), std::nullopt};
      xml_.children([&](std::string_view child) {
        if (child == "default")
          title.standard = xml_.all_text();
        else
          xml_.skip();
      });
      if (!titles.emplace(id, std::move(title)).second)
        xml_.refuse(fmt::format("two attributes have the id {}", shown(id)));
    });
  }

  void nodes() {
    xml_.children([&](std::string_view name) { name == "node" ? node() : other(name); });
  }

  // What nodes and edges share; the attributes of the tag that are not in `own` are ours.
  struct Element {
    NamedTexts fields;
    std::vector<Spell> spells;
    std::string label;
  };

  Element begin_element() {
    Element element;
    element.label = xml_.attribute("label").value_or("");
    Spell spell = spell_of_tag();
    if (!spell.start.empty() || !spell.end.empty()) element.spells.push_back(std::move(spell));
    for (const char* name : {"timestamp", "timestamps", "intervals"})
      if (const auto value = xml_.attribute(name))
        element.fields.push_back({name, std::string(*value)});
    return element;
  }

  Spell spell_of_tag() const {
    const auto get = [&](const char* name) {
      return std::string(xml_.attribute(name).value_or(""));
    };
    Spell spell{get("start"), get("end"), false};
    if (spell.start.empty()) spell.start = get("startopen");
    if (spell.end.empty() && xml_.attribute("endopen")) spell = {spell.start, get("endopen"), true};
    return spell;
  }

  void child(std::string_view name, const Titles& titles, Element& element) {
    if (name == "attvalues")
      return xml_.children([&](std::string_view value) {
        value == "attvalue" ? attvalue(titles, element) : other(value);
      });
    if (name == "spells" || name == "slices")
      return xml_.children([&](std::string_view) {
        element.spells.push_back(spell_of_tag());
        xml_.skip();
      });
    if (name.starts_with("viz:"))
      import_.drop("drawings");
    else
      import_.drop(fmt::format("<{}>", clean(name)));
    xml_.skip();
  }

  // One value; of one that changes over time, the last.
  void attvalue(const Titles& titles, Element& element) {
    const auto by = xml_.attribute("for") ? xml_.attribute("for") : xml_.attribute("id");
    if (!by) xml_.refuse("<attvalue> without its attribute for");
    const auto found = titles.find(*by);
    const std::string title = found == titles.end() ? std::string(*by) : found->second.title;
    std::string value(xml_.attribute("value").value_or(""));
    const bool is_timed =
        xml_.attribute("start") || xml_.attribute("end") || xml_.attribute("timestamp");
    for (NamedText& field : element.fields)
      if (is_timed && field.name == title) {
        import_.drop("earlier values of attributes that change over time");
        field.text = std::move(value);
        return xml_.skip();
      }
    element.fields.push_back({title, std::move(value)});
    xml_.skip();
  }

  void node() {
    const std::string id(xml_.needed("id"));
    Element element = begin_element();
    if (const auto parent = xml_.attribute("pid"))
      element.fields.push_back({"pid", std::string(*parent)});
    xml_.children([&](std::string_view name) {
      if (name == "nodes") return nodes();
      if (name == "edges")
        return xml_.children([&](std::string_view one) { one == "edge" ? edge() : other(one); });
      child(name, node_titles_, element);
    });
    finish(element, node_titles_);
    if (element.label != id) element.fields.push_back({"label", element.label});
    import_.node(id, element.fields);
  }

  void edge() {
    const std::string source(xml_.needed("source")), target(xml_.needed("target"));
    const std::string id(xml_.attribute("id").value_or("")),
        kind(xml_.attribute("kind").value_or(""));
    const auto direction = xml_.attribute("type");
    if (direction == "undirected" || direction == "mutual")
      import_.drop("edges without a direction: each stands once, as it is written");
    Element element = begin_element();
    if (!id.empty() && !is_numbering(id)) element.fields.push_back({"id", id});
    if (const auto weight = xml_.attribute("weight"))
      element.fields.push_back({"weight", std::string(*weight)});
    xml_.children([&](std::string_view name) { child(name, edge_titles_, element); });
    finish(element, edge_titles_);
    std::erase_if(element.fields, [](const NamedText& field) {
      return field.name == "id" && is_numbering(field.text);
    });
    std::optional<std::string> type;
    if (!kind.empty()) type = kind;
    if (!type) type = take_type(element.fields);
    if (!type && !element.label.empty()) type = element.label;
    if (type != element.label && !element.label.empty())
      element.fields.push_back({"label", element.label});
    if (type)
      import_.edge(source, *type, target, element.fields);
    else
      import_.edge(source, target, element.fields);
  }

  // Adds the standard values, and the spells as the time in which the element holds.
  void finish(Element& element, const Titles& titles) {
    for (const auto& [id, title] : titles)
      if (title.standard && std::none_of(element.fields.begin(),
                                         element.fields.end(),
                                         [&name = title.title](const NamedText& field) {
                                           return field.name == name;
                                         }))
        element.fields.push_back({title.title, *title.standard});
    std::erase_if(element.fields, [](const NamedText& field) { return field.text.empty(); });
    if (element.spells.size() == 1 && take_time(element.spells[0], element.fields)) return;
    std::string all;
    for (const Spell& spell : element.spells)
      all += fmt::format("{}[{}, {}{}",
                         all.empty() ? "" : "; ",
                         spell.start,
                         spell.end,
                         spell.is_open ? ")" : "]");
    if (!all.empty()) element.fields.push_back({"spells", all});
  }

  // False: it is no time of a calendar.
  bool take_time(const Spell& spell, NamedTexts& fields) const {
    const auto from = parse_time(spell.start);
    auto to = parse_time(spell.end);
    if ((!from && !spell.start.empty()) || (!to && !spell.end.empty())) return false;
    const bool is_day = spell.end.size() == 10;
    if (to && !spell.is_open) *to += is_day ? kDay : 1;  // the end is a part of it
    if (!has_order({from.value_or(kUnknownTime), to.value_or(kUnknownTime)})) return false;
    if (from) fields.push_back({"valid_from", *valid_text(*from)});
    if (to) fields.push_back({"valid_to", *valid_text(*to)});
    return true;
  }

  XmlReader xml_;
  ImportReport& report_;
  ElementImport import_;
  Titles node_titles_, edge_titles_;
};

}  // namespace

ImportReport read_gexf(std::istream& in, Store& store, const ImportOptions& options) {
  ImportReport report;
  GexfReader(in, store, report, options).read();
  return report;
}

}  // namespace saggio::graph
