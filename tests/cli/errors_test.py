# SPDX-License-Identifier: MIT
"""Bad input gets one clear line and the right exit code, and loses nothing. Argument: the folder of saggio and its test worker."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from saggio import Scratch, expect, expect_line, main


def refuses(s, arguments, line, code=2):
    _, err = s.call(*arguments, code=code)
    expect_line(err, line)


def a_study_that_is_wrong_is_refused_with_its_line():
    with Scratch(sys.argv[1]) as s:
        refuses(s, ["run", s.study("[base]\nstepz = 3\n")],
                "error: s.toml:6: unknown key 'stepz' (did you mean 'steps'?); see `saggio modules NAME` for all keys")
        refuses(s, ["run", s.study("[base]\nsteps = 3\nsteps = 4\n")],
                "error: s.toml:7: Error while parsing key-value pair: cannot redefine existing integer 'steps'")
        refuses(s, ["run", s.study("[base]\nsteps = \"many\"\n")], "error: s.toml:6: steps = many, allowed an integer")
        refuses(s, ["plan", s.study("[base]\nsteps = 0\n")], "error: s.toml:6: steps = 0, allowed 1 .. 1e+09")
        refuses(s, ["run", s.study("", module="wlak")], "error: s.toml:2: module 'wlak' is not known (did you mean 'walk'?); there are: probed, walk")
        refuses(s, ["run", "absent.toml"], "error: study 'absent.toml': no such file, and no study or claim of that name; there are "
                + s.call("plan", "absent.toml", code=2)[1].strip().split("there are ")[1])
        expect(not (s.folder / "runs" / "s").exists(), "something was run")


def a_command_line_that_is_wrong_is_refused():
    with Scratch(sys.argv[1]) as s:
        study = s.study("")
        refuses(s, ["run", study, "--set", "steps=none"], "error: --set: steps = none, allowed an integer")
        refuses(s, ["run", study, "--only", "ful"], "error: --only ful: no such arm (did you mean 'full'?); saggio plan lists them")
        _, err = s.call("rnu", study, code=2)
        expect(err.startswith("error: ") and "saggio --help" in err and err.count("\n") == 1, err)
        refuses(s, ["table", study], f"error: s: no runs yet below runs/s; type `saggio run {study}`")
        refuses(s, ["claim"], "error: saggio claim: give claim files, or --all for every claim in experiments/claims")


def a_missing_or_empty_file_is_named():
    with Scratch(sys.argv[1]) as s:
        refuses(s, ["run", s.study("[base]\npath = \"words.txt\"\n")],
                f"error: {s.folder}/words.txt: no such file; paths in a study start at the study's folder, and data:NAME is a "
                "public data set (saggio data list)")
        _, err = s.call("run", s.study("[base]\npath = \"data:text/tinyshakespear\"\n"), code=2)
        expect("tinyshakespeare" in err and err.count("\n") == 1, err)
        refuses(s, ["run", s.study("[base]\npath = \"data:text/tinyshakespeare\"\n")],
                "error: path = data:text/tinyshakespeare: not on this machine; type `saggio data get text/tinyshakespeare`")


def torn_events_are_tolerated_and_damaged_ones_are_named():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[[plot]]\nkind = \"curve\"\nmetric = \"position\"\n", seeds=2)
        s.call("run", study)
        folder = next(iter(s.runs().values()))
        events = folder / "events.jsonl"
        whole = events.read_bytes()
        events.write_bytes(whole[:-5])
        s.call("report", study)
        events.write_bytes(whole.replace(b'{"step":7', b'{"stop":7'))
        _, err = s.call("report", study, code=1)
        expect("events.jsonl:7" in err and err.count("\n") == 1, err)


def a_foreign_folder_is_no_run():
    with Scratch(sys.argv[1]) as s:
        (s.folder / "mine").mkdir()
        (s.folder / "mine" / "letter.txt").write_text("dear")
        refuses(s, ["show", "mine"], "error: mine: not a run, it has no spec.json; give a folder below runs or the first digits of "
                                     "a run's identity")
        study = s.study("", seeds=1)
        s.call("run", study)
        folder = next(iter(s.runs().values()))
        shutil.rmtree(folder)
        folder.mkdir()
        (folder / "letter.txt").write_text("dear")
        _, err = s.call("run", study, code=1)
        expect("letter.txt" in err or "not empty" in err or "spec.json" in err, err)
        expect((folder / "letter.txt").read_text() == "dear", "somebody's file was lost")


def a_full_disk_is_told_and_the_run_goes_on_later():
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
        print("  skipped: a small file system can only be mounted as root")
        return
    with Scratch(sys.argv[1]) as s:
        small = s.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small], capture_output=True).returncode != 0:
            print("  skipped: a small file system cannot be mounted here")
            return
        try:
            study = s.study("[base]\nsteps = 20000\n", seeds=1)
            _, err = s.call("run", study, "--runs", "small", code=1)
            expect("no space left on device" in err, err)
            expect(not list(small.glob("s/*/done.json")), "a run without its events was committed")
            subprocess.run(["mount", "-o", "remount,size=20m", small], check=True)
            s.call("run", study, "--runs", "small")
            with Scratch(sys.argv[1]) as whole:
                whole.call("run", whole.study("[base]\nsteps = 20000\n", seeds=1))
                mine = next(small.glob("s/*/events.jsonl")).read_bytes()
                expect(mine == next(iter(whole.runs().values())).joinpath("events.jsonl").read_bytes(), "events differ")
        finally:
            subprocess.run(["umount", "-l", small])


def the_second_launcher_is_sent_away():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[base]\nmilliseconds = 20\nsteps = 500\n", seeds=1)
        first = s.start("run", study)
        end = time.time() + 20
        while not s.runs() and time.time() < end:
            time.sleep(.01)
        _, err = s.call("run", study, code=75)
        expect(err.startswith(f"error: runs/s: pid {first.pid} on ") and err.count("\n") == 1, err)
        first.send_signal(signal.SIGINT)
        expect(first.wait(timeout=60) == 75, "the first launcher did not stop as asked")


def a_worker_that_listens_no_more_ends_nobody():
    with Scratch(sys.argv[1]) as s:
        for name in ("saggio", "modules.json"):
            shutil.copy(s.programs / name, s.folder)
        shutil.copy("/bin/bash", s.folder / "saggio-worker")  # started as `saggio-worker serve`, it runs this:
        (s.folder / "serve").write_text("read request\ncase $request in *fairness*) echo '{\"event\":\"gates\",\"gates\":[]}';; "
                                        "esac\nexec <&-\ntouch deaf\nsleep 2\n")
        s.programs = s.folder
        saggio = s.start("run", s.study("", seeds=1))
        end = time.time() + 20
        while not (s.runs() and (s.folder / "deaf").exists()) and time.time() < end:
            time.sleep(.01)
        time.sleep(.2)
        saggio.send_signal(signal.SIGINT)  # it tells the worker so, through a pipe without a reader
        _, err = saggio.communicate(timeout=60)
        expect(saggio.returncode == 75 and err.startswith("interrupted; nothing is lost"), f"{saggio.returncode}: {err}")


def a_missing_device_has_its_own_exit_code():
    with Scratch(sys.argv[1]) as s:
        refuses(s, ["run", s.study("[base]\ndevice = \"gpu\"\n")], "error: no GPU here; run it on a machine that has one", code=3)


def a_damaged_index_is_made_again():
    with Scratch(sys.argv[1]) as s:
        study = s.study("", seeds=2)
        s.call("run", study)
        before = s.call("table", study)[0]
        for file in (s.folder / "runs").glob("index.db*"):
            file.write_bytes(b"not a database")
        expect(s.call("table", study)[0] == before, "the table changed")


def runs_of_two_builds_are_not_compared_unless_asked():
    with Scratch(sys.argv[1]) as s:
        study = s.study("[component.drift]\noff = { drift = 0.5 }\n[design]\nkinds = [\"leave_one_out\"]\n", seeds=6)
        s.call("run", study)
        for file in list((s.folder / "runs" / "s").glob("*/env.json"))[:3]:
            environment = json.loads(file.read_text())
            environment["code_id"] = "another build"
            file.write_text(json.dumps(environment))
        for file in (s.folder / "runs").glob("index.db*"):
            file.unlink()
        plain, mixed = s.call("table", study)[0], s.call("table", study, "--mixed-code")[0]
        expect("--mixed-code" in plain, plain)
        expect(plain != mixed, "nothing was refused")


main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n != "refuses"])
