# SPDX-License-Identifier: MIT
"""Looking at runs while they run: `status --watch` and TensorBoard files. Argument: the folder of saggio and its test worker."""
import json
import re
import signal
import struct
import sys
import time

from saggio import Scratch, expect, main

SLOW = "[base]\nmilliseconds = 10\nsteps = 300\n"
ENDLESS = "[base]\nmilliseconds = 10\nsteps = 100000\n"


def wait_for(condition, seconds=60):
    end = time.time() + seconds
    while not condition():
        expect(time.time() < end, "waited in vain")
        time.sleep(.02)


def records(folder):
    """How many whole records each event file below has; the tensorboard package reads them in tests/peers."""
    counts = {}
    for file in folder.rglob("*tfevents*"):
        data, at, count = file.read_bytes(), 0, 0
        while at + 12 <= len(data):
            at += 16 + struct.unpack_from("<Q", data, at)[0]
            count += at <= len(data)
        counts[str(file.parent.relative_to(folder))] = count
    return counts


def watching_shows_the_last_values_of_every_live_run():
    with Scratch(sys.argv[1]) as s:
        study = s.study(ENDLESS, seeds=2)
        runner = s.start("run", study, "--jobs", "2")
        wait_for(lambda: "2 running" in s.call("status", study)[0])
        watcher = s.start("status", study, "--watch")
        time.sleep(4)
        watcher.send_signal(signal.SIGKILL)
        out, _ = watcher.communicate()
        runner.send_signal(signal.SIGINT)
        runner.communicate(timeout=60)
        seen = re.findall(r"^  full seed ([12])  step (\d+), ([\d.]+) steps/s\n    position \S+$", out, re.MULTILINE)
        expect({seed for seed, _, _ in seen} == {"1", "2"}, out)
        expect(all(int(step) > 0 and float(speed) > 0 for _, step, speed in seen), out)


def status_reads_the_tail_only():
    with Scratch(sys.argv[1]) as s:
        study = s.study(ENDLESS, seeds=1)
        runner = s.start("run", study)
        wait_for(lambda: any((f / "events.jsonl").exists() and (f / "events.jsonl").stat().st_size > 0 for f in s.runs().values()))
        state = json.loads(s.call("status", study, "--json")[0])["running"][0]
        expect(state["step"] > 0 and set(state["last"]) == {"position"} and state["steps_per_second"] is None, str(state))
        runner.send_signal(signal.SIGINT)
        runner.communicate(timeout=60)
        # Lines that are no events, far from the end, are never looked at.
        events = next(iter(s.runs().values())) / "events.jsonl"
        wide = "x" * 200_000 + "\n" + events.read_text()
        lease = s.start("run", study)
        wait_for(lambda: "1 running" in s.call("status", study)[0])
        lease.send_signal(signal.SIGSTOP)
        events.write_text(wide)
        expect("full seed 1" in s.call("status", study)[0], "status read what it need not")
        lease.send_signal(signal.SIGKILL)
        lease.communicate()


def event_files_grow_while_it_runs_and_a_killed_launcher_loses_nothing():
    with Scratch(sys.argv[1]) as s:
        study, curves = s.study(SLOW, seeds=1), s.folder / "curves"
        runner = s.start("run", study, "--tensorboard", "curves", "--checkpoint", "0.2")
        wait_for(lambda: records(curves).get("s/full/seed_1", 0) > 20)
        runner.kill()
        runner.communicate()
        s.call("run", study, "--tensorboard", "curves")
        speeds = next(curves.rglob("*tfevents*")).read_bytes().count(b"saggio/steps_per_second")
        expect(records(curves) == {"s/full/seed_1": 1 + 300 + speeds}, f"{records(curves)}, {speeds} speeds")
        expect(speeds > 0, "no speed")


def export_writes_event_files_of_what_has_run():
    with Scratch(sys.argv[1]) as s:
        arms = "[component.drift]\noff = { drift = 0.5 }\n[design]\nkinds = [\"leave_one_out\"]\n"
        _, err = s.call("export", s.study(arms), "--tensorboard", "curves", code=2)
        expect("no run below runs/s has events" in err, err)
        s.call("run", "s.toml")
        for _ in range(2):
            out, _ = s.call("export", "s.toml", "--tensorboard", "curves")
            expect("4 runs; look at them with: tensorboard --logdir curves" in out, out)
            expect(records(s.folder / "curves") == {f"s/{arm}/seed_{n}": 101 for arm in ("full", "minus_drift") for n in (1, 2)},
                   str(records(s.folder / "curves")))
        expect(not (s.folder / "evidence").exists(), "evidence was written too")


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n not in ("wait_for", "records")])
