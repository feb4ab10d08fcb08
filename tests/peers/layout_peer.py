#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our layouts in three dimensions beside igraph's, in one run: the CPU time to equal stress.

  layout_peer.py SAMPLE [NODES]      SAMPLE: the program of layout_sample.cpp; without NODES: 500

igraph draws each graph by Fruchterman-Reingold and by Kamada-Kawai, with its own defaults. Ours stops the clock at the first of
its checkpoints whose stress is no higher. Stress is measured here, from igraph's distances, for both alike.
"""
import json
import random
import subprocess
import sys
import time

import igraph
import numpy

STEPS = [str(n) for n in (0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 130, 160, 200)]
SWEEPS = [str(n) for n in (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100)]
SOURCES = 100
TIMES = 20  # as fast as igraph, at least


def graphs(nodes):
    random.seed(2)  # what igraph draws with
    draw = random.Random(3)
    side = round(nodes ** .5)
    return {
        f"scale free {nodes}": igraph.Graph.Barabasi(nodes, 2),
        f"grid {side} x {side}": igraph.Graph.Lattice([side, side], circular=False),
        f"random tree {nodes}": igraph.Graph([(draw.randrange(x), x) for x in range(1, nodes)]),
    }


def stress(graph, points):
    """The mean of (scale d / D - 1)^2 with the best scale, over pairs from the same sources for all."""
    points = numpy.asarray(points)
    count = graph.vcount()
    sources = random.Random(1).sample(range(count), min(SOURCES, count))
    hops = numpy.array(graph.distances(source=sources))
    apart = numpy.linalg.norm(points[sources][:, None] - points[None], axis=2)
    pairs = hops > 0
    ratio = apart[pairs] / hops[pairs]
    scale = ratio.sum() / (ratio * ratio).sum()
    return ((scale * ratio - 1) ** 2).mean()


def ours(sample, graph, *arguments):
    edges = f"{graph.vcount()}\n" + "".join(f"{a} {b}\n" for a, b in graph.get_edgelist())
    done = subprocess.run([sample, *arguments], input=edges, capture_output=True, text=True, check=True)
    return [(result["cpu_s"], stress(graph, result["points"]), result["steps"])
            for result in map(json.loads, done.stdout.splitlines())]


def theirs(graph, draw):
    begin = time.process_time()
    points = draw(graph).coords
    return time.process_time() - begin, stress(graph, points)


def main(sample, nodes=500):
    slower = []
    for name, graph in graphs(int(nodes)).items():
        checkpoints = [(*point, "force") for point in ours(sample, graph, "force", *STEPS)]
        checkpoints += [(*point, "stress") for point in ours(sample, graph, "stress", *SWEEPS)]
        for peer, draw in (("Fruchterman-Reingold", igraph.Graph.layout_fruchterman_reingold_3d),
                           ("Kamada-Kawai", igraph.Graph.layout_kamada_kawai_3d)):
            seconds, reached = theirs(graph, draw)
            print(f"{name}, igraph's {peer}: stress {reached:.4f} in {seconds:.3f} CPU-s")
            as_good = [point for point in checkpoints if point[1] <= reached]
            for kind in ("force", "stress"):
                own = [point for point in checkpoints if point[3] == kind]
                first = next((point for point in own if point[1] <= reached), None)
                text = f"stress {min(point[1] for point in own):.4f} at best"
                if first:
                    text = f"stress {first[1]:.4f} in {first[0]:.4f} CPU-s ({first[2]} rounds): {seconds / first[0]:.0f} times as fast"
                print(f"    ours, {kind}: {text}")
            if not as_good or seconds < TIMES * min(point[0] for point in as_good):
                slower.append(f"{name}, {peer}")
    assert not slower, f"less than {TIMES} times as fast as igraph to the same stress: {slower}"


if __name__ == "__main__":
    main(*sys.argv[1:])
