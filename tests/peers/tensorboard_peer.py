# SPDX-License-Identifier: MIT
"""tensorboard_peer.py SAGGIO: the event files that SAGGIO (with the test worker beside it) exports, read by the tensorboard package."""
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

from tensorboard.backend.event_processing import event_file_loader, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
from tensorboard.compat.proto import event_pb2

STUDY = """study = "s"
module = "walk"
metric = { name = "heldout/position", goal = "min" }
seeds = { n = 2 }
[base]
steps = 500
[component.drift]
off = { drift = 0.5 }
[design]
kinds = ["leave_one_out"]
"""


def single(value):
    """As the format stores it: in single precision."""
    return struct.unpack("f", struct.pack("f", value))[0]


def written(folder):
    """What events.jsonl holds: tag -> [(step, value)]."""
    series = {}
    for line in (folder / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        series.setdefault(event["name"], []).append((event["step"], single(float(event["value"]))))
    return series


def read_by_tensorboard(folder):
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0}).Reload()
    series = {tag: [(e.step, e.value) for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}
    for tag in accumulator.Tags()["tensors"]:  # newer versions turn scalars into these
        series[tag] = [(e.step, e.tensor_proto.float_val[0]) for e in accumulator.Tensors(tag)]
    return series


def same(a, b):
    return a.keys() == b.keys() and all(
        len(a[tag]) == len(b[tag]) and all(s == t and (v == w or math.isnan(v) and math.isnan(w)) for (s, v), (t, w) in
                                           zip(a[tag], b[tag])) for tag in a)


def check_framing(file):
    """Every byte: length, both checksums by the package's own function, the message by its protobuf."""
    data, at, messages = file.read_bytes(), 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        head, body = data[at:at + 8], data[at + 12:at + 12 + length]
        assert struct.unpack_from("<I", data, at + 8)[0] == masked_crc32c(head), f"{file}: length's checksum at {at}"
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked_crc32c(body), f"{file}: checksum at {at}"
        message = event_pb2.Event.FromString(body)
        assert message.SerializeToString(deterministic=True) == body, f"{file}: not what protobuf writes at {at}"
        messages.append(message)
        at += 16 + length
    assert messages[0].file_version == "brain.Event:2"
    assert len(list(event_file_loader.LegacyEventFileLoader(str(file)).Load())) == len(messages)


if __name__ == "__main__":
    saggio = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SAGGIO_")}
        (scratch / "s.toml").write_text(STUDY)
        for command in (["run", "s.toml", "--quiet", "--tensorboard", "live"], ["export", "s.toml", "--tensorboard", "later"]):
            subprocess.run([saggio, *command], cwd=scratch, env=environment, check=True, stdout=subprocess.DEVNULL)
        runs = {json.loads(spec.read_text())["label"]: spec.parent for spec in scratch.glob("runs/s/*/spec.json")}
        assert len(runs) == 4, runs
        for label, folder in runs.items():
            for where in ("live", "later"):
                curves = scratch / where / label.replace(" seed ", "/seed_")
                series = read_by_tensorboard(curves)
                series.pop("saggio/steps_per_second", None)
                assert same(series, written(folder)), f"{where}: {label}"
                (file,) = curves.iterdir()
                check_framing(file)
        multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRunsFromDirectory(str(scratch / "later"))
        multiplexer.Reload()
        assert sorted(multiplexer.Runs()) == [f"s/{arm}/seed_{n}" for arm in ("full", "minus_drift") for n in (1, 2)]
