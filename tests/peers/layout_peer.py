#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Our layouts beside igraph's, in one run: the CPU time to equal stress, in three dimensions and in two.

  layout_peer.py SAMPLE [NODES]      SAMPLE: the program of layout_sample.cpp; without NODES: 500

igraph draws each graph by Fruchterman-Reingold and by Kamada-Kawai, with its own defaults. Ours stop the clock at the first of
their checkpoints whose stress is no higher. Stress is measured here, from igraph's distances, for both alike. The better
one of ours must be 20 times as fast as Fruchterman-Reingold in space, the force layout in a plane; Kamada-Kawai, which takes no less
time and makes stress itself small, is printed beside them, and the stress layout must come within 5 % of its stress.
"""
import json
import random
import subprocess
import sys
import time

import igraph
import numpy

STEPS = [str(n) for n in (0, 1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 130, 160, 200)]
SWEEPS = [str(n) for n in (1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 70, 100)]
SOURCES = 100
RUNS = 5
TIMES = 20  # as fast as Fruchterman-Reingold, at least
NEAR = 1.05  # of Kamada-Kawai's stress: both end in one of many local minima


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
    """Its checkpoints: the least CPU time of several runs, which are a few milliseconds each; stress; steps."""
    edges = f"{graph.vcount()}\n" + "".join(f"{a} {b}\n" for a, b in graph.get_edgelist())
    runs = []
    for _ in range(RUNS):
        done = subprocess.run([sample, *arguments], input=edges, capture_output=True, text=True, check=True)
        runs.append([json.loads(line) for line in done.stdout.splitlines()])
    return [(min(one["cpu_s"] for one in same), stress(graph, same[0]["points"]), same[0]["steps"]) for same in zip(*runs)]


def theirs(graph, draw):
    begin = time.process_time()
    points = draw(graph).coords
    return time.process_time() - begin, stress(graph, points)


def tell(kind, checkpoints, seconds, reached):
    """Prints when this kind of ours was as good, and returns how many times as fast that is; 0: it never was."""
    best = min(point[1] for point in checkpoints)
    first = next((point for point in checkpoints if point[1] <= reached), None)
    if not first:
        print(f"    ours, {kind}: stress {best:.4f} at best")
        return 0
    times = seconds / first[0]
    print(f"    ours, {kind}: stress {first[1]:.4f} in {first[0]:.4f} CPU-s ({first[2]} rounds), {times:.0f} times as fast; {best:.4f} at best")
    return times


def main(sample, nodes=500):
    for name, graph in graphs(int(nodes)).items():
        force, little = ours(sample, graph, "force", *STEPS), ours(sample, graph, "stress", *SWEEPS)
        seconds, reached = theirs(graph, igraph.Graph.layout_fruchterman_reingold_3d)
        print(f"{name}, igraph's Fruchterman-Reingold: stress {reached:.4f} in {seconds:.3f} CPU-s")
        times = max(tell("force", force, seconds, reached), tell("stress", little, seconds, reached))
        assert times >= TIMES, f"{name}: {times:.0f} times as fast as Fruchterman-Reingold to the same stress, expected {TIMES}"
        seconds, reached = theirs(graph, igraph.Graph.layout_fruchterman_reingold)
        print(f"{name}, igraph's Fruchterman-Reingold in a plane: stress {reached:.4f} in {seconds:.3f} CPU-s")
        times = tell("force in a plane", ours(sample, graph, "force2d", *STEPS), seconds, reached)
        assert times >= TIMES, f"{name}, in a plane: {times:.0f} times as fast as Fruchterman-Reingold to the same stress, expected {TIMES}"
        seconds, reached = theirs(graph, igraph.Graph.layout_kamada_kawai_3d)
        print(f"{name}, igraph's Kamada-Kawai: stress {reached:.4f} in {seconds:.3f} CPU-s")
        tell("force", force, seconds, reached)
        tell("stress", little, seconds, reached)
        best = min(point[1] for point in little)
        assert best <= NEAR * reached, f"{name}: stress {best} at best, Kamada-Kawai {reached}"


if __name__ == "__main__":
    main(*sys.argv[1:])
