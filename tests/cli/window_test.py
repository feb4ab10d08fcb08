# SPDX-License-Identifier: MIT
"""The window of `saggio view` on a display of its own (Xvfb), with a hand of its own (xdotool). Argument: the folder of saggio.
What was done is read from --record; nothing waits for time. Skipped (77) where the window was not built."""
import contextlib
import json
import os
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

from png import pixels
from saggio import Scratch, expect, main

RAIN = """{"node": "rain", "kind": "claim", "text": "It rained.", "confidence": 0.75}
{"node": "wet", "kind": "evidence", "text": "The street is wet."}
{"node": "sun", "kind": "evidence", "text": "The sun shone."}
{"edge": ["wet", "supports", "rain"], "weight": 0.5}
{"edge": ["sun", "contradicts", "rain"]}
"""
DEADLINE = 60  # seconds for anything at all


def until(what, ask):
    """The first answer that is true."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(.01)
    raise SystemExit(f"FAILED: after {DEADLINE} s still no {what}")


class Screen:
    """A display in memory."""

    def __init__(self, scratch):
        self.scratch, self.folder = scratch, scratch.folder / "screen"
        self.folder.mkdir(mode=0o700)
        for program in ("Xvfb", "xdotool"):
            expect(shutil.which(program), f"{program} is missing: apt-get install xvfb xdotool")

    def __enter__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset", "-fbdir", self.folder],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        expect(number, "Xvfb did not start")
        self.scratch.variables |= {"DISPLAY": f":{number}", "XDG_RUNTIME_DIR": str(self.folder), "XDG_SESSION_TYPE": "x11"}
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def hand(self, *words):
        return subprocess.run(["xdotool", *map(str, words)], env=self.scratch.environment(), capture_output=True, text=True, check=False).stdout

    def pixel(self, x, y):
        """Red, green, blue of what is seen there, from the frame buffer (an XWD file)."""
        with open(self.folder / "Xvfb_screen0", "rb") as file:
            head = struct.unpack(">25I", file.read(100))
            file.seek(head[0] + head[19] * 12 + y * head[12] + 4 * x)
            blue, green, red, _ = file.read(4)
        return red, green, blue

    def rows(self, x, y, width, height):
        """Of a part of it, bytes red, green, blue."""
        with open(self.folder / "Xvfb_screen0", "rb") as file:
            head = struct.unpack(">25I", file.read(100))
            for row in range(y, y + height):
                file.seek(head[0] + head[19] * 12 + row * head[12] + 4 * x)
                line, rgb = file.read(4 * width), bytearray(3 * width)
                rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
                yield bytes(rgb)


class Viewer:
    """A window that is open, and closed at the end."""

    def __init__(self, screen, title, *arguments):
        self.screen, self.title = screen, title
        self.begin = time.monotonic()
        self.process = screen.scratch.start("view", *arguments, "--device", "software")
        self.window = until(f"window '{title}'", self.find)
        self.seconds = time.monotonic() - self.begin
        screen.hand("windowmove", self.window, 0, 0)
        screen.hand("windowfocus", "--sync", self.window)

    def find(self):
        if self.process.poll() is not None:
            out, err = self.process.communicate()
            raise SystemExit(f"FAILED: it ended with {self.process.returncode}\n{out}{err}")
        return self.screen.hand("search", "--onlyvisible", "--name", self.title).strip()

    def ticks(self):
        """Of the CPU, a hundred a second."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def rest(self):
        """Waits until it does nothing any more; its ticks by then."""
        return until("rest", lambda: (t := self.ticks()) == (time.sleep(.3), self.ticks())[1] and t)

    def close(self):
        self.screen.hand("key", "--clearmodifiers", "ctrl+q")
        out, err = self.process.communicate(timeout=DEADLINE)
        expect(self.process.returncode == 0 and not err, f"it ended with {self.process.returncode}\n{out}{err}")


@contextlib.contextmanager
def a_screen():
    with Scratch(sys.argv[1]) as s:
        s.call("graph", "append", "g", stdin=RAIN)
        with Screen(s) as screen:
            yield s, screen


def done(s):
    file = s.folder / "did.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def it_opens_turns_finds_resizes_and_closes():
    with a_screen() as (s, screen):
        viewer = Viewer(screen, "^g - saggio$", "g", "--validate", "--record", "did.jsonl")

        screen.hand("mousemove", 500, 90)
        screen.hand("mousedown", 1)
        for step in range(1, 6):
            screen.hand("mousemove", 500 + 20 * step, 90 + 5 * step)
        screen.hand("mouseup", 1)
        until("turning", lambda: [c for c in done(s) if c["do"] == "orbit"])
        screen.hand("click", 4)
        until("going nearer", lambda: [c for c in done(s) if c["do"] == "zoom"])

        screen.hand("key", "slash")
        screen.hand("type", "--delay", "20", "rain")
        screen.hand("key", "Return")
        until("selecting what was found", lambda: [c for c in done(s) if c["do"] == "select" and c["nodes"] == [0]])
        until("going there", lambda: [c for c in done(s) if c["do"] == "look_at"])
        screen.hand("key", "b")
        until("the dark", lambda: sum(screen.pixel(1275, 200)) < 200)

        screen.hand("windowsize", viewer.window, 900, 600)
        until("the smaller window", lambda: sum(screen.pixel(895, 5)) in range(1, 200) and screen.pixel(905, 5) == (0, 0, 0))
        viewer.close()

        # What was recorded is a script.
        s.call("view", "g", "--render", "g.png", "--script", "did.jsonl", "--device", "software", "--size", "320x200")


def its_picture_is_the_file_that_its_script_draws():
    with a_screen() as (s, screen):
        viewer = Viewer(screen, "^g - saggio$", "g", "--size", "640x400", "--record", "did.jsonl")
        screen.hand("mousemove", 600, 300)
        viewer.rest()
        screen.hand("key", "slash")
        screen.hand("type", "--delay", "20", "rain")
        screen.hand("key", "Return")
        for key, command in (("u", {"do": "layout", "name": "force", "group_by": "kind"}), ("m", {"do": "pin", "nodes": [0], "on": True}),
                             ("o", {"do": "go_to", "version": 1, "world": None}), ("shift+m", {"do": "pin", "nodes": [0], "on": False})):
            viewer.rest()
            screen.hand("key", key)
            until(key, lambda command=command: command in done(s))
        viewer.rest()
        picture = (0, 44, 352, 285)  # beside the panels, which have letters 15 pixels high
        seen = list(screen.rows(*picture))
        for name in ("picture.png", "picture-2.png"):
            screen.hand("key", "ctrl+s")
            until(name, lambda name=name: (s.folder / name).exists())
        viewer.close()

        s.call("view", "g", "--render", "g.png", "--script", "did.jsonl", "--device", "software", "--size", "352x285", "--letters", "15")
        _, _, rows = pixels(s.folder / "g.png")
        drawn = [bytes(value for i, value in enumerate(row) if i % 4 < 3) for row in rows]
        expect(len(set(seen)) > 50, "a picture is seen")
        expect(list(rows) == list(pixels(s.folder / "picture.png")[2]), "what was saved is it, too")
        expect(seen == drawn, f"{sum(a != b for a, b in zip(seen, drawn))} rows of {len(drawn)} differ")


def without_a_store_it_offers_an_example():
    with a_screen() as (_, screen):
        viewer = Viewer(screen, "^Start - saggio$", "--validate")
        screen.hand("key", "Return")
        viewer.title = "wet street - saggio$"
        until("the example", viewer.find)
        viewer.close()


def it_starts_within_a_second_and_costs_nothing_while_nothing_happens():
    with a_screen() as (_, screen):
        viewer = Viewer(screen, "^g - saggio$", "g")
        spent = viewer.ticks() / 100
        expect(spent <= 1, f"{spent} CPU-s to the first frame, allowed: 1")
        screen.hand("mousemove", 1390, 890)
        before = viewer.rest()
        time.sleep(1.5)
        idle = (viewer.ticks() - before) / 1.5
        print(f"first frame after {viewer.seconds:.2f} s, {spent:.2f} CPU-s; idle {idle:.2f} % of a CPU")
        expect(idle < 1, f"idle: {idle} % of a CPU, allowed: below 1")
        viewer.close()


def without_a_display_it_says_what_to_do():
    with Scratch(sys.argv[1]) as s:
        s.call("graph", "append", "g", stdin=RAIN)
        s.variables |= {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
        _, err = s.call("view", "g", code=3)
        expect("no window can be opened" in err and "saggio view STORE --render out.png" in err and err.count("\n") == 1, err)


if not (Path(sys.argv[1]) / "libsaggio_window.so").exists():
    print("skipped: the window is not built here")
    sys.exit(77)
main([it_opens_turns_finds_resizes_and_closes, its_picture_is_the_file_that_its_script_draws, without_a_store_it_offers_an_example,
      it_starts_within_a_second_and_costs_nothing_while_nothing_happens, without_a_display_it_says_what_to_do])
