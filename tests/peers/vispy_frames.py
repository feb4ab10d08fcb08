#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frames of the viewer beside vispy's, on the same Mesa in software: CPU time of all threads for a frame at 1280x720.

  vispy_frames.py VIZ_BENCH [NODES]      VIZ_BENCH: the program of tests/bench/viz_bench.cpp; without NODES: 100000

Run by hand, with vispy 0.14 and numpy (pip install vispy==0.14.3 numpy) and EGL (apt-get install libegl1). vispy draws the nodes as
its Markers and the edges as its Line with blended segments of one pixel, with a camera that turns; ours has ids for picking, labels, a
legend and a caption as well. Both draw communities with two edges a node; vispy's time has in it that its picture is read back, some
5 of hundreds of milliseconds. At least 4 times as fast.
"""
import json
import math
import os
import subprocess
import sys
import time

os.environ.update(LIBGL_ALWAYS_SOFTWARE="1", EGL_PLATFORM="surfaceless")  # before vispy asks
import numpy
from vispy import app, scene

TIMES = 4  # as fast as vispy, at least
FRAMES = 5
SIZE = (1280, 720)


def communities(nodes):
    """As tests/viz/casts.h: fifty communities, nine of ten edges within them."""
    draw = numpy.random.default_rng(7)
    middles = draw.normal(scale=.45, size=(50, 3))
    places = middles[numpy.arange(nodes) % 50] + draw.normal(scale=.13, size=(nodes, 3))
    begin, end = draw.integers(nodes, size=(2, 2 * nodes))
    near = end - end % 50 + begin % 50
    return places.astype("f4"), numpy.stack([begin, numpy.where((draw.random(2 * nodes) < .9) & (near < nodes), near, end)], 1)


def theirs(nodes):
    """CPU milliseconds of a frame, the best of FRAMES."""
    places, edges = communities(nodes)
    canvas = scene.SceneCanvas(size=SIZE, bgcolor="white", show=False)
    view = canvas.central_widget.add_view()
    view.camera = scene.cameras.TurntableCamera(fov=34, distance=6.2)
    scene.visuals.Line(pos=places, connect=edges, color=(0, .5, .4, .2), method="gl", parent=view.scene)
    markers = scene.visuals.Markers(parent=view.scene)
    markers.set_data(places, size=4, edge_width=0, face_color=(0, .4, .7, 1))
    best = math.inf
    for frame in range(FRAMES + 2):  # two to warm up
        view.camera.azimuth = 3 * frame
        begin = time.process_time()
        canvas.render()
        if frame >= 2:
            best = min(best, 1e3 * (time.process_time() - begin))
    return best


def ours(program, nodes):
    way = 2 if nodes > 20_000 else 1
    done = subprocess.run(
        [program, f"--benchmark_filter=BM_Frame/nodes:{nodes}/way:{way}/edges:0", "--benchmark_format=json"],
        capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["benchmarks"][0]["cpu_time"]


def main():
    app.use_app("egl")
    nodes = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    peer, own = theirs(nodes), ours(sys.argv[1], nodes)
    print(f"{nodes} nodes, {2 * nodes} edges: vispy {peer:.0f} CPU-ms a frame, saggio {own:.0f}: {peer / own:.1f} times as fast")
    return 0 if peer >= TIMES * own else 1


if __name__ == "__main__":
    sys.exit(main())
