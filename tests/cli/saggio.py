# SPDX-License-Identifier: MIT
"""A saggio in a scratch folder, for the tests of the command line: runs commands, writes studies, compares runs."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HEAD = """study = "{name}"
module = "{module}"
metric = {{ name = "heldout/position", goal = "min" }}
seeds = {{ n = {seeds} }}
"""


class Scratch:
    """`with Scratch(folder_of_saggio) as s:` changes nothing outside a temporary folder."""

    def __init__(self, programs, folder=None):
        self.programs = pathlib.Path(programs).resolve()
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="saggio-test-")).resolve()
        self.owned = folder is None
        self.variables = {}  # of the environment, for the programs that are started here

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.owned:
            shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SAGGIO_")}
        environment["SAGGIO_DATA"] = str(self.folder / "data")
        return environment | self.variables

    def start(self, *arguments, **options):
        return subprocess.Popen([self.programs / "saggio", *arguments], cwd=self.folder, env=self.environment(),
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def call(self, *arguments, code=0, stdin=None):
        """Standard output and error of a command that must end with this exit code; `stdin`: a text that it is given."""
        process = self.start(*arguments, **({} if stdin is None else {"stdin": subprocess.PIPE}))
        out, err = process.communicate(stdin, timeout=300)
        expect(process.returncode == code, f"saggio {' '.join(map(str, arguments))}: exit code {process.returncode}, "
                                           f"expected {code}\n{out}{err}")
        return out, err

    def study(self, text, name="s", module="walk", seeds=2):
        file = self.folder / f"{name}.toml"
        file.write_text(HEAD.format(name=name, module=module, seeds=seeds) + text)
        return file.name

    def runs(self, study="s"):
        """label -> folder of every run that has a spec."""
        found = {}
        for spec in sorted((self.folder / "runs" / study).glob("*/spec.json")):
            found[json.loads(spec.read_text())["label"]] = spec.parent
        return found

    def results(self, study="s"):
        """label -> what must be equal, bit for bit, however often the run was interrupted."""
        kept = {}
        for label, folder in self.runs(study).items():
            record = json.loads((folder / "done.json").read_text()) if (folder / "done.json").exists() else None
            if record:
                for quantity in ("seconds", "cpu_seconds", "peak_memory_bytes"):
                    record["ledger"].get("", {}).pop(quantity, None)
            kept[label] = (record, (folder / "events.jsonl").read_bytes())
        return kept


def expect(condition, message):
    if not condition:
        sys.exit(f"FAILED: {message}")


def expect_line(err, text):
    """The error is one clear line: this one."""
    lines = [line for line in err.strip().splitlines() if line]
    expect(lines == [text], f"got\n  {err.strip()}\nexpected\n  {text}")


def main(tests):
    """Runs functions whose names are sentences, a few at a time: each has a folder of its own, and they mostly wait."""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = [(test, pool.submit(test)) for test in tests]
        for test, result in results:
            print(test.__name__.replace("_", " "), flush=True)
            result.result()
    print(f"{len(tests)} passed, 0 failed")
