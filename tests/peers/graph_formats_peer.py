#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Graphs out of a store into networkx, igraph, rdflib, pydot and Graphviz and back, with the same counts, keys, types and attributes.

  graph_formats_peer.py FOLDER           FOLDER: where saggio lies. Graphviz is used where it is installed
"""
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import igraph
import networkx
import rdflib

WORDS = ("rain", "wet street", "<b> & \"q\"", "caf\u00e9", "two\nlines", "back\\slash", "a,b;c", "{x}", "7")


def records():
    """A graph with parallel edges, dates and attributes, as records.jsonl."""
    draw = random.Random(1)
    keys = [f"{draw.choice(WORDS)} {i}" for i in range(60)]
    for i, key in enumerate(keys):
        node = {"node": key, "kind": draw.choice(("claim", "evidence", "entity"))}
        if i % 2:
            node |= {"text": f"{draw.choice(WORDS)}!", "weight": i / 4, "qualifiers": {"colour": draw.choice(("red", "blue")), "size": i}}
        if i % 3 == 0:
            node |= {"valid": ["2024-01-01", "2025-01-01"], "confidence": i / 64}
        yield node
    for _ in range(200):
        edge = {"edge": [draw.choice(keys), draw.choice(("supports", "linked")), draw.choice(keys)]}
        edge["qualifiers"] = {"note": draw.choice(WORDS)}
        yield edge | ({"weight": draw.randrange(1, 9) / 8} if draw.random() < .5 else {})


class Saggio:
    def __init__(self, folder, scratch):
        self.program, self.scratch = Path(folder).resolve() / "saggio", scratch

    def __call__(self, *arguments, stdin=None):
        done = subprocess.run([self.program, "graph", *arguments], input=stdin, capture_output=True, text=True, cwd=self.scratch,
                              check=False)
        assert done.returncode == 0, f"saggio graph {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def graph(self, store):
        """(nodes by key, sorted edges) as their records say."""
        nodes, edges = {}, []
        for line in self("export", store, "--format", "records").splitlines():
            record = json.loads(line)
            if "node" in record:
                nodes[record.pop("node")] = record
            else:
                edges.append((*record["edge"], record.get("weight", 1), dict(record.get("qualifiers", {}))))
        return nodes, sorted(edges, key=repr)


def check_counts(graph, nodes, edges, what):
    assert (len(graph), graph.number_of_edges()) == (len(nodes), len(edges)), \
        f"{what}: {len(graph)} nodes and {graph.number_of_edges()} edges, expected {len(nodes)} and {len(edges)}"


def check_networkx(graph, nodes, edges, what, text="text", kind="kind"):
    check_counts(graph, nodes, edges, what)
    assert set(graph) == set(nodes), what
    for key, record in nodes.items():
        data = graph.nodes[key]
        assert data.get(kind, "entity") == record["kind"], (what, key)
        assert float(data.get("weight", 1)) == record.get("weight", 1), (what, key)
        if "text" in record:
            assert data[text] == record["text"], (what, key, data)
        if "qualifiers" in record:
            assert {name: str(data[name]) for name in ("colour", "size")} == dict(record["qualifiers"]), (what, key, data)
    theirs = sorted(((a, b, float(d.get("weight", 1)), str(d["note"])) for a, b, d in graph.edges(data=True)), key=repr)
    assert theirs == sorted(((a, b, weight, q["note"]) for a, _, b, weight, q in edges), key=repr), what


def same(ours, theirs, what, drop=()):
    """The graph that came back, without the attributes that a program has added or dropped."""
    for key, record in ours[0].items():
        other = theirs[0].get(key)
        assert other is not None, f"{what}: {key!r} did not come back"
        for name in ("kind", "text", "weight", "valid", "confidence"):
            assert name in drop or record.get(name) == other.get(name), (what, key, record, other)
        qualifiers = dict(other.get("qualifiers", {}))
        assert dict(record.get("qualifiers", {})).items() <= qualifiers.items(), (what, key, record, other)
    assert len(ours[0]) == len(theirs[0]), what
    assert [e[:4] for e in ours[1]] == [e[:4] for e in theirs[1]], what
    assert sorted(e[4]["note"] for e in ours[1]) == sorted(e[4]["note"] for e in theirs[1]), what


def by_networkx(saggio, scratch, ours):
    saggio("export", "g", "g.graphml")
    graph = networkx.read_graphml(scratch / "g.graphml", force_multigraph=True, edge_key_type=str)
    check_networkx(graph, *ours, "networkx reads our GraphML")
    networkx.write_graphml(graph, scratch / "networkx.graphml")
    saggio("import", "from_graphml", "networkx.graphml")
    same(ours, saggio.graph("from_graphml"), "GraphML through networkx")

    saggio("export", "g", "g.json")
    graph = networkx.node_link_graph(json.loads((scratch / "g.json").read_text()), edges="edges")
    check_networkx(graph, *ours, "networkx reads our node-link JSON")
    (scratch / "networkx.json").write_text(json.dumps(networkx.node_link_data(graph, edges="edges")))
    saggio("import", "from_json", "networkx.json")
    assert saggio.graph("from_json")[0] == ours[0], "nodes of node-link JSON through networkx"

    saggio("export", "g", "g.gexf")
    graph = networkx.read_gexf(scratch / "g.gexf", version="1.3")
    check_networkx(graph, *ours, "networkx reads our GEXF", text="label")
    networkx.write_gexf(graph, scratch / "networkx.gexf")
    saggio("import", "from_gexf", "networkx.gexf")
    same(ours, saggio.graph("from_gexf"), "GEXF through networkx", drop=("text",))
    return 3


def by_igraph(saggio, scratch, ours):
    graph = igraph.Graph.Read_GraphML(str(scratch / "g.graphml"))
    assert (graph.vcount(), graph.ecount()) == (len(ours[0]), len(ours[1])), "igraph reads our GraphML"
    for vertex in graph.vs:
        vertex["id"] = vertex["id"].replace("&#38;", "&")  # how igraph reads &amp; in the id of a node
        assert vertex["text"] == ours[0][vertex["id"]].get("text", ""), vertex
    assert set(graph.vs["id"]) == set(ours[0])
    graph.write_graphml(str(scratch / "igraph.graphml"))
    saggio("import", "from_igraph", "igraph.graphml")
    same(ours, saggio.graph("from_igraph"), "GraphML through igraph")
    return 1


def by_rdflib(saggio, scratch):
    saggio("export", "g", "g.nt")
    triples = rdflib.Graph().parse(scratch / "g.nt")
    assert len(triples) == len(set((scratch / "g.nt").read_text().splitlines())), "rdflib reads our N-Triples"
    triples.serialize(scratch / "rdflib.nt", format="nt", encoding="utf-8")
    saggio("import", "from_rdflib", "rdflib.nt")
    key = lambda graph: (graph[0], sorted(repr(edge) for edge in graph[1]))
    assert key(saggio.graph("from_rdflib")) == key(saggio.graph("g")), "N-Triples through rdflib"
    return 1


def by_graphviz(saggio, scratch, ours):
    saggio("export", "g", "g.dot")
    tried = 0
    if shutil.which("dot"):
        canonical = subprocess.run(["dot", "-Tcanon", "g.dot"], capture_output=True, cwd=scratch, check=True)
        assert not canonical.stderr, canonical.stderr
        (scratch / "canonical.dot").write_bytes(canonical.stdout)
        saggio("import", "from_dot", "canonical.dot")
        same(ours, saggio.graph("from_dot"), "DOT through Graphviz")
        tried += 1
    graph = networkx.nx_pydot.read_dot(scratch / "g.dot")
    check_counts(graph, *ours, "pydot reads our DOT")  # what it writes of quotes in names, Graphviz refuses as we do
    return tried + 1


def main(folder):
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        saggio = Saggio(folder, scratch)
        saggio("append", "g", stdin="".join(json.dumps(record) + "\n" for record in records()))
        ours = saggio.graph("g")
        ways = by_networkx(saggio, scratch, ours) + by_igraph(saggio, scratch, ours)
        ways += by_graphviz(saggio, scratch, ours) + by_rdflib(saggio, scratch)
    print(f"{ways} ways out and back: networkx {networkx.__version__}, igraph {igraph.__version__}, rdflib "
          f"{rdflib.__version__}, pydot{', Graphviz' if shutil.which('dot') else ''}")


if __name__ == "__main__":
    main(*sys.argv[1:])
