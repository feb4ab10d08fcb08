#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what the README tells its reader to do. Blocks that begin with ```console quick hold commands and what they print:

    $ saggio plan no_such_study.toml      # exits 2
    error: ...

A line starting with `$ ` is a command (a line ending in \\ goes on in the next); it must exit with 0, or with the code that its
comment `# exits N` states. Each line below it must have its like among the lines printed, in that order: one that starts with the
same first word. A line `...` stands for anything. Commands run in a scratch copy of the repository, with build/ in it and on PATH.

  readme_test.py README BUILD          runs them; exit 1 at the first that differs
  readme_test.py --self-test           expects planted differences to be found
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^```console quick\n(.*?)^```", re.S | re.M)
EXITS = re.compile(r"\s#\s*exits (\d+)\s*$")
LIMIT_S = 120


def steps_of(text):
    """The commands of a README: (command, exit code, expected lines)."""
    steps = []
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                exits = EXITS.search(line)
                steps.append((EXITS.sub("", line[2:]), int(exits[1]) if exits else 0, []))
            elif line.strip() and not steps:
                raise SystemExit(f"README: a quick block starts with '{line}', expected a line starting with '$ '")
            elif line.strip() not in ("", "..."):
                steps[-1][2].append(line)
    return steps


def difference(step, folder, environment):
    """What is wrong with a command, or None."""
    command, code, expected = step
    ran = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S, check=False)
    if ran.returncode != code:
        return f"exits {ran.returncode}, README says {code}; it printed:\n{ran.stdout}"
    printed = (line.split()[0] for line in ran.stdout.splitlines() if line.strip())
    for line in expected:
        if line.split()[0] not in printed:  # the search goes on where the last one ended
            return f"prints no line like '{line}' here; it printed:\n{ran.stdout}"
    return None


def scratch_copy(source, build, folder):
    listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", source, "ls-files", "-z"], capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (source / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, folder / name)
    (folder / "build").symlink_to(build)


def run(readme, build):
    steps = steps_of(readme.read_text(encoding="utf-8"))
    if not steps:
        print(f"{readme.name} has no command in a ```console quick block")
        return 1
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAGGIO_")}
    environment["PATH"] = f"{build}:{environment['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        scratch_copy(readme.parent, build, Path(folder))
        for step in steps:
            print(f"$ {step[0]}", flush=True)
            wrong = difference(step, folder, environment)
            if wrong:
                print(wrong)
                return 1
    print(f"{len(steps)} commands do what {readme.name} says")
    return 0


def self_test():
    cases = [("$ echo table 1; echo delta\ntable 7\n...\ndelta x\n", True), ("$ exit 2   # exits 2\n", True),
             ("$ echo a \\\n  b\na\n", True), ("$ echo a > x\n$ cat x\na\n", True), ("$ false\n", False),
             ("$ true # exits 2\n", False), ("$ echo a\nb\n", False), ("$ echo a; echo b\nb\na\n", False), ("$ echo a\na\na\n", False)]
    for text, sound in cases:
        with tempfile.TemporaryDirectory() as folder:
            steps = steps_of(f"# x\n```console\n$ false\n```\n```console quick\n{text}```\n")
            wrong = [difference(step, folder, os.environ) for step in steps]
        assert steps and any(wrong) != sound, f"{text!r}: {wrong}"
    print(f"{len(cases)} planted blocks judged rightly")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    sys.exit(run(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
