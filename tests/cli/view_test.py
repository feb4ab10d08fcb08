# SPDX-License-Identifier: MIT
"""`saggio view --render`: the picture, what is said about it, and what it says to bad requests. Argument: the folder of saggio.
Skipped (77) where the viewer was not built; a missing device is a failure."""
import json
import re
import shlex
import sys
from pathlib import Path

from png import pixels
from saggio import Scratch, expect, main

RAIN = """{"node": "rain", "kind": "claim", "text": "It rained.", "confidence": 0.75}
{"node": "wet", "kind": "evidence", "text": "The street is wet."}
{"node": "sun", "kind": "evidence", "text": "The sun shone."}
{"edge": ["wet", "supports", "rain"], "weight": 0.5}
{"edge": ["sun", "contradicts", "rain"]}
"""


def with_rain(s):
    s.call("graph", "append", "g", stdin=RAIN)
    s.call("graph", "append", "g", stdin='{"node": "snow", "kind": "claim", "text": "It snowed."}\n')


def colours(file):
    _, _, rows = pixels(file)
    found = {}
    for row in rows:
        for i in range(0, len(row), 4):
            found[row[i:i + 3]] = found.get(row[i:i + 3], 0) + 1
    return found


def view(s, *arguments, **options):
    return s.call("view", "g", "--device", "software", *arguments, **options)


def a_picture_is_written_and_what_it_shows_is_said():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, err = view(s, "--render", "g.png", "--size", "320x200", "--validate")
        expect(re.fullmatch(r"g.png\n4 of 4 nodes, 2 of 2 edges, version 2 of 2, [1-4] labels?\n", out), out)
        expect(err.startswith("note: drawn in software by llvmpipe") and err.count("\n") == 1, err)
        width, height, _ = pixels(s.folder / "g.png")
        expect((width, height) == (320, 200), "its size")
        expect(len(colours(s.folder / "g.png")) > 50, "a picture has colours")


def the_same_request_gives_the_same_bytes():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        for name in ("a.png", "b.png"):
            view(s, "--render", name, "--size", "320x200")
        expect((s.folder / "a.png").read_bytes() == (s.folder / "b.png").read_bytes(), "the same picture")


def queries_versions_and_commands_choose_what_is_shown():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)

        def shown(*arguments):
            answer = json.loads(view(s, "--json", "--render", "g.png", "--size", "200x150", *arguments)[0])
            return answer["nodes_shown"], answer["edges_shown"], answer["version"], answer["notes"][:-1]

        expect(shown() == (4, 2, 2, []), "all")
        expect(shown("--version", "1") == (3, 2, 1, []), "a version")
        expect(shown("--query", "kind = claim") == (2, 0, 2, []), "a query")
        expect(shown("--query", "kind = step") == (0, 0, 2, ["nothing satisfies: kind = step"]), "nothing")
        expect(shown("--path", "wet", "snow")[3] == ["no path from wet to snow along the edges, nor against them"], "no path")
        refuses(s, ["g", "--render", "g.jpg"], "a picture called g.jpg, allowed: a name that ends in .png, .svg or .pdf")
        refuses(s, ["g", "--render", "g.png", "--size", "2000x2000", "--scale", "16"],
                "a picture of 32000 x 32000 pixels, allowed: up to 16384 a side; give a smaller --scale")
        (s.folder / "script").write_text('{"do":"neighbours","nodes":[1],"hops":1}\n\n{"do":"fit"}\n')
        expect(shown("--script", "script") == (2, 1, 2, []), "a script")


def a_picture_tells_the_command_and_the_query_of_itself():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        (s.folder / "script").write_text(
            '{"do":"neighbours","nodes":[1]}\n{"do":"expand","node":0}\n{"do":"orbit","yaw":0.3}\n{"do":"select","nodes":[2]}\n')
        told = json.loads(view(s, "--json", "--render", "a.png", "--size", "200x150", "--script", "script")[0])
        words = shlex.split(told["command"].replace("a.png", "b.png"))
        expect(words[:3] == ["saggio", "view", "g"], told["command"])
        again = json.loads(view(s, "--json", *words[3:])[0])
        expect((s.folder / "a.png").read_bytes() == (s.folder / "b.png").read_bytes(), "the same picture")
        expect(again["command"] == told["command"].replace("a.png", "b.png"), again["command"])
        found = json.loads(s.call("graph", "query", "g", told["query"], "--json")[0])
        expect(found["count"] == told["nodes_shown"] == 3, f"{found}")


def a_saved_view_is_the_same_picture_again():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        out, _ = view(s, "--render", "a.png", "--size", "200x150", "--dark", "--labels", "1", "--save-view", "mine")
        expect("g/views/mine.view\n" in out, out)
        view(s, "--render", "b.png", "--size", "200x150", "--view", "mine")
        expect((s.folder / "a.png").read_bytes() == (s.folder / "b.png").read_bytes(), "the same picture")
        refuses(s, ["g", "--render", "c.png", "--view", "yours"], "view yours: there is none of that name; there are: mine")


def two_versions_are_compared_in_one_picture():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        s.call("graph", "append", "g", stdin='{"node": "rain", "kind": "claim", "text": "It rained.", "confidence": 0.25}\n'
               '{"node": "dry", "kind": "evidence", "text": "The ground is dry."}\n{"edge": ["dry", "contradicts", "rain"]}\n')

        def compared(*arguments):
            answer = json.loads(view(s, "--json", "--render", "g.png", "--size", "400x300", *arguments)[0])
            return answer["comparison"]["nodes"], answer["comparison"]["edges"], answer["nodes_shown"], answer["edges_shown"]

        nodes, edges = {"same": 3, "added": 1, "removed": 0, "changed": 1}, {"same": 2, "added": 1, "removed": 0, "changed": 0}
        expect(compared("--compare-version", "2") == (nodes, edges, 5, 3), "with an old version")
        expect(compared("--compare-version", "2", "--only-differences") == (nodes, edges, 2, 1), "only what differs")
        back = dict(nodes, added=0, removed=1), dict(edges, added=0, removed=1)
        expect(compared("--version", "2", "--compare-version", "3") == (*back, 5, 3), "the other way round")
        told = json.loads(view(s, "--json", "--render", "a.png", "--size", "400x300", "--compare-version", "2")[0])["command"]
        view(s, *shlex.split(told.replace("a.png", "b.png"))[3:])
        expect((s.folder / "a.png").read_bytes() == (s.folder / "b.png").read_bytes(), told)
        out, _ = view(s, "--render", "g.png", "--compare-version", "2")
        expect("version 3 against version 2   nodes: 1 added, 1 changed   edges: 1 added\n" in out, out)
        blue = sum(n for c, n in colours(s.folder / "g.png").items() if c[2] > 120 and c[0] < 60)
        expect(blue > 100, f"what was added is blue: {blue} pixels")


def two_stores_are_compared_by_keys():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        s.call("graph", "append", "other", stdin='{"node": "wet", "kind": "evidence", "text": "The street is wet."}\n'
               '{"node": "fog", "kind": "claim", "text": "It was foggy."}\n')
        answer = json.loads(view(s, "--json", "--render", "g.png", "--size", "200x150", "--compare", "other")[0])
        expect(answer["comparison"]["nodes"] == {"same": 1, "added": 3, "removed": 1, "changed": 0}, answer["comparison"])
        expect(answer["version"] == answer["head"] == 2, "the version of the store that is looked at")


def a_film_is_frames_that_equal_pictures():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        size = ["--size", "320x240"]
        out, _ = view(s, "--film", "turn", "--film-seconds", "1", "--fps", "4", *size)
        expect(out.startswith("turn\n"), out)
        frames = sorted((s.folder / "turn").iterdir())
        expect([f.name for f in frames] == [f"frame_0000{i}.png" for i in range(4)], "numbered frames")
        view(s, "--render", "g.png", *size)
        expect(frames[0].read_bytes() == (s.folder / "g.png").read_bytes(), "the first frame is the picture")
        expect(len({f.read_bytes() for f in frames}) == 4, "the camera turns")
        view(s, "--film", "time", "--film-path", "time", "--film-seconds", "1", "--fps", "2", *size)
        for frame, version in enumerate((1, 2)):
            (s.folder / "script").write_text(f'{{"do":"go_to","version":{version}}}\n')
            view(s, "--render", "g.png", "--script", "script", *size)
            same = (s.folder / f"time/frame_0000{frame}.png").read_bytes() == (s.folder / "g.png").read_bytes()
            expect(same, f"frame {frame} is version {version}")


def a_film_goes_to_ffmpeg_or_to_pictures():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        (s.folder / "bin").mkdir()
        s.variables["PATH"] = str(s.folder / "bin")
        request = ["--film", "a.mp4", "--film-seconds", "0.5", "--fps", "4", "--size", "64x64"]
        out, err = view(s, *request)
        expect(out.startswith("a.mp4.frames\n") and "ffmpeg is not there" in err, out + err)
        fake = s.folder / "bin/ffmpeg"
        fake.write_text('#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$1" = -version ] && exit 0\nfor last; do :; done\ncat > "${last#file:}"\n')
        fake.chmod(0o755)
        out, _ = view(s, *request)
        film, raw = (s.folder / "a.mp4").read_bytes(), b""
        for frame in sorted((s.folder / "a.mp4.frames").iterdir()):
            raw += b"".join(pixels(frame)[2])
        expect(out.startswith("a.mp4\n") and film == raw, "ffmpeg is given the pixels of the frames")


def choices_are_seen_in_the_picture():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        dark_pixels = {}
        for dark in ([], ["--dark"]):
            view(s, "--render", "g.png", "--size", "200x150", *dark)
            seen = colours(s.folder / "g.png")
            dark_pixels[bool(dark)] = sum(n for c, n in seen.items() if sum(c) < 200) / (200 * 150)
        expect(dark_pixels[False] < .3 and dark_pixels[True] > .5, f"{dark_pixels}")


def refuses(s, arguments, message, code=2):
    _, err = s.call("view", *arguments, code=code)
    expect(message in err and "error: " in err, f"expected '{message}', got: {err}")


def pictures_for_papers_are_curves_and_larger_ones_are_the_same_picture():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        _, err = view(s, "--render", "g.svg")
        expect(err == "" and (s.folder / "g.svg").read_text().startswith("<?xml"), err)
        view(s, "--render", "g.pdf")
        expect((s.folder / "g.pdf").read_bytes().startswith(b"%PDF-"), "a PDF")
        view(s, "--render", "g.png", "--size", "320x180", "--scale", "2", "--transparent")
        width, height, rows = pixels(s.folder / "g.png")
        expect((width, height) == (640, 360), "twice the size")
        expect(rows[0][3] == 0 and any(row[i] == 255 for row in rows for i in range(3, len(row), 4)), "transparent where nothing is")


def what_is_wrong_is_said_in_one_line():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        refuses(s, ["g", "--render", "g.png", "--size", "10x10"], "--size = 10x10, allowed: WIDTHxHEIGHT, each of 64 to 16384 pixels")
        refuses(s, ["nowhere", "--render", "g.png"], "nowhere")
        (s.folder / "empty").mkdir()
        refuses(s, ["empty", "--render", "g.png"], "empty: neither a graph nor a run; give the folder of a store or of a run")
        refuses(s, ["g", "--render", "g.png", "--query", "kind ="], "kind =")
        refuses(s, ["g", "--render", "g.png", "--query", "within 1 of nobody"], "nobody")
        refuses(s, ["g", "--render", "g.png", "--colour", "mood"],
                "--colour = mood, allowed: kind, status, confidence, run, difference")
        refuses(s, ["g", "--render", "g.png", "--compare", "nowhere"], "nowhere")
        refuses(s, ["g", "--render", "g.png", "--compare-version", "7"], "7")
        refuses(s, ["g", "--render", "g.png", "--only-differences"], "--only-differences: of what? give --compare")
        refuses(s, ["g", "--film", "f", "--film-seconds", "0"], "a film of 0 seconds, allowed: 0.1 to 3600")
        refuses(s, ["g", "--film", "f", "--film-path", "spiral"], "the path of a film = spiral, allowed: orbit, time")
        refuses(s, ["g", "--film", "no/such/a.mp4"], "the film cannot be written there", code=1)
        refuses(s, ["g", "--render", "g.png", "--layout", "ring"], "layout.name = \"ring\", allowed: ")
        refuses(s, ["g", "--render", "g.png", "--proof", "nobody"], "nobody")
        refuses(s, ["g", "--render", "g.png", "--device", "abacus"], "no Vulkan device called 'abacus' will do; there are: ", code=3)
        refuses(s, ["g", "--render", "no/such/folder/g.png"], "the picture cannot be written there", code=1)
        (s.folder / "script").write_text('{"do":"fit"}\n{"do":"jump"}\n')
        refuses(s, ["g", "--render", "g.png", "--script", "script"], "script:2: command 'jump': there is none, allowed: orbit, ")
        expect(not list(s.folder.glob("*.png*")), "nothing was written")


def a_machine_without_a_driver_is_told_what_to_install():
    with Scratch(sys.argv[1]) as s:
        with_rain(s)
        s.variables["VK_ICD_FILENAMES"] = "/nowhere/icd.json"
        refuses(s, ["g", "--render", "g.png"], "no Vulkan driver was found; install the GPU's Vulkan driver, or apt-get install "
                "mesa-vulkan-drivers", code=3)


if not (Path(sys.argv[1]) / "libsaggio_view.so").exists():
    print("skipped: the viewer is not built here")
    sys.exit(77)
HELPERS = ("with_rain", "pixels", "unfiltered", "colours", "view", "refuses")
main([f for n, f in list(globals().items()) if callable(f) and f.__module__ == "__main__" and n not in HELPERS])
