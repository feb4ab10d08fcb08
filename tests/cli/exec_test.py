# SPDX-License-Identifier: MIT
"""Any program is an experiment through the module `exec`. Argument: the folder of saggio and its worker."""
import json
import sys

from saggio import Scratch, expect, main

PROGRAM = r'''
import json, os, random, sys
rate, seed = float(sys.argv[1]), int(sys.argv[2])
random.seed(seed)
print("a line for the log")
for step in range(1, 4):
    print(json.dumps({"step": step, "name": "train/loss", "value": rate * step + random.random()}))
assert os.environ["SAGGIO_ARG_RATE"] == sys.argv[1] and os.environ["SAGGIO_SEED"] == sys.argv[2]
open(os.path.join(os.environ["SAGGIO_FOLDER"], "left.txt"), "w").write("kept")
print(json.dumps({"metrics": {"heldout/position": rate + random.random() / 100}, "ledger": {"parameters": 3}}))
'''


def study(s, program=PROGRAM, seeds=6):
    (s.folder / "program.py").write_text(program)
    return s.study('[base]\ncommand = ["python3", "{script}", "{rate}", "{seed}"]\nscript = "program.py"\nargs.rate = 0.5\n'
                   '[component.rate]\noff = { "args.rate" = 0.75 }\n[design]\nkinds = ["leave_one_out"]\n', module="exec", seeds=seeds)


def a_python_program_becomes_a_table():
    with Scratch(sys.argv[1]) as s:
        s.call("run", study(s))
        row = json.loads(s.call("table", "s.toml", "--json")[0])["rows"][1]
        expect("minus_rate" in json.dumps(row), str(row))
        folder = next(iter(s.runs().values()))
        expect("a line for the log" in (folder / "log.txt").read_text(), "no log")
        expect((folder / "left.txt").read_text() == "kept", "no artefact")
        expect((folder / "events.jsonl").read_text().count("train/loss") == 3, "no events")


def a_changed_program_is_another_run():
    with Scratch(sys.argv[1]) as s:
        s.call("run", study(s, seeds=1))
        out, _ = s.call("run", study(s, PROGRAM + "\n# changed\n", seeds=1))
        expect("2 finished" in out, out)


def a_program_that_fails_says_how():
    with Scratch(sys.argv[1]) as s:
        _, err = s.call("run", study(s, "import sys; sys.exit(4)", seeds=1), code=1)
        expect("the command ended with exit code 4; see log.txt" in err, err)
        _, err = s.call("run", study(s, "print('nothing')", seeds=1), code=1)
        expect("without a result" in err, err)
        _, err = s.call("run", s.study('[base]\ncommand = ["no-such-program"]\n', module="exec", seeds=1), code=1)
        expect("no-such-program" in err, err)
        _, err = s.call("run", s.study('[base]\ncommand = ["echo", "{rat}"]\n', module="exec", seeds=1), code=1)
        expect("command: '{rat}' is not set; there are folder, script, seed, threads; {{ stands for a brace" in err, err)
        _, err = s.call("run", study(s, "raise NameError('oops')", seeds=1), code=1)
        expect("the command ended with exit code 1: NameError: oops; see log.txt" in err, err)


def a_literal_brace_is_written_twice():
    with Scratch(sys.argv[1]) as s:
        text = """echo '{{"metrics": {{"heldout/position": {seed}}}}}'"""
        s.call("run", s.study(f'[base]\ncommand = ["sh", "-c", {json.dumps(text)}]\n', module="exec", seeds=1))
        record = json.loads((next(iter(s.runs().values())) / "done.json").read_text())
        expect(record["metrics"]["heldout/position"] == 1, str(record))


def a_program_that_diverges_counts_against_its_arm():
    with Scratch(sys.argv[1]) as s:
        out, _ = s.call("run", study(s, "print('{\"diverged\": \"loss is NaN\"}')", seeds=1))
        expect("2 diverged" in out, out)


main([a_python_program_becomes_a_table, a_changed_program_is_another_run, a_program_that_fails_says_how,
      a_literal_brace_is_written_twice,
      a_program_that_diverges_counts_against_its_arm])
