# SPDX-License-Identifier: MIT
"""`saggio graph`: each command, what it prints, as JSON, on both clocks, and what it says to bad input. Argument: the folder of saggio."""
import json
import signal
import sys
import time

from saggio import Scratch, expect, expect_line, main

RAIN = """{"node": "rain", "kind": "claim", "text": "It rained."}
{"node": "wet", "kind": "evidence", "text": "The street is wet."}
{"edge": ["wet", "supports", "rain"], "weight": 0.5}
"""
DRY = """{"node": "rain", "kind": "claim", "text": "It rained.", "status": "refuted"}
{"node": "dry", "kind": "claim", "valid": ["2024-01-01", "2025-01-01"]}
{"edge": ["rain", "contradicts", "dry"]}
{"retire": ["wet", "supports", "rain"]}
"""
FORMATS = ("edges, csv, triples, node-link, graphml, gexf, dot, n-triples, records, metis, matrix-market, light-rag, graphiti, otel, "
           "openke, graphrag")


def with_rain(s):
    """Version 1: wet supports rain, tagged `before` by version 2. Version 3: no more, and rain contradicts dry."""
    s.call("graph", "append", "g", stdin=RAIN)
    s.call("graph", "tag", "g", "before")
    s.call("graph", "append", "g", stdin=DRY)


def answer(s, *arguments, **options):
    return json.loads(s.call("graph", *arguments, "--json", **options)[0])


def refuses(s, arguments, line, code=2, **options):
    expect_line(s.call("graph", *arguments, code=code, **options)[1], "error: " + line)


def appending_is_one_version_and_the_same_lines_again_are_none():
    with Scratch(sys.argv[1]) as s:
        report = answer(s, "append", "g", stdin="\r\n" + RAIN.replace("\n", "\r\n"))
        expect((report["version"], report["nodes"]["added"], report["edges"]["added"]) == (1, 2, 1), report)
        expect((report["lines"], report["blank"], report["carriage_returns"]) == (4, 1, 4), report)
        out, _ = s.call("graph", "append", "g", stdin=RAIN)
        expect(out == "g: nothing new, version 1 stays\nlines  3, 3 elements there already\n", out)
        out, _ = s.call("graph", "append", "g", stdin=DRY)
        expect(out == "g: version 2\nnodes  1 added, 1 revised\nedges  1 added, 1 retired\nlines  4\n", out)
        out, _ = s.call("graph", "append", "g", "--quiet", stdin='{"retire": "dry"}')
        expect(out == "g: version 3\n", out)


def appending_by_groups_keeps_those_before_a_bad_line():
    with Scratch(sys.argv[1]) as s:
        lines = "".join(f'{{"node": "{i}"}}\n' for i in range(5))
        refuses(s, ["append", "g", "--every", "2"], "standard input:6: no node has the key \"x\": give its record before its edges; what "
                "stands before is committed, up to version 2", stdin=lines + '{"edge": ["0", "to", "x"]}\n')
        expect([v["nodes_added"] for v in answer(s, "log", "g")] == [2, 2], "not two nodes in each of two versions")
        expect(answer(s, "append", "g", "--every", "2", stdin=lines)["nodes"]["added"] == 1, "not idempotent")


def a_bad_line_is_named_and_nothing_is_committed():
    with Scratch(sys.argv[1]) as s:
        refuses(s, ["append", "g"], "standard input:4: is no object: a record is {\"node\": ...}, {\"edge\": ...} or {\"retire\": ...}",
                stdin=RAIN + "[]\n")
        files = {"x.csv": ("a,b\n\nb,c,much\n", "3: weight = \"much\", allowed a finite number"),
                 "x.tsv": ("a\tr\n", "1: 2 fields between tabs, allowed: head<TAB>relation<TAB>tail"),
                 "x.json": ("{\n\"links\": []}", "2: no \"nodes\": allowed is what networkx's node_link_data writes, an object with "
                                                 "\"nodes\" and \"links\" or \"edges\""),
                 "x.jsonl": ('{"retire": 1}\n', "1: retire = 1, allowed a node's key, or [source key, type, target key]")}
        for name, (text, line) in files.items():
            (s.folder / name).write_text(text)
            refuses(s, ["import", "g", name], f"{name}:{line}")
        expect(answer(s, "info", "g")["head"] == 0, "something was committed")


def files_of_every_format_come_in_by_their_endings():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "x.el").write_text("# two\na b\r\nb c 2\n")
        (s.folder / "x.tsv").write_text("a\tknows\tc\n")
        (s.folder / "x.json").write_text('{"directed": false, "nodes": [{"id": "a", "label": "A"}, {"id": 7, "size": 3}],\n'
                                         '"edges": [{"source": "a", "target": 7}]}')
        (s.folder / "x.jsonl").write_text(RAIN)
        out, _ = s.call("graph", "import", "g", "x.el")
        expect(out == "g: version 1\nnodes  3 added\nedges  2 added\nlines  3, 1 comment, 1 carriage return stripped\n", out)
        s.call("graph", "import", "g", "x.tsv")
        out, _ = s.call("graph", "import", "g", "x.json", "--type", "beside")
        expect(out == "g: version 3\nnodes  1 added, 1 revised\nedges  1 added\nlines  2\n"
                      "note   the graph is undirected: each edge stands once, as it is written\n", out)
        s.call("graph", "import", "g", "x.jsonl")
        info = answer(s, "info", "g")
        expect(info["types"] == {"linked": 2, "knows": 1, "beside": 1, "supports": 1}, info)
        expect(info["kinds"] == {"entity": 4, "claim": 1, "evidence": 1}, info)
        for name in ("x.el", "x.tsv", "x.jsonl"):
            expect("nothing new, version 4 stays" in s.call("graph", "import", "g", name)[0], f"{name} is not idempotent")


def an_import_that_cannot_be_is_refused():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "x.txt").write_text("a b\n")
        refuses(s, ["import", "g", "x.txt"], "x.txt: its ending tells no format; give --format with one of " + FORMATS)
        refuses(s, ["import", "g", "x.txt", "--format", "odt"], "--format = odt, allowed: " + FORMATS)
        refuses(s, ["import", "g", "y.el"], "y.el: no such file")
        refuses(s, ["import", "g", ".", "--format", "edges"], ".: is a folder, this format is one file")
        expect(not (s.folder / "g").exists(), "a store was made")
        s.call("graph", "import", "g", "x.txt", "--format", "edges")


def a_folder_of_several_files_comes_in_by_what_is_in_it():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "ids").mkdir()
        for name, text in {"entity2id.txt": "2\na\t0\nb\t1\n", "relation2id.txt": "1\nknows\t0\n", "train2id.txt": "1\n0 1 0\n"}.items():
            (s.folder / "ids" / name).write_text(text)
        s.call("graph", "import", "g", "ids")
        expect(answer(s, "info", "g")["types"] == {"knows": 1}, "no triple")
        (s.folder / "x.graph").write_text("2 1\n2\n1\n")
        s.call("graph", "import", "g", "x.graph")
        expect(answer(s, "info", "g")["nodes"] == 4, "not the vertices of x.graph")
        refuses(s, ["import", "g", "x.graph", "--format", "openke"], "x.graph: is no folder, this format is a folder")


def stores_are_merged_by_key():
    with Scratch(sys.argv[1]) as s:
        s.call("graph", "append", "g", stdin=RAIN)
        s.call("graph", "append", "h", stdin=RAIN.replace("It rained.", "It poured.") + '{"node": "dry", "kind": "claim"}\n')
        out, _ = s.call("graph", "merge", "g", "h")
        expect(out == "h: version 2\nnodes  1 added, 0 revised\nedges  0 added, 0 revised\nsame   2\n"
                      "! rain: state; stays as it is here\n", out)
        report = answer(s, "merge", "g", "h", "--prefer", "other")[0]
        expect((report["version"], report["nodes"], report["unchanged"]) == (3, {"added": 0, "revised": 1}, 3), report)
        expect(report["conflicts"] == [{"element": "rain", "difference": "state", "takes": "other"}], report)
        expect(answer(s, "merge", "g", "h", "--prefer", "other")[0]["version"] == 3, "not idempotent")
        out, _ = s.call("graph", "diff", "g", "1", "1", "--with", "h")
        expect(out.splitlines()[:3] == ["from version 1 to version 1 of h", "nodes  1 added, 0 gone, 1 changed",
                                        "edges  0 added, 0 gone, 0 changed"], out)
        diff = answer(s, "diff", "g", "3", "1", "--with", "h")
        expect(diff["nodes"] == diff["edges"] == {"added": [], "gone": [], "changed": []}, diff)
        refuses(s, ["merge", "g", "h", "--prefer", "mine"], "--prefer = mine, allowed: into, other, newer")
        refuses(s, ["merge", "new", "none"], "none: no graph store is here; give the folder of one, or make it by `saggio graph import`")
        expect(not (s.folder / "new").exists(), "a store was made")


def info_counts_as_of_any_point():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        info = answer(s, "info", "g")
        expect((info["head"], info["version"], info["nodes"], info["types"]) == (3, 3, 3, {"contradicts": 1}), info)
        expect(info["kinds"] == {"claim": 2, "evidence": 1} and info["tags"] == {"before": 1} and not info["segment"], info)
        expect(info["bytes"]["log"] > 64 and info["bytes"]["segments"] == 0 and info["incarnation"] == 1, info)
        for when in ("before", "1", info["time"]):
            then = answer(s, "info", "g", "--as-of", when)
            expect(then["version"] == (3 if when == info["time"] else 1), then)
        expect(answer(s, "info", "g", "--as-of", "1970-01-01")["nodes"] == 0, "nodes before the first version")
        expect(answer(s, "info", "g", "--world", "2025-01-01")["nodes"] == 2, "dry holds when it does not")
        expect(answer(s, "info", "g", "--world", "2024-12-31T23:59:59.999999Z")["edges"] == 1, "dry does not hold when it does")
        lines = s.call("graph", "info", "g", "--as-of", "before")[0].splitlines()
        expect(lines[0].startswith("version  1 of 3, 20") and lines[0].endswith(" UTC"), lines)
        expect(lines[1:4] == ["nodes    2  claim 1, evidence 1", "edges    1  supports 1", "tags     before = 1"], lines)


def log_lists_versions_and_follows_them():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        log = answer(s, "log", "g")
        expect([(v["version"], v["nodes_added"], v["edges_added"], v["tags"]) for v in log]
               == [(1, 2, 1, ["before"]), (2, 0, 0, []), (3, 1, 1, [])], log)
        lines = s.call("graph", "log", "g")[0].splitlines()
        expect(len(lines) == 4 and lines[1].split()[0] == "1" and lines[1].split()[3:] == ["+2", "+1", "before"], lines)
        follower = s.start("graph", "log", "g", "--follow", "--json")
        seen = [json.loads(follower.stdout.readline())["version"] for _ in range(3)]
        s.call("graph", "append", "g", stdin='{"node": "new"}')
        seen.append(json.loads(follower.stdout.readline())["version"])
        follower.send_signal(signal.SIGINT)
        out, err = follower.communicate(timeout=20)
        expect((seen, out, err, follower.returncode) == ([1, 2, 3, 4], "", "", 0), f"{seen} {out} {err} {follower.returncode}")


def diff_says_what_came_went_and_changed():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, _ = s.call("graph", "diff", "g", "before", "3")
        expect(out == "from version 1 to version 3\nnodes  1 added, 0 gone, 1 changed\nedges  1 added, 1 gone, 0 changed\n"
                      "+ #2 claim dry\n~ #0 claim rain; status: - -> \"refuted\"\n"
                      "+ #1 rain -contradicts-> dry\n- #0 wet -supports-> rain\n", out)
        out, _ = s.call("graph", "diff", "g", "before", "3", "--limit", "1")
        expect(out.endswith("+ #2 claim dry\n... and 3 more; --limit 4 shows them\n"), out)
        diff = answer(s, "diff", "g", "1", "3", "--limit", "1")
        expect(diff["edges"]["gone"] == [{"id": 0, "record": {"edge": ["wet", "supports", "rain"], "ordinal": 0, "weight": .5}}], diff)
        expect(diff["nodes"]["changed"][0]["after"]["status"] == "refuted" and "status" not in diff["nodes"]["changed"][0]["before"], diff)


def path_goes_along_the_edges_of_that_point():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, _ = s.call("graph", "path", "g", "wet", "rain", "--as-of", "before")
        expect(out == "wet -supports-> rain\n1 edge: 0\n", out)
        expect(s.call("graph", "path", "g", "wet", "rain")[0] == "no path from wet to rain\n", "a path along a retired edge")
        expect(answer(s, "path", "g", "wet", "rain") == {"path": None}, "a path along a retired edge")
        path = answer(s, "path", "g", "#0", "dry")["path"]
        expect([(e["id"], e["source"]["key"], e["type"], e["target"]["key"]) for e in path] == [(1, "rain", "contradicts", "dry")], path)
        expect(s.call("graph", "path", "g", "dry", "dry")[0] == "dry\n0 edges\n", "no path to itself")
        s.call("graph", "append", "h", stdin="".join(f'{{"node": "{i}"}}\n' for i in range(6)) + "".join(
            f'{{"edge": ["{a}", "to", "{b}"]}}\n' for a, b in [(0, 1), (1, 2), (2, 5), (0, 3), (3, 5), (5, 4), (4, 0)]))
        expect(s.call("graph", "path", "h", "0", "4")[0] == "0 -to-> 3 -to-> 5 -to-> 4\n3 edges: 3, 4, 5\n", "not the shortest path")


def compact_writes_segments_and_check_reads_everything():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        s.call("graph", "append", "g", stdin=json.dumps({"node": "long", "text": "x" * 70000}))
        expect(answer(s, "compact", "g")["versions"] == [1, 4], "not the head and the tag")
        expect(sorted(f.name for f in (s.folder / "g" / "segments").iterdir()) == ["1.seg", "4.seg"], "other segments")
        expect(answer(s, "info", "g")["segment"] and answer(s, "info", "g")["bytes"]["payload"] == 70000, "no segment, or no payload")
        out, _ = s.call("graph", "check", "g")
        intact, content = out.splitlines()
        expect(intact == "g: intact: log up to version 4, 1 packed text, 0 blocks of embeddings, 2 segments", out)
        expect(content.startswith("content ") and len(content) == 8 + 64, out)

        for name, at in (("segments/1.seg", 4100), ("segments/4.seg", 100), ("texts.pack", 69999)):
            file = s.folder / "g" / name
            damaged = bytearray(file.read_bytes())
            damaged[at] ^= 1
            file.write_bytes(damaged)
        _, err = s.call("graph", "check", "g", code=1)
        lines = err.splitlines()
        expect(len(lines) == 3 and all(line.startswith("error: g/") for line in lines), err)
        expect([name in line for name, line in zip(("texts.pack", "1.seg", "4.seg"), lines)] == [True] * 3, err)
        expect(len(answer(s, "check", "g", code=1)["damage"]) == 3, "not the same as JSON")

        log = s.folder / "g" / "log" / "000000.log"
        damaged = bytearray(log.read_bytes())
        damaged[100] ^= 1
        log.write_bytes(damaged)
        _, err = s.call("graph", "check", "g", code=1)
        expect(err.startswith("error: g/log/000000.log") and err.count("\n") == 1, err)


def check_salvages_what_lies_before_damage():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, _ = s.call("graph", "check", "g", "--salvage", "copy")
        expect(out == "copy: 3 versions, all that there are\n", out)
        expect(s.call("graph", "check", "copy")[0].splitlines()[1] == s.call("graph", "check", "g")[0].splitlines()[1], "another content")
        log = s.folder / "g" / "log" / "000000.log"
        damaged = bytearray(log.read_bytes())
        damaged[len(damaged) - 100] ^= 1
        log.write_bytes(damaged)
        out, _ = s.call("graph", "check", "g", "--salvage", "half")
        expect(out.startswith("half: 2 versions, up to the first damage\nleft: "), out)
        expect(answer(s, "info", "half")["version"] == 2, "not two versions")
        _, err = s.call("graph", "check", "g", "--salvage", "half", code=2)
        expect(err == "error: half is there already: give a new folder for what is whole\n", err)


def what_a_crash_left_is_told_and_is_no_damage():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        with (s.folder / "g" / "log" / "000000.log").open("ab") as log:
            log.write(b"x" * 24)
        out, _ = s.call("graph", "check", "g")
        expect(out.splitlines()[2].startswith("24 B behind the last commit"), out)
        s.call("graph", "tag", "g", "after")
        expect(s.call("graph", "check", "g")[0].count("\n") == 2, "the tail is still there")


def a_tag_names_a_version():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        expect(s.call("graph", "tag", "g", "now")[0] == "g: now = version 3\n", "not the head")
        expect(answer(s, "tag", "g", "now") == {"tag": "now", "version": 4, "head": 5}, "it does not move with the head")
        expect(answer(s, "tag", "g", "now", "before") == {"tag": "now", "version": 1, "head": 6}, "it cannot be moved back")
        expect(answer(s, "tag", "g", "now", "1")["head"] == 6, "the same again makes a version")
        refuses(s, ["tag", "g", "12"], "NAME = 12, which reads as a version or a time; give a tag that starts with a letter")
        refuses(s, ["tag", "g", "2024-01-01"], "NAME = 2024-01-01, which reads as a version or a time; give a tag that starts with a letter")
        refuses(s, ["tag", "g", ""], "tag \"\": allowed is a name of one line that is not empty")


def a_point_or_a_node_that_is_not_there_is_refused():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        refuses(s, ["info", "g", "--as-of", "4"], "--as-of = 4, allowed are versions 0..3")
        refuses(s, ["info", "g", "--as-of", "99999999999999999999"], "--as-of = 99999999999999999999, allowed are versions 0..3")
        refuses(s, ["diff", "g", "befor", "3"], "A = befor, allowed: a version 0..3, a tag (before), or a UTC date or time like 2024-02-29T12:30")
        refuses(s, ["info", "g", "--world", "1"], "--world = 1, allowed: a UTC date or time like 2024-02-29T12:30")
        refuses(s, ["path", "g", "wet", "dry", "--as-of", "1"], "dry: no such node at that point of version 1; give a key, or '#ID' for node ID")
        refuses(s, ["path", "g", "#9", "wet"], "#9: no such node at that point of version 3; give a key, or '#ID' for node ID")
        for command in (["info", "no"], ["log", "no"], ["diff", "no", "0", "1"], ["path", "no", "a", "b"], ["check", "no"], ["compact", "no"],
                        ["tag", "no", "x"]):
            refuses(s, command, "no: no graph store is here; give the folder of one, or make it by `saggio graph import`")
        expect(not (s.folder / "no").exists(), "a store was made")


def a_store_that_is_being_written_is_told_to_be_busy():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        writer = s.start("graph", "append", "g", "--every", "1", stdin=-1)
        writer.stdin.write('{"node": "first"}\n')
        writer.stdin.flush()
        end = time.time() + 20
        while answer(s, "info", "g")["head"] < 4 and time.time() < end:  # a reader sees what it commits
            time.sleep(.01)
        refuses(s, ["append", "g"], "g: another program is writing it; try again when it is done", code=75, stdin=RAIN)
        writer.communicate("", timeout=20)
        expect(writer.returncode == 0, "the writer failed")
        s.call("graph", "append", "g", stdin=RAIN)


def names_with_control_characters_reach_no_terminal():
    with Scratch(sys.argv[1]) as s:
        wild = json.dumps({"node": "a\u001b[2Jb"}) + "\n" + json.dumps({"edge": ["a\u001b[2Jb", "t\u009b", "a\u001b[2Jb"]})
        s.call("graph", "append", "g", stdin=wild)
        for arguments in (["info", "g"], ["diff", "g", "0", "1"], ["path", "g", "#0", "#0"]):
            out, _ = s.call("graph", *arguments)
            expect("\u001b" not in out and "\u009b" not in out, repr(out))
        expect("a\\x1b[2Jb" in s.call("graph", "diff", "g", "0", "1")[0], "the name is not shown")


def every_format_goes_out_and_comes_in():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        whole, _ = s.call("graph", "export", "g", "--format", "records")
        for ending in ("graphml", "gexf", "json", "dot", "nt", "jsonl"):
            out, err = s.call("graph", "export", "g", f"x.{ending}")
            expect(err == "" and out.startswith(f"x.{ending}: 3 nodes, 1 edge, "), out + err)
            s.call("graph", "import", ending, f"x.{ending}")
            expect(s.call("graph", "export", ending, "--format", "records")[0] == whole, f"{ending} came back as another graph")
        expect(not list(s.folder.glob("*.part")), "a file written aside is left")


def an_export_says_what_is_lost_and_is_as_of_a_point():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, err = s.call("graph", "export", "g", "--format", "edges", "--as-of", "before")
        expect(out == "wet rain 0.5\n", out)
        expect(err.splitlines() == ["lost: 1 edges of a type: edge lists have none", "lost: 2 kinds of nodes: edge lists have none",
                                    "lost: 2 texts: edge lists have none"], err)
        out, err = s.call("graph", "export", "g", "--format", "triples", "--world", "2026-01-01")
        expect(out == "" and "lost: 2 nodes without edges: triples hold only edges" in err, out + err)
        report = json.loads(s.call("graph", "export", "g", "x.csv", "--json")[0])
        expect((report["nodes"], report["edges"], len(report["losses"])) == (3, 1, 5), report)


def live_records_make_a_store_without_history():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        s.call("graph", "append", "g", stdin='{"edge": ["wet", "supports", "rain"], "ordinal": 1, "weight": 3}')
        s.call("graph", "export", "g", "live.jsonl", "--live")
        s.call("graph", "import", "fresh", "live.jsonl")
        expect(answer(s, "info", "fresh")["head"] == 1, "more than one version")
        old, new = (s.call("graph", "export", name, "--live")[0] for name in ("g", "fresh"))
        expect(sorted(old.splitlines()) == sorted(new.splitlines()), new)
        refuses(s, ["export", "g", "--live", "--as-of", "1"], "--live writes what is there now: leave out --as-of and --world")


def what_cannot_be_exported_is_said():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        names = "edges, csv, triples, node-link, graphml, gexf, dot, n-triples, records"
        refuses(s, ["export", "g"], f"standard output has no ending that tells a format; give --format with one of {names}")
        refuses(s, ["export", "g", "x.odt"], f"x.odt: its ending tells no format; give --format with one of {names}")
        refuses(s, ["export", "g", "--format", "odt"], f"--format = odt, allowed: {names}")
        refuses(s, ["export", "none", "x.dot"], "none: no graph store is here; give the folder of one, or make it by `saggio graph import`")
        (s.folder / "laughs.graphml").write_text("<?xml version='1.0'?>\n<!DOCTYPE l [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><graphml>&c;</graphml>")
        refuses(s, ["import", "g", "laughs.graphml"], "laughs.graphml:2: a document type declaration (<!DOCTYPE), which could define entities "
                "and name other files: refused; take it out of the file")


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n not in ("refuses", "answer", "with_rain")])
