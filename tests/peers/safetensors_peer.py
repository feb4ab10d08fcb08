# SPDX-License-Identifier: MIT
"""safetensors_peer.py COPY: our reader and writer against the safetensors package, both ways.

Files that the package wrote go through COPY (read by us, written by us) and come back through the package unchanged.
Damaged files: whatever the package refuses, we refuse.
"""
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import numpy
import safetensors
from safetensors.numpy import save_file

TYPES = ["bool", "uint8", "int8", "uint16", "int16", "float16", "uint32", "int32", "float32", "uint64", "int64",
         "float64", "complex64"]
SHAPES = [(), (1,), (0,), (3, 0, 2), (5,), (2, 3), (1, 4, 1, 2), (257,)]
METADATA = [None, {}, {"format": "pt"}, {"": "", "größe": "7 \u4e00 \" \\ \n"}]


def ours(copy, source, target):
    done = subprocess.run([copy, source, target], capture_output=True, text=True)
    assert done.returncode in (0, 1), f"{source}: exit code {done.returncode}: {done.stderr}"
    return done.returncode == 0, done.stderr


def theirs(file):
    with safetensors.safe_open(file, "numpy") as opened:
        return {name: opened.get_tensor(name) for name in opened.keys()}, opened.metadata()


def same(a, b):
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def check_round_trips(copy, folder, rng):
    for trial in range(40):
        tensors = {}
        for i in range(rng.integers(0, 12)):
            shape = SHAPES[rng.integers(len(SHAPES))]
            raw = rng.integers(0, 2 if (kind := TYPES[rng.integers(len(TYPES))]) == "bool" else 200, shape)
            tensors[f"layer.{i}.größe {kind}"] = numpy.asarray(raw, dtype=kind)
        metadata = METADATA[trial % len(METADATA)]
        save_file(tensors, folder / "a", metadata=metadata)
        read, message = ours(copy, folder / "a", folder / "b")
        assert read, message
        copied, copied_metadata = theirs(folder / "b")
        assert copied.keys() == tensors.keys(), (copied.keys(), tensors.keys())
        assert all(same(copied[name], tensors[name]) for name in tensors)
        assert (copied_metadata or {}) == (metadata or {}), (copied_metadata, metadata)


def accepted_by_package(file):
    try:
        safetensors.deserialize(file.read_bytes())
        return True
    except safetensors.SafetensorError:
        return False


def damaged(whole, rng):
    file = bytearray(whole)
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(file))
        kind = rng.randrange(4)
        if kind == 0:
            file[at] = rng.choice(b'{}[]",:0123456789-UF8 ')
        elif kind == 1:
            del file[at]
        elif kind == 2:
            file.insert(at, rng.choice(b'{}[]",:0123456789'))
        else:
            file = file[:max(at, 1)]
    return bytes(file)


def check_damage(copy, folder, rng):
    header = json.dumps({"__metadata__": {"k": "v"}, "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
                         "b": {"dtype": "U8", "shape": [3], "data_offsets": [24, 27]}}, separators=(",", ":")).encode()
    whole = struct.pack("<Q", len(header)) + header + bytes(range(27))
    stricter = refused = 0
    for _ in range(500):
        (folder / "a").write_bytes(damaged(whole, rng))
        read, message = ours(copy, folder / "a", folder / "b")
        accepted = accepted_by_package(folder / "a")
        assert accepted or not read, f"we accept what the package refuses: {(folder / 'a').read_bytes()}"
        assert read or message.startswith("error: "), message
        stricter += accepted and not read
        refused += not read
    print(f"damaged files: {refused} of 500 refused, {stricter} of which the package accepts")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        check_round_trips(sys.argv[1], pathlib.Path(name), numpy.random.default_rng(1))
        check_damage(sys.argv[1], pathlib.Path(name), random.Random(2))
