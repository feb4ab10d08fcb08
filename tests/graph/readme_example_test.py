#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The example of graph/README.md is short and prints what the README says. Arguments: the README, the example compiled."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path


def main(readme, program):
    text = Path(readme).read_text(encoding="utf-8")
    code, printed = (re.search(rf"^```{kind}\n(.*?)^```", text, re.S | re.M)[1] for kind in ("cpp", "text"))
    body = [line for line in code.split("int main() {\n")[1].splitlines()[:-1] if line.strip()]
    assert len(body) <= 20, f"the example has {len(body)} lines, the README promises twenty"
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run([Path(program).resolve()], cwd=folder, capture_output=True, text=True, check=True)
        assert ran.stdout == printed, f"it prints\n{ran.stdout}the README says\n{printed}"
        assert (Path(folder) / "thoughts" / "store.id").exists(), "it made no store"
    print("the example prints what the README says")


if __name__ == "__main__":
    main(*sys.argv[1:])
