#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every graph and triple file of a data mirror through `saggio graph import`, with the counts that networkx finds.

  import_all.py SAGGIO [MIRROR]     MIRROR: a folder with a MANIFEST.tsv; default: SAGGIO_MIRROR, else it is skipped

Prints a line for each graph, then what is no graph. Every file must be one or the other.
"""
import fnmatch
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import networkx

SKIPPED = 77  # ctest's word for it


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def by_edge_list(path):
    return networkx.read_edgelist(path, create_using=networkx.MultiDiGraph)


def by_triples(path):
    graph = networkx.MultiDiGraph()
    for line in lines_of(path):
        if line.strip():
            head, relation, tail = (field.strip() for field in line.split("\t"))
            graph.add_edge(head, tail, relation=relation)
    return graph


def by_metis(path):
    """networkx reads no METIS: its graph of the adjacency that the lines give."""
    lines = [line for line in lines_of(path) if not line.startswith("%")]
    header = [int(field) for field in lines[0].split()]
    weighted = len(header) > 2 and header[2] == 1
    graph = networkx.Graph()
    for vertex, line in enumerate(lines[1:header[0] + 1], 1):
        graph.add_node(vertex)
        graph.add_edges_from((vertex, int(other)) for other in line.split()[::2 if weighted else 1])
    assert [graph.number_of_nodes(), graph.number_of_edges()] == header[:2], f"{path}: not as its header says"
    return graph


# pattern, saggio's format, who counts; None: no graph, with what it is instead
RULES = [
    ("graphs/*.edgelist", "edges", by_edge_list),
    ("graphs/*.graph", "metis", by_metis),
    ("graphs/*.gexf", "gexf", networkx.read_gexf),
    ("kg/*.txt", "triples", by_triples),
    ("planetoid/*.edges.txt", "edges", by_edge_list),
    ("reasoning/pathquestion/2H-kb.txt", "triples", by_triples),
    ("planetoid/*.features.txt", None, "labels and words of nodes"),
    ("planetoid/*.split.txt", None, "numbers of nodes, by split"),
    ("reasoning/pathquestion/PQ-2H.txt", None, "questions, each with a path as its answer"),
    ("reasoning/babi/*", None, "stories and questions in words"),
    ("reasoning/clutrr/*", None, "stories and questions in words, zipped"),
    ("reasoning/prontoqa/*", None, "questions in words"),
    ("reasoning/prosqa/*", None, "questions in words, each with a graph of its own"),
    ("text/*", None, "running text"),
    ("weights/*", None, "weights of a network"),
    ("finance/*", None, "invoices"),
]


def rule_of(name):
    for pattern, form, what in RULES:
        if fnmatch.fnmatch(name, pattern):
            return form, what
    sys.exit(f"FAILED: {name}: neither a graph nor named as something else in RULES")


def imported(saggio, path, form, folder):
    out = subprocess.run([saggio, "graph", "import", folder, path, "--format", form, "--json"],
                         capture_output=True, text=True, check=False)
    if out.returncode != 0:
        sys.exit(f"FAILED: {path}: {out.stderr.strip()}")
    return json.loads(out.stdout)


def check_lines(path, form, report):
    """Lines, CR LF and blank lines are those of the bytes; of METIS a blank line may be a vertex."""
    raw = path.read_bytes()
    lines = raw.split(b"\n")[:-1] if raw.endswith(b"\n") else raw.split(b"\n")
    blank = sum(not line.strip() for line in lines)
    ends = sum(line.endswith(b"\r") for line in lines)
    expected = (len(lines), ends)
    assert (report["lines"], report["carriage_returns"]) == expected, f"{path}: {report}, expected {expected}"
    assert report["blank"] == blank or (form == "metis" and report["blank"] < blank), f"{path}: {blank} blank, {report}"


def check(saggio, path, form, count, scratch):
    report = imported(saggio, path, form, scratch / "g")
    graph = count(path)
    ours = (report["nodes"]["added"], report["edges"]["added"])
    theirs = (graph.number_of_nodes(), graph.number_of_edges())
    assert ours == theirs, f"{path}: {ours} nodes and edges, networkx {theirs}"
    if form != "gexf":  # whose lines mean nothing
        check_lines(path, form, report)
    again = imported(saggio, path, form, scratch / "g")
    assert again["version"] == report["version"] == 1, f"{path}: again it changes something"
    return ours, report


def main(saggio, mirror):
    names = sorted(line.split("\t")[0] for line in lines_of(mirror / "MANIFEST.tsv")[1:] if line)
    others, read = {}, 0
    print(f"{'file':44} {'format':8} {'nodes':>7} {'edges':>7} {'blank':>6} {'CR LF':>6}  as networkx")
    for name in names:
        form, what = rule_of(name)
        if form is None:
            others[what] = others.get(what, 0) + 1
        else:
            with tempfile.TemporaryDirectory() as scratch:
                (nodes, edges), report = check(saggio, mirror / name, form, what, pathlib.Path(scratch))
            read += 1
            print(f"{name:44} {form:8} {nodes:7} {edges:7} {report['blank']:6} {report['carriage_returns']:6}  yes")
    for what, count in others.items():
        print(f"no graphs: {count:3} files, {what}")
    print(f"{read} graphs of {len(names)} files")


if __name__ == "__main__":
    folder = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("SAGGIO_MIRROR")
    if not folder or not (pathlib.Path(folder) / "MANIFEST.tsv").exists():
        print("skipped: no data mirror; give one as argument or in SAGGIO_MIRROR")
        sys.exit(SKIPPED)
    main(sys.argv[1], pathlib.Path(folder))
