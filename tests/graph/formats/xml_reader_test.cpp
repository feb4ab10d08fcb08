// SPDX-License-Identifier: MIT
#include "graph/formats/xml_reader.h"

#include <gtest/gtest.h>

#include <sstream>

namespace saggio::graph {
namespace {

using Token = XmlReader::Token;

// All tokens of a document, one after the other, texts joined: "<a x='1'>", "</a>", "text".
std::string tokens(const std::string& document) {
  std::istringstream in(document);
  XmlReader xml(in, "f");
  std::string out;
  for (Token token = xml.next(); token != Token::Done; token = xml.next()) {
    if (token == Token::Text) out += xml.text();
    if (token == Token::End) out += "</" + std::string(xml.name()) + ">";
    if (token != Token::Start) continue;
    out += "<" + std::string(xml.name());
    for (const auto& [name, value] : xml.attributes())
      out += " " + std::string(name) + "='" + std::string(value) + "'";
    out += ">";
  }
  return out;
}

std::string complaint(const std::string& document) {
  try {
    tokens(document);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(XmlReader, GivesElementsTextsAndAttributes) {
  EXPECT_EQ(tokens("<?xml version='1.0' encoding=\"utf-8\"?>\n<!-- c --><a x = '1' y:z=\"a>b\">"
                   "one<b/>two<?p i?><![CDATA[<&]]>three</a >\n<!-- -->\n"),
            "<a x='1' y:z='a>b'>one<b></b>two<&three</a>");
  EXPECT_EQ(tokens("\xEF\xBB\xBF<a/>"), "<a></a>");
  EXPECT_EQ(tokens("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"), "<a>\xC3\xA9</a>");
}

TEST(XmlReader, ReferencesAndLineEndsAreWhatTheyStandFor) {
  EXPECT_EQ(tokens("<a x='&lt;&#65;&#x20AC;&quot;'>&amp;&gt;&apos;&#233;&#x1F327;</a>"),
            "<a x='<A\xE2\x82\xAC\"'>&>'\xC3\xA9\xF0\x9F\x8C\xA7</a>");
  EXPECT_EQ(tokens("<a x='1\r\n2\t3\n4'>1\r\n2\r3&#13;</a>"), "<a x='1 2 3 4'>1\n2\n3\r</a>");
}

TEST(XmlReader, WhatLiesAcrossPiecesIsWhole) {
  // A piece is 64 kB: tokens of many lengths fall on its ends.
  std::string document = "<a>", expected = "<a>";
  for (int i = 0; i < 40'000; ++i) {
    const std::string text(static_cast<size_t>(i % 23), 'x');
    document += "<b k=\"" + text + "&amp;\">\xC3\xA9" + text + "</b><!-- " + text + " -->";
    expected += "<b k='" + text + "&'>\xC3\xA9" + text + "</b>";
  }
  EXPECT_EQ(tokens(document + "</a>"), expected + "</a>");
}

TEST(XmlReader, CountsLinesOfWhatItRead) {
  std::istringstream in("<a>\r\n<b x='1\r\n2'>&#10;\r\n</b>\n</a>\n");
  XmlReader xml(in, "f");
  while (xml.next() != Token::Done) {
  }
  EXPECT_EQ(xml.lines(), 5u);
  EXPECT_EQ(xml.carriage_returns(), 3u);
}

TEST(XmlReader, DocumentTypesAndEntitiesAreRefused) {
  const std::string dtd =
      "a document type declaration (<!DOCTYPE), which could define entities and name other files: "
      "refused; take it out of the file";
  // Billion laughs, and a file of the machine.
  EXPECT_EQ(complaint("<?xml version='1.0'?>\n<!DOCTYPE lolz [<!ENTITY lol \"lol\">"
                      "<!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>"),
            "f:2: " + dtd);
  EXPECT_EQ(
      complaint("<!DOCTYPE foo [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]><foo>&xxe;</foo>"),
      "f:1: " + dtd);
  EXPECT_EQ(complaint("<foo>&xxe;</foo>"),
            "f:1: an entity that XML does not have, allowed &amp; &lt; &gt; &quot; &apos; and "
            "&#NUMBER;");
}

TEST(XmlReader, WhatIsNotWellFormedIsNamedWithItsLine) {
  const std::string malformed =
      "not well-formed: within texts and values write &amp; for & and &lt; for <; bytes must be of "
      "the encoding that the first line declares, or else UTF-8";
  const std::pair<std::string, std::string> cases[] = {
      {"", "f:1: no element: is this XML?"},
      {"a,b\n", "f:1: text outside of the root element: is this XML?"},
      {"<a>\n<b>\n</a>", "f:3: a closing tag that is not that of the element that is open"},
      {"<a>\n", "f:2: the end of the file within an element: it is not whole"},
      {"<a\n x='1", "f:1: unclosed token"},
      {"<a/><b/>", "f:1: something behind the root element: allowed is one"},
      {"<a x='1' x='2'/>", "f:1: duplicate attribute"},
      {"<a x='1'y='2'/>", "f:1: " + malformed},
      {"<a>1 < 2</a>", "f:1: " + malformed},
      {"<a>1 & 2</a>", "f:1: " + malformed},
      {"<a>]]></a>", "f:1: " + malformed},
      {"<a>\n\x01</a>", "f:2: " + malformed},
      {"<a>\n\xFF</a>", "f:2: " + malformed},
      {"<a>&#0;</a>", "f:1: reference to invalid character number"},
      {"<a>\xC3", "f:1: partial character"},
      {"<?xml version='1.0' encoding='latin1'?><a/>",
       "f:1: its encoding is unknown, allowed UTF-8, UTF-16, ISO-8859-1, US-ASCII; convert the "
       "file "
       "by iconv and change its first line"},
  };
  for (const auto& [document, expected] : cases)
    EXPECT_EQ(complaint(document), expected) << document;
}

TEST(XmlReader, TokensBeforeAComplaintComeFirst) {
  std::istringstream in("<a>x<b/>&y;</a>");
  XmlReader xml(in, "f");
  for (const Token expected : {Token::Start, Token::Text, Token::Start, Token::End})
    EXPECT_EQ(xml.next(), expected);
  EXPECT_THROW(xml.next(), std::invalid_argument);
}

TEST(XmlReader, DeepAndWideThingsAreRefused) {
  std::string deep, wide = "<a";
  for (int i = 0; i < 300; ++i) {
    deep += "<a>";
    wide += " x" + std::to_string(i) + "=''";
  }
  EXPECT_EQ(complaint(deep),
            "f:1: more than 256 elements within each other, which is the most allowed");
  EXPECT_EQ(complaint(wide + "/>"), "f:1: <a> has more than 256 attributes");
}

}  // namespace
}  // namespace saggio::graph
