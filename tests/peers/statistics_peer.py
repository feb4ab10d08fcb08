# SPDX-License-Identifier: MIT
"""statistics_peer.py GOLDEN_TEST: fresh samples through scipy, statsmodels and numpy, and through our functions.

Also: the committed tests/golden/statistics.json is what its script makes with the packages that are installed here.
"""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True  # nothing is left beside the golden files
sys.path.insert(0, str(ROOT / "tests/golden"))
import make_statistics  # noqa: E402


def close(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(close(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(close, a, b))
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def check_committed():
    committed = json.loads((ROOT / "tests/golden/statistics.json").read_text(encoding="utf-8"))
    made = json.loads(json.dumps(make_statistics.make(committed["seed"], most_exact=12)))
    for data in (committed, made):
        del data["versions"]
    assert close(committed, made), "tests/golden/statistics.json is not what make_statistics.py makes"


def check_fresh(golden_test, seed):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(make_statistics.make(seed, most_exact=16), file)
        file.flush()
        done = subprocess.run([golden_test], cwd=ROOT, env=os.environ | {"SAGGIO_STATISTICS": file.name},
                              capture_output=True, text=True)
    assert done.returncode == 0, f"seed {seed}:\n{done.stdout}"


if __name__ == "__main__":
    check_committed()
    for fresh in (101, 102):
        check_fresh(sys.argv[1], fresh)
