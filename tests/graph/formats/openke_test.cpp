// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "tests/graph/formats/folder_of_files.h"

namespace saggio::graph {
namespace {

// OpenKE's order is head, tail, relation: anna(0) knows(0) bo(1), the city(2) lies in it(3) ...
const FolderOfFiles::Files kTown = {{"entity2id.txt", "4\nanna\t0\nbo\t1\nnew york\t2\nusa\t3\n"},
                                    {"relation2id.txt", "2\nlies in\t1\nknows\t0\n"},
                                    {"train2id.txt", "2\n0 1 0\n2 3 1\n"},
                                    {"valid2id.txt", "1\r\n1\t0\t0\r\n\r\n"},
                                    {"test2id.txt", "0\n"},
                                    {"type_constrain.txt", "whatever"}};

TEST(OpenKe, NumbersBecomeNamesAndTheTailStandsBeforeTheRelation) {
  Imported graph;
  const ImportReport report = read_folder(graph, Format::OpenKe, kTown);
  EXPECT_EQ(graph.records(),
            (Lines{R"({"kind":"entity","node":"anna"})",
                   R"({"kind":"entity","node":"bo"})",
                   R"({"kind":"entity","node":"new york"})",
                   R"({"kind":"entity","node":"usa"})",
                   R"({"edge":["anna","knows","bo"],"ordinal":0})",
                   R"({"edge":["bo","knows","anna"],"labels":["valid"],"ordinal":0})",
                   R"({"edge":["new york","lies in","usa"],"ordinal":0})"}));
  EXPECT_EQ(report.lines, 15u);
  EXPECT_EQ(report.blank, 1u);
  EXPECT_EQ(report.carriage_returns, 3u);
  EXPECT_EQ(report.notes, Lines{"not read: type_constrain.txt"});
}

TEST(OpenKe, TheSameFolderAgainChangesNothing) {
  Imported graph;
  read_folder(graph, Format::OpenKe, kTown);
  EXPECT_EQ(read_folder(graph, Format::OpenKe, kTown).unchanged, 3u);
  EXPECT_EQ(graph.store.history().head(), 1u);
}

TEST(OpenKe, AFolderIsKnownByItsFiles) {
  const FolderOfFiles town(kTown), other(FolderOfFiles::Files{{"a.txt", ""}});
  EXPECT_EQ(format_of_file(town.path().string()), Format::OpenKe);
  EXPECT_EQ(format_of_file(other.path().string()), std::nullopt);
}

TEST(OpenKe, BadFilesAndLinesAreNamed) {
  const auto with = [](const char* entities, const char* relations, const char* train) {
    return FolderOfFiles::Files{
        {"entity2id.txt", entities}, {"relation2id.txt", relations}, {"train2id.txt", train}};
  };
  const std::pair<FolderOfFiles::Files, std::string> cases[] = {
      {{}, "entity2id.txt: no such file, or it cannot be read"},
      {{{"entity2id.txt", "0\n"}}, "relation2id.txt: no such file, or it cannot be read"},
      {with("", "", ""), "entity2id.txt:0: is empty, allowed: the count of the lines that follow"},
      {with("a 0\n", "", ""), "entity2id.txt:1: count of lines = \"a\", allowed 0.."},
      {with("2\na 0\n", "", ""), "entity2id.txt:2: the first line announces 2 lines, here are 1"},
      {with("1\na\n", "", ""), "entity2id.txt:2: \"a\", allowed: name number"},
      {with("1\na b\n", "", ""), "entity2id.txt:2: number = \"b\", allowed 0.."},
      {with("2\na 0\na 1\n", "", ""), "entity2id.txt:3: name \"a\" stands twice: leave one"},
      {with("2\na 0\nb 0\n", "", ""), "entity2id.txt:3: number 0 stands twice: leave one"},
      {with("2\na 0\nb 60000000\n", "", ""),
       "entity2id.txt: no name has the number 1, allowed are numbers from 0 without gaps"},
      {with("1\na 0\n", "0\n", "1\n0 0 0\n"), "train2id.txt:2: a relation, but there is none"},
      {with("1\na 0\n", "1\nr 0\n", "1\n0 1 0\n"), "train2id.txt:2: tail = \"1\", allowed 0..0"},
      {with("1\na 0\n", "1\nr 0\n", "1\n0 0\n"), "train2id.txt:2: no relation"},
      {with("1\na 0\n", "1\nr 0\n", "1\n0 0 0 0\n"),
       "train2id.txt:2: \"0\" is more than what is allowed: head tail relation, each a number"}};
  for (const auto& [files, complaint] : cases)
    EXPECT_EQ(folder_complaint(Format::OpenKe, files), "F/" + complaint);
}

TEST(OpenKe, AFileIsNoFolderAndAFolderNoFile) {
  EXPECT_EQ(folder_complaint(Format::Metis, {}), "F: is a folder, this format is one file");
  Imported graph;
  EXPECT_EQ(graph.complaint("", Format::OpenKe),
            "f: openke is a format of several files: give their folder");
  const FolderOfFiles folder(FolderOfFiles::Files{{"a", ""}});
  EXPECT_THROW(import_path(folder.path() / "a", Format::OpenKe, graph.store),
               std::invalid_argument);
  EXPECT_THROW(import_path(folder.path() / "b", Format::Metis, graph.store), std::invalid_argument);
}

}  // namespace
}  // namespace saggio::graph
