// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "graph/formats/xml_reader.h"
#include "tests/graph/formats/random_graph.h"

// What is written follows gexf.net/1.3/gexf.xsd with its data.xsd and dynamics.xsd, as published in
// March 2022.
namespace saggio::graph {
namespace {

using Names = std::vector<std::string>;

// Element -> the elements in it, in the order in which they may stand.
const std::map<std::string, Names> kChildren = {{"gexf", {"meta", "graph"}},
                                                {"meta", {"creator"}},
                                                {"creator", {}},
                                                {"graph", {"attributes", "nodes", "edges"}},
                                                {"attributes", {"attribute"}},
                                                {"attribute", {"default", "options"}},
                                                {"nodes", {"node"}},
                                                {"edges", {"edge"}},
                                                {"node", {"attvalues", "spells"}},
                                                {"edge", {"attvalues", "spells"}},
                                                {"attvalues", {"attvalue"}},
                                                {"attvalue", {}}};

// Element -> its attributes; those with ! must be there.
const std::map<std::string, std::set<std::string>> kAttributes = {
    {"gexf", {"version!", "variant", "xmlns", "xmlns:xsi", "xsi:schemaLocation"}},
    {"meta", {"lastmodifieddate"}},
    {"creator", {}},
    {"graph",
     {"defaultedgetype", "idtype", "mode", "timeformat", "timerepresentation", "timezone"}},
    {"attributes", {"class!", "mode"}},
    {"attribute", {"id!", "title!", "type!"}},
    {"nodes", {"count"}},
    {"edges", {"count"}},
    {"node", {"id!", "label", "start", "end", "pid"}},
    {"edge", {"id", "source!", "target!", "type", "label", "weight", "kind", "start", "end"}},
    {"attvalues", {}},
    {"attvalue", {"for!", "value!", "start", "end"}}};

const std::set<std::string> kTypes = {"integer",
                                      "long",
                                      "double",
                                      "float",
                                      "boolean",
                                      "bigdecimal",
                                      "biginteger",
                                      "byte",
                                      "char",
                                      "short",
                                      "liststring",
                                      "string",
                                      "anyURI"};

class SchemaCheck {
 public:
  explicit SchemaCheck(const std::string& text) : in_(text), xml_(in_, "f") {
    EXPECT_EQ(xml_.next(), XmlReader::Token::Start);
    EXPECT_EQ(xml_.name(), "gexf");
    element("gexf");
  }

 private:
  void element(const std::string& name) {
    attributes(name);
    const Names& allowed = kChildren.at(name);
    size_t place = 0;
    for (auto token = xml_.next(); token != XmlReader::Token::End; token = xml_.next()) {
      if (token != XmlReader::Token::Start) continue;
      const std::string child(xml_.name());
      while (place < allowed.size() && allowed[place] != child) ++place;
      if (place == allowed.size()) FAIL() << "<" << child << "> in <" << name << ">";
      element(child);
    }
  }

  void attributes(const std::string& name) {
    const auto& allowed = kAttributes.at(name);
    for (const auto& [attribute, value] : xml_.attributes()) {
      const std::string text(attribute);
      EXPECT_TRUE(allowed.contains(text) || allowed.contains(text + "!")) << name << " " << text;
    }
    for (const std::string& one : allowed)
      if (one.ends_with('!')) {
        EXPECT_TRUE(xml_.attribute(one.substr(0, one.size() - 1))) << name << " " << one;
      }
    const auto value = [&](const char* attribute) {
      return std::string(xml_.attribute(attribute).value_or(""));
    };
    if (name == "graph") format_ = value("timeformat");
    if (name == "attributes") owner_ = value("class");
    if (name == "node" || name == "edge") owner_ = name;
    if (name == "attribute") {
      EXPECT_TRUE(kTypes.contains(value("type"))) << value("type");
      EXPECT_TRUE(declared_.emplace(owner_ + value("id"), value("type")).second);
    }
    if (name == "attvalue") typed(value("for"), value("value"));
    for (const char* time : {"start", "end"})
      if (xml_.attribute(time)) {
        EXPECT_EQ(value(time).find('T') == std::string::npos, format_ == "date") << value(time);
      }
  }

  void typed(const std::string& column, const std::string& text) {
    ASSERT_TRUE(declared_.contains(owner_ + column)) << owner_ << " " << column;
    const std::string& type = declared_[owner_ + column];
    if (type == "boolean") {
      EXPECT_TRUE(text == "true" || text == "false") << text;
    }
    if (type == "long") {
      EXPECT_EQ(std::to_string(std::stoll(text)), text);
    }
    if (type == "double") {
      size_t read = 0;
      std::stod(text, &read);
      EXPECT_EQ(read, text.size()) << text;
    }
  }

  std::istringstream in_;
  XmlReader xml_;
  std::string owner_, format_;
  std::map<std::string, std::string> declared_;  // class and id -> type
};

TEST(GexfSchema, EveryGraphIsWrittenInItsOrderAndTypes) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Imported graph;
    RandomGraph(seed).add_to(graph.store);
    SchemaCheck(exported(graph.store, Format::Gexf));
    if (::testing::Test::HasFailure()) FAIL() << seed;
  }
}

}  // namespace
}  // namespace saggio::graph
