# SPDX-License-Identifier: MIT
"""Killed with -9 at random moments, worker and launcher alike, a study ends with the same bits. Arguments: the folder of saggio and
its worker, how many kills, and optionally a study file with its extra files to compare (glob below a run)."""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

from saggio import Scratch, expect, main

KILLS = int(sys.argv[2])
WALK = "[base]\nmilliseconds = 4\nsteps = 60\nthoughts = 7\n[component.drift]\noff = { drift = 0.5 }\n[design]\nkinds = [\"leave_one_out\"]\n"


def workers_of(pid):
    """Workers only: a leak checker is a child of its program too, and its program never ends when it is killed."""
    out = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in out.splitlines() if line.split()[1].startswith("saggio-worker")]


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself


def killed_runs_end_with_the_same_bits():
    if len(sys.argv) > 3:
        file = pathlib.Path(sys.argv[3]).resolve()
        write = lambda s: str(file)
        name, files = file.stem, sys.argv[4:]
    else:
        write = lambda s: s.study(WALK, seeds=3)
        name, files = "s", ["end.txt"]
    random.seed(7)
    with Scratch(sys.argv[1]) as whole, Scratch(sys.argv[1]) as killed:
        start = time.time()
        whole.call("run", write(whole), "--jobs", "2")
        span = time.time() - start
        kills = 0
        while kills < KILLS:
            process = killed.start("run", write(killed), "--jobs", "2", "--checkpoint", "0.02")
            time.sleep(random.uniform(.02, max(.1, span / 4)))
            victims = workers_of(process.pid) if kills % 2 else [process.pid]
            if process.poll() is None and victims:
                for pid in victims[:1]:
                    kill(pid)
                kills += 1
            elif process.poll() is not None:
                # everything is done: start over, so that every kill meets a run
                _, err = process.communicate()
                if process.returncode == 75:
                    continue  # an orphaned worker is still saving its checkpoint
                expect(process.returncode == 0, f"exit code {process.returncode} after a kill: {err}")
                check(whole, killed, name, files)
                for folder in killed.runs(name).values():
                    (folder / "done.json").unlink()
                continue
            if victims != [process.pid]:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)
        while killed.start("run", write(killed), "--jobs", "2").wait(timeout=300) == 75:
            time.sleep(.05)  # an orphaned worker is still saving its checkpoint
        code = killed.start("run", write(killed)).wait(timeout=300)
        expect(code == 0, f"exit code {code} after the kills")
        check(whole, killed, name, files)


def check(whole, killed, name, files):
    expect(whole.results(name) == killed.results(name), "interrupted and whole runs differ")
    for label, folder in whole.runs(name).items():
        if (folder / "graph").exists():
            expect(content(whole, folder) == content(killed, killed.runs(name)[label]), f"{label}: the graphs differ")
        for pattern in files:
            for file in folder.glob(pattern):
                other = killed.runs(name)[label] / file.relative_to(folder)
                expect(file.read_bytes() == other.read_bytes(), f"{label}: {file.name} differs")


def content(s, folder):
    """Of a run's graph, without its times."""
    found = json.loads(s.call("--json", "graph", "check", str(folder / "graph"))[0])
    expect(found["intact"] and found["version"] > 0, f"{folder}: {found}")
    return found["content"]


main([killed_runs_end_with_the_same_bits])
