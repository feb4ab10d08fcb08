#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random graphs, with self-loops and parallel arcs, through networkx, igraph and our algorithms.

  graph_algorithms_peer.py ANSWERS      ANSWERS: the program of graph_answers.cpp
"""
import json
import random
import subprocess
import sys

import igraph
import networkx

# Both sides end where an iteration changes 1e-14; the rest is at most .85 / .15 of that, on each.
RANKS = 1e-12
GROUPS = .005  # of a mean: both ways are greedy, in another order
BETWEENNESS = 1e-14  # a rounding for each pair of nodes
PRPACK = 1e-10  # igraph's own stopping rule


def questions():
    draw = random.Random(1)
    for number in range(60):
        nodes = draw.choice((1, 2, 10, 40, 150))
        arcs = [(draw.randrange(nodes), draw.randrange(nodes), draw.randrange(1, 17) / 8)
                for _ in range(draw.choice((0, nodes // 2, nodes, 2 * nodes, 8 * nodes)))]
        if number % 3 == 0:  # without cycles
            arcs = [(min(a, b), max(a, b), w) for a, b, w in arcs if a != b]
        restart = [draw.choice((0, 0, 1, 2.5)) for _ in range(nodes)]
        restart[draw.randrange(nodes)] = 1
        yield {"nodes": nodes, "arcs": sorted(arcs), "restart": restart,
               "from": draw.randrange(nodes), "to": draw.randrange(nodes)}


def answers(program, asked):
    text = "".join(json.dumps(question) + "\n" for question in asked)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def graph_of(question):
    graph = networkx.MultiDiGraph()
    graph.add_nodes_from(range(question["nodes"]))
    graph.add_edges_from((a, b, {"weight": w}) for a, b, w in question["arcs"])
    return graph


def labels(components, nodes):
    label = {node: min(component) for component in components for node in component}
    return [label[node] for node in range(nodes)]


def check_ranks(ours, theirs, what, most=RANKS):
    apart = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
    assert apart <= most, f"{what}: {apart} apart, allowed {most}"


def check_depths(answer, graph, source):
    both = graph.to_undirected()
    for way, other in (("out", graph), ("in", graph.reverse()), ("both", both)):
        depths = networkx.single_source_shortest_path_length(other, source)
        assert answer[way] == [depths.get(x, -1) for x in graph], way


def check_page_rank(answer, graph, question):
    nodes = question["nodes"]
    options = {"tol": 1e-14 / nodes, "max_iter": 1000}
    personal = dict(enumerate(question["restart"]))
    for name, theirs in (("plain", networkx.pagerank(graph, weight=None, **options)),
                         ("weighted", networkx.pagerank(graph, **options)),
                         ("personal", networkx.pagerank(graph, personalization=personal, **options))):
        check_ranks(answer["ranks"][name], [theirs[x] for x in graph], name)


def check_components(answer, graph):
    nodes = len(graph)
    assert answer["weak"] == labels(networkx.weakly_connected_components(graph), nodes)
    assert answer["strong"] == labels(networkx.strongly_connected_components(graph), nodes)
    simple = networkx.Graph(graph)
    simple.remove_edges_from(list(networkx.selfloop_edges(simple)))
    cores = networkx.core_number(simple)
    assert answer["cores"] == [cores[x] for x in graph]


def check_structure(answer, graph, question):
    source = question["from"]
    dominators = networkx.immediate_dominators(graph, source) | {source: source}
    assert answer["dominators"] == [dominators.get(x, -1) for x in graph]
    assert (not answer["cycle"]) == networkx.is_directed_acyclic_graph(graph)
    if answer["cycle"]:
        arcs = [question["arcs"][edge] for edge in answer["cycle"]]
        assert all(a[1] == b[0] for a, b in zip(arcs, arcs[1:] + arcs[:1]))
    else:
        place = {node: i for i, node in enumerate(answer["order"])}
        assert len(place) == len(graph) and all(place[a] < place[b] for a, b, _ in question["arcs"])


def nodes_on(path, question):
    return (question["from"], *(question["arcs"][edge][1] for edge in path))


def check_paths(answer, graph, question):
    ends = question["from"], question["to"]
    for name, weight in (("by_count", None), ("by_length", "weight")):
        ours = answer[name]
        if not networkx.has_path(graph, *ends):
            assert ours == {"one": None, "all": [], "count": 0}
            continue
        theirs = set(map(tuple, networkx.all_shortest_paths(graph, *ends, weight=weight)))
        assert {nodes_on(path, question) for path in ours["all"]} == theirs, name
        assert ours["count"] == len(ours["all"]) and ours["one"] in ours["all"]


def check_groups(answer, graph):
    """Our groups' modularity as networkx counts it, and ours beside that of networkx' own groups."""
    simple = networkx.Graph()
    simple.add_nodes_from(graph)
    for a, b, data in graph.edges(data=True):
        before = simple.get_edge_data(a, b, {"weight": 0})["weight"]
        simple.add_edge(a, b, weight=before + data["weight"])
    if not simple.number_of_edges():
        return 0, 0
    members = {}
    for node, group in enumerate(answer["groups"]["group"]):
        members.setdefault(group, set()).add(node)
    theirs = networkx.community.modularity(simple, members.values())
    check_ranks([answer["groups"]["modularity"]], [theirs], "modularity")
    return theirs, networkx.community.modularity(simple, networkx.community.louvain_communities(simple, seed=1))


def check_flow(answer, graph, question):
    source, target = question["from"], question["to"]
    if source == target:
        return
    simple = networkx.DiGraph()
    simple.add_nodes_from(graph)
    for a, b, data in graph.edges(data=True):
        before = simple.get_edge_data(a, b, {"weight": 0})["weight"]
        simple.add_edge(a, b, weight=before + data["weight"])
    value = networkx.minimum_cut_value(simple, source, target, capacity="weight")
    assert answer["cut"] == value, f"cut {answer['cut']}, networkx {value}"


def check_igraph(answer, question):
    arcs = [arc[:2] for arc in question["arcs"]]
    graph = igraph.Graph(question["nodes"], arcs, directed=True)
    source = question["from"]
    for way in ("out", "in", "all"):
        depths = [-1 if x == float("inf") else x for x in graph.distances(source, mode=way)[0]]
        assert answer["both" if way == "all" else way] == depths, way
    check_ranks(answer["ranks"]["plain"], graph.pagerank(), "igraph", PRPACK)
    check_ranks(answer["betweenness"], graph.betweenness(), "betweenness", BETWEENNESS * question["nodes"] ** 2)
    for name, mode in (("weak", "weak"), ("strong", "strong")):
        assert answer[name] == labels(graph.connected_components(mode=mode), question["nodes"])
    assert answer["cores"] == graph.as_undirected().simplify().coreness()


def main(program):
    asked = list(questions())
    grouped = []
    for number, (question, answer) in enumerate(zip(asked, answers(program, asked), strict=True)):
        graph = graph_of(question)
        try:
            check_depths(answer, graph, question["from"])
            check_page_rank(answer, graph, question)
            check_components(answer, graph)
            check_structure(answer, graph, question)
            check_paths(answer, graph, question)
            check_flow(answer, graph, question)
            grouped.append(check_groups(answer, graph))
            check_igraph(answer, question)
        except AssertionError as error:
            raise AssertionError(f"graph {number}: {json.dumps(question)}") from error
    ours, theirs = (sum(pair[i] for pair in grouped) / len(grouped) for i in (0, 1))
    assert ours >= theirs - GROUPS, f"mean modularity {ours}, networkx {theirs}"
    print(f"mean modularity {ours:.4f}, networkx' Louvain {theirs:.4f}")
    print(f"{len(asked)} graphs, as networkx {networkx.__version__} and igraph {igraph.__version__} say")


if __name__ == "__main__":
    main(*sys.argv[1:])
