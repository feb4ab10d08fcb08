#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The closure of facts under Horn rules, by us (with weights and proofs) and by clingo (without): the same set, and how long each took.

  closure_peer.py SAMPLE [FACTS RULES]     SAMPLE: the program of closure_sample.cpp
"""
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import clingo
except ImportError:
    print("skipped: this environment has no clingo (pip install clingo)")
    sys.exit(77)


def by_clingo(program):
    """All facts, and the seconds it took to read, ground and solve; a program without choices is solved by grounding it."""
    begin = time.perf_counter()
    control = clingo.Control(["--warn=none"])
    control.load(str(program))
    control.ground([("base", [])])
    facts = {str(atom.symbol) for atom in control.symbolic_atoms if atom.is_fact}
    return facts, time.perf_counter() - begin


def compare(sample, facts, rules, seed, folder):
    program, derived = folder / "program.lp", folder / "derived.txt"
    done = subprocess.run([sample, str(facts), str(rules), str(seed), program, derived], capture_output=True, text=True, check=True)
    ours = json.loads(done.stdout)
    lines = derived.read_text().split()
    theirs, seconds = by_clingo(program)
    assert len(lines) == len(set(lines)) == ours["facts"], "a fact stands twice"
    assert set(lines) == theirs, f"{len(set(lines) - theirs)} facts are ours alone, {len(theirs - set(lines))} clingo's"
    print(f"{facts} facts, {rules} rules: {ours['derived']} derived, {ours['premises']} premises kept; ours {ours['seconds']:.2f} s "
          f"with weights and proofs, clingo {clingo.__version__} {seconds:.2f} s without")
    return ours["seconds"]


def main(sample, facts=None, rules=None):
    with tempfile.TemporaryDirectory() as folder:
        if facts:
            compare(sample, int(facts), int(rules), 1, Path(folder))
            return
        for seed in range(20):
            compare(sample, 400, 10 + seed, seed, Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
