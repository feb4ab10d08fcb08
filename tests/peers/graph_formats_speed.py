#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""GraphML and edge lists of one random graph: seconds and peak memory of saggio, networkx and igraph, each in a process of its own.
Run by hand, on a quiet machine.

  graph_formats_speed.py FOLDER [EDGES] [--only NAME]      FOLDER: where saggio lies
"""
import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NETWORKX = """
import sys, networkx
what, file, out = sys.argv[1:]
g = networkx.read_graphml(file) if what != "edges" else networkx.read_edgelist(file, create_using=networkx.DiGraph)
if what == "write": networkx.write_graphml(g, out)
"""
IGRAPH = """
import sys, igraph
what, file, out = sys.argv[1:]
readers = {"edges": igraph.Graph.Read_Edgelist, "names": igraph.Graph.Read_Ncol}
g = readers.get(what, igraph.Graph.Read_GraphML)(file)
if what == "write": g.write_graphml(out)
"""


def timed(command):
    """Seconds and peak megabytes of a command."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.monotonic() - begin, usage.ru_maxrss / 1e3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("edges", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--only", choices=("saggio", "networkx", "igraph"))
    a = parser.parse_args()
    draw = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        nodes = a.edges // 10
        with (scratch / "g.edges").open("w") as out:
            out.writelines(f"{draw.randrange(nodes)} {draw.randrange(nodes)}\n" for _ in range(a.edges))
        saggio = [a.folder / "saggio", "graph"]
        subprocess.run([*saggio, "import", scratch / "s", scratch / "g.edges"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*saggio, "export", scratch / "s", scratch / "g.graphml"], check=True, stdout=subprocess.DEVNULL)
        jobs = {("saggio", "edges"): [*saggio, "import", scratch / "a", scratch / "g.edges"],
                ("saggio", "read"): [*saggio, "import", scratch / "b", scratch / "g.graphml"],
                ("saggio", "write"): [*saggio, "export", scratch / "s", scratch / "h.graphml"]}
        for peer, code in (("networkx", NETWORKX), ("igraph", IGRAPH)):
            jobs[(peer, "start")] = [sys.executable, "-c", f"import {peer}"]
            for what in ("edges", "names", "read", "write") if peer == "igraph" else ("edges", "read", "write"):
                file = scratch / ("g.edges" if what in ("edges", "names") else "g.graphml")
                jobs[(peer, what)] = [sys.executable, "-c", code, what, file, scratch / "p.graphml"]
        print(f"{a.edges} edges, {nodes} nodes; GraphML of {(scratch / 'g.graphml').stat().st_size / 1e6:.1f} MB")
        print("(a peer's `write` reads first; its `start` is the interpreter and the imports; igraph's `edges` are numbers alone, its\n"
              " `names` any words, as they are to saggio and networkx)")
        for (who, what), command in jobs.items():
            if a.only in (None, who):
                seconds, megabytes = timed(command)
                print(f"{who:9} {what:6} {seconds:8.2f} s {megabytes:8.0f} MB", flush=True)


if __name__ == "__main__":
    main()
