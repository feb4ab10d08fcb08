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
}

TEST(XmlReader, ReferencesAndLineEndsAreWhatTheyStandFor) {
  EXPECT_EQ(tokens("<a x='&lt;&#65;&#x20AC;&quot;'>&amp;&gt;&apos;&#233;&#x1F327;</a>"),
            "<a x='<A\xE2\x82\xAC\"'>&>'\xC3\xA9\xF0\x9F\x8C\xA7</a>");
  EXPECT_EQ(tokens("<a x='1\r\n2\t3\n4'>1\r\n2\r3&#13;</a>"), "<a x='1 2 3 4'>1\n2\n3\r</a>");
}

TEST(XmlReader, WhatLiesAcrossPiecesIsWhole) {
  // A piece is 256 kB: tokens of many lengths fall on its ends.
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
            "f:1: entity \"&xxe;\", allowed &amp; &lt; &gt; &quot; &apos; and &#NUMBER;");
}

TEST(XmlReader, WhatIsNotWellFormedIsNamedWithItsLine) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "f:1: no element: is this XML?"},
      {"a,b\n", "f:1: text outside of the root element: is this XML?"},
      {"<a>\n<b>\n</a>", "f:3: </a>, expected </b>"},
      {"<a/></a>", "f:1: </a>, expected an element"},
      {"<a>\n", "f:2: the end of the file within <a>"},
      {"<a\n x='1", "f:1: an attribute without its closing '"},
      {"<a x", "f:1: the end of the file within a tag"},
      {"<a/><b/>", "f:1: a second root element: allowed is one"},
      {"<a x='1' x='2'/>", "f:1: <a> has attribute \"x\" twice"},
      {"<a x='1'y='2'/>", "f:1: <a>: attributes stand apart by white space"},
      {"<a x=1/>", "f:1: attribute \"x\" of <a>: allowed is name=\"value\""},
      {"<a x='<'/>", "f:1: < within attribute \"x\": write &lt;"},
      {"<a <b/>", "f:1: < within a tag: write &lt;"},
      {"<a>1 < 2</a>", "f:1: < within a tag: write &lt;"},
      {"<a>1 < 2> </a>", "f:1: < without a name behind it: write &lt;"},
      {"<a>1 & 2</a>", "f:1: & without a reference behind it: write &amp;"},
      {"<a>&#0;</a>", "f:1: &#0; is no character that XML allows"},
      {"<a>&#xD800;</a>", "f:1: &#xD800; is no character that XML allows"},
      {"<a>]]></a>", "f:1: ]]> within a text: write ]]&gt;"},
      {"<!-- a -- b --><a/>", "f:1: -- within a comment, which XML does not allow"},
      {"<!-- a", "f:1: a comment without its end, \"--\""},
      {"<a>\n\x01</a>", "f:2: byte 0x01 is a control character, which XML does not allow"},
      {"<a>\n\xFF</a>",
       "f:2: byte 0xff is not UTF-8; convert the file, for example by `iconv -f latin1 -t utf-8`"},
      {"<a>\xC3", "f:1: the end comes within a character: the file is not whole"},
      {"<?xml version='1.0' encoding='latin1'?><a/>",
       "f:1: encoding = \"latin1\", allowed UTF-8; convert the file by iconv and change this line"},
  };
  for (const auto& [document, expected] : cases)
    EXPECT_EQ(complaint(document), expected) << document;
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
