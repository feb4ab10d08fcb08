#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the example of graph/FORMAT.md, which reads a segment by numpy.memmap, on a store that SAMPLE makes.

  segment_peer.py SAMPLE
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy


def example(document):
    blocks = re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 1, f"{document}: {len(blocks)} examples in Python, expected one"
    assert len(blocks[0].strip().splitlines()) <= 20, "the example has more than 20 lines"
    names = {}
    exec(blocks[0], names)
    return names["read_segment"]


def main(sample):
    read_segment = example(Path(__file__).parents[2] / "graph" / "FORMAT.md")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        subprocess.run([sample, store], check=True)
        version, arrays = read_segment(store / "segments" / "1.seg")
        source = numpy.arange(100)
        target = source * source % (source + 1)

        assert version == 1
        assert isinstance(arrays["out_target"], numpy.memmap)
        assert (arrays["node_ids"] == source).all() and (arrays["node_kinds"] == numpy.where(source % 2, 0, 2)).all()
        assert (arrays["out_ptr"] == numpy.arange(101)).all() and (arrays["out_target"] == target).all()
        assert (arrays["edge_ids"] == source).all() and (arrays["edge_types"] == 0).all()
        assert (arrays["edge_weights"] == source / 4).all() and len(arrays["edge_confidence"]) == 0
        assert (arrays["node_from"] == -2**63 + 1).all() and len(arrays["edge_to"]) == 0
        into = numpy.argsort(target, kind="stable")
        assert (arrays["in_edge"] == into).all() and (arrays["in_source"] == source[into]).all()
        assert (arrays["in_ptr"] == numpy.searchsorted(target[into], numpy.arange(101))).all()
        assert set(arrays) >= {"node_statuses", "edge_types", "edge_statuses", "edge_from", "node_to", "node_confidence"}
    print(f"{len(arrays)} arrays read as FORMAT.md says")


if __name__ == "__main__":
    main(*sys.argv[1:])
