// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "graph/formats/csv.h"
#include "tests/graph/formats/folder_of_files.h"

// GraphRAG's tables, the CSV they are written in, and what LightRAG's attributes become.
namespace saggio::graph {
namespace {

std::vector<Lines> rows_of(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(in, "f", 40);
  std::vector<Lines> rows;
  for (Lines row; reader.next(row);) rows.push_back(row);
  return rows;
}

std::string csv_complaint(const std::string& text) {
  try {
    rows_of(text);
    return "";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Csv, QuotesHoldCommasLineFeedsAndQuotes) {
  EXPECT_EQ(rows_of("\xEF\xBB\xBF"
                    "a,\"b,c\"\r\n\n\"d\ne\",\"f\"\"g\"\"\"\n,\nh\"i,"),
            (std::vector<Lines>{{"a", "b,c"}, {"d\ne", "f\"g\""}, {"", ""}, {"h\"i", ""}}));
  EXPECT_EQ(rows_of("\n \n"), std::vector<Lines>());
}

TEST(Csv, WhatIsReadIsCounted) {
  std::istringstream in("a\r\n\r\n\"b\nc\"\r\nd");
  CsvReader reader(in, "f");
  Lines row;
  std::vector<uint64_t> begins;
  while (reader.next(row)) begins.push_back(reader.number());
  EXPECT_EQ(begins, (std::vector<uint64_t>{1, 3, 5}));
  EXPECT_EQ(reader.lines(), 5u);
  EXPECT_EQ(reader.blank(), 1u);
  EXPECT_EQ(reader.carriage_returns(), 3u);
}

TEST(Csv, BadRowsAreNamed) {
  EXPECT_EQ(csv_complaint("a\n\"b\nc"), "f:2: a double quote that nothing closes");
  EXPECT_EQ(csv_complaint("\"a\"b"),
            "f:1: \"b\" behind a closing double quote, allowed: a comma or the end of the line; a "
            "double quote within quotes is written twice");
  EXPECT_EQ(csv_complaint("a\n\xFF"),
            "f:2: \"\\xff\" is not UTF-8; convert the file, for example by `iconv -f latin1 -t "
            "utf-8`");
  EXPECT_EQ(csv_complaint(std::string(41, 'a')),
            "f:1: a row of more than 40 bytes, which is the most allowed; is a double quote "
            "missing?");
}

const FolderOfFiles::Files kNewer = {
    {"entities.csv",
     "id,human_readable_id,title,type,description,text_unit_ids,frequency,degree\r\n"
     "i1,0,ACME,ORGANIZATION,\"Makes things, \"\"all\"\" of them.\",\"['u1' 'u2'\n 'u3']\",3,1\r\n"
     "\r\ni2,1,BOB,PERSON,,\"['u1', 'u2']\",1,1\r\n"},
    {"relationships.csv",
     "id,human_readable_id,source,target,description,weight,combined_degree,text_unit_ids\n"
     "r1,0,BOB,ACME,Bob founded Acme.,8.0,2,\"[\"\"u1\"\"]\"\n"
     "r2,1,BOB,EVE,,1.0,2,[]\n"},
    {"covariates.csv",
     "id,human_readable_id,covariate_type,type,description,subject_id,object_id,status,start_date,"
     "end_date,source_text,text_unit_id\n"
     "c1,1,claim,FRAUD,Acme was fined.,ACME,NONE,TRUE,2022-01-10T00:00:00,2022-01-10T00:00:00,"
     "fined,u1\n"
     "c2,2,claim,FRAUD,Bob knew.,BOB,ACME,SUSPECTED,early 2022,NONE,,u9\n"},
    {"text_units.csv",
     "id,human_readable_id,text,n_tokens,document_ids\nu1,1,Some text.,4,['d1']\n"},
    {"documents.csv", "id,title,text\nd1,a.txt,All text.\n"},
    {"communities.csv", "id\n"}};

TEST(GraphRag, TablesOfTheNewerNamesBecomeOneGraph) {
  Imported graph;
  const ImportReport report = read_folder(graph, Format::GraphRag, kNewer);
  const std::string from_u1 =
      R"("provenance":{"experiment":"","model":"","run":"","seed":0,"sources":["u1"],"step":0},)";
  EXPECT_EQ(
      graph.records(),
      (Lines{
          R"({"kind":"document","node":"d1","qualifiers":[["title","a.txt"]],"text":"All text."})",
          R"({"kind":"span","node":"u1","provenance":{"experiment":"","model":"","run":"",)"
          R"("seed":0,"sources":["d1"],"step":0},"qualifiers":[["human_readable_id","1"],)"
          R"(["n_tokens","4"]],"text":"Some text."})",
          R"({"kind":"entity","labels":["ORGANIZATION"],"node":"ACME","provenance":{)"
          R"("experiment":"","model":"","run":"","seed":0,"sources":["u1","u2","u3"],"step":0},)"
          R"("qualifiers":[["id","i1"],["human_readable_id","0"],["frequency","3"],)"
          R"(["degree","1"]],"text":"Makes things, \"all\" of them."})",
          R"({"kind":"entity","labels":["PERSON"],"node":"BOB","provenance":{"experiment":"",)"
          R"("model":"","run":"","seed":0,"sources":["u1","u2"],"step":0},"qualifiers":[)"
          R"(["id","i2"],["human_readable_id","1"],["frequency","1"],["degree","1"]]})",
          R"({"kind":"entity","node":"EVE"})",
          R"({"kind":"claim","labels":["FRAUD"],"node":"c1",)" + from_u1 +
              R"("qualifiers":[["status","TRUE"],["human_readable_id","1"],)"
              R"(["covariate_type","claim"],["source_text","fined"]],"status":"supported",)"
              R"("text":"Acme was fined.","valid":["2022-01-10","2022-01-11"]})",
          R"({"kind":"claim","labels":["FRAUD"],"node":"c2","provenance":{"experiment":"",)"
          R"("model":"","run":"","seed":0,"sources":["u9"],"step":0},"qualifiers":[)"
          R"(["status","SUSPECTED"],["start_date","early 2022"],["human_readable_id","2"],)"
          R"(["covariate_type","claim"]],"text":"Bob knew."})",
          R"({"edge":["BOB","linked","ACME"],"ordinal":0,)" + from_u1 +
              R"("qualifiers":[["id","r1"],["human_readable_id","0"],["combined_degree","2"]],)"
              R"("text":"Bob founded Acme.","weight":8.0})",
          R"({"edge":["BOB","linked","EVE"],"ordinal":0,"qualifiers":[["id","r2"],)"
          R"(["human_readable_id","1"],["combined_degree","2"]]})",
          R"({"edge":["u1","part_of","d1"],"ordinal":0})",
          R"({"edge":["c1","subject","ACME"],"ordinal":0})",
          R"({"edge":["c2","subject","BOB"],"ordinal":0})",
          R"({"edge":["u1","supports","c1"],"ordinal":0})",
          R"({"edge":["c2","object","ACME"],"ordinal":0})"}))
      << joined(graph.records());
  EXPECT_EQ(report.notes,
            (Lines{"1 of the nodes are named by relationships and claims alone",
                   "1 dates of claims are none that is known here: kept as qualifiers",
                   "not read: communities.csv"}));
  EXPECT_EQ(report.lines, 5u + 3 + 3 + 2 + 2);
  EXPECT_EQ(report.blank, 1u);
}

TEST(GraphRag, TheOlderNamesAreReadAsWell) {
  Imported graph;
  const ImportReport report = read_folder(
      graph,
      Format::GraphRag,
      {{"create_final_entities.csv",
        ",id,name,type,description,human_readable_id,description_embedding,text_unit_ids\n"
        "0,i1,ACME,ORGANIZATION,It.,0,\"[0.1 0.2]\",\"u1,u2\"\n"},
       {"create_final_relationships.csv",
        "source,target,weight,description,text_unit_ids,rank\nACME,ACME,2,Self.,['u1'],3\n"}});
  const History& history = graph.store.history();
  EXPECT_EQ(history.node(0)->attributes.provenance->sources, (Lines{"u1", "u2"}));
  EXPECT_EQ(history.edge(0)->attributes.weight, 2);
  EXPECT_EQ(history.edge(0)->attributes.qualifiers.at(0).first, "rank");
  EXPECT_EQ(report.notes,
            (Lines{"1 embeddings are not kept",
                   "not kept: a column without a name, which is pandas' index"}));
}

TEST(GraphRag, TheSameTablesAgainChangeNothing) {
  Imported graph;
  read_folder(graph, Format::GraphRag, kNewer);
  const ImportReport report = read_folder(graph, Format::GraphRag, kNewer);
  EXPECT_EQ(graph.store.history().head(), 1u);
  EXPECT_EQ(report.nodes_added + report.edges_added + report.nodes_revised, 0u);
}

TEST(GraphRag, BadTablesAreNamed) {
  const auto with = [](const char* entities, const char* relationships) {
    return FolderOfFiles::Files{{"entities.csv", entities}, {"relationships.csv", relationships}};
  };
  const std::pair<FolderOfFiles::Files, std::string> cases[] = {
      {{},
       ": neither entities.csv nor create_final_entities.csv is here; GraphRAG writes Parquet "
       "unless it is told otherwise: write each table as CSV, for example by pandas"},
      {with("", ""), "/entities.csv:0: is empty, allowed: a row of names, then rows"},
      {with("a,b,a\n", ""), "/entities.csv:1: column \"a\" stands twice: leave one"},
      {with("title,type\na\n", ""), "/entities.csv:2: 1 fields, allowed 2 as in the first row"},
      {with("title,type\n,b\n", ""), "/entities.csv:2: a row without \"title\""},
      {with("title\na\na\n", ""), "/entities.csv:3: node \"a\" stands twice: leave one"},
      {with("title\n", "source,target\na,\n"), "/relationships.csv:2: a row without \"target\""},
      {with("title\n", "source,target,weight\na,b,much\n"),
       "/relationships.csv:2: weight = \"much\", allowed a finite number"}};
  for (const auto& [files, complaint] : cases)
    EXPECT_EQ(folder_complaint(Format::GraphRag, files), "F" + complaint);
}

TEST(LightRag, WhatIsOursLeavesTheQualifiers) {
  Imported graph;
  graph.read(R"(<graphml><key id="d0" for="node" attr.name="entity_id" attr.type="string"/>
<key id="d1" for="node" attr.name="entity_type" attr.type="string"/>
<key id="d2" for="all" attr.name="description" attr.type="string"/>
<key id="d3" for="all" attr.name="source_id" attr.type="string"/>
<key id="d4" for="all" attr.name="file_path" attr.type="string"/>
<key id="d5" for="edge" attr.name="weight" attr.type="double"/>
<key id="d6" for="edge" attr.name="keywords" attr.type="string"/><graph edgedefault="undirected">
<node id="BOB"><data key="d0">BOB</data><data key="d1">person</data></node>
<node id="ACME"><data key="d2">A firm.</data></node>
<edge source="BOB" target="ACME"><data key="d5">1.5</data><data key="d2">Bob founded Acme.</data>
<data key="d6">founding, business</data><data key="d3">chunk-1&lt;SEP&gt;chunk-2</data>
<data key="d4">a.txt</data></edge></graph></graphml>)",
             Format::LightRag);
  const History& history = graph.store.history();
  const Attributes relation = history.edge(0)->attributes;
  EXPECT_EQ(relation.text, "Bob founded Acme.");
  EXPECT_EQ(relation.weight, 1.5f);
  EXPECT_EQ(relation.labels, (Lines{"founding", "business"}));
  EXPECT_EQ(relation.provenance->sources, (Lines{"chunk-1", "chunk-2"}));
  using Qualifiers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(relation.qualifiers, (Qualifiers{{"file_path", "a.txt"}}));
  const Attributes bob = history.node(*history.find_node("BOB"))->attributes;
  EXPECT_EQ(bob.labels, Lines{"person"});
  EXPECT_EQ(bob.qualifiers, (Qualifiers{{"entity_id", "BOB"}}));
  EXPECT_FALSE(bob.provenance);
  EXPECT_EQ(history.node(*history.find_node("ACME"))->attributes.text, "A firm.");
}

}  // namespace
}  // namespace saggio::graph
