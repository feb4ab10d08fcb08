# SPDX-License-Identifier: MIT
"""The pixels of a PNG, for tests that look at pictures."""
import struct
import zlib

from saggio import expect


def pixels(file):
    """Width, height and the rows of a PNG of 8-bit RGBA, unfiltered."""
    data, at, packed, size = file.read_bytes(), 8, b"", None
    expect(data[:8] == b"\x89PNG\r\n\x1a\n", "no PNG")
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            size = struct.unpack_from(">IIBB", body)
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    width, height, depth, colour = size
    expect((depth, colour) == (8, 6), f"PNG of depth {depth}, colour type {colour}")
    raw, rows, before = zlib.decompress(packed), [], bytes(4 * width)
    for y in range(height):
        start = y * (4 * width + 1)
        rows.append(before := unfiltered(raw[start], raw[start + 1:start + 1 + 4 * width], before))
    return width, height, rows


def unfiltered(kind, line, above):
    out = bytearray(line)
    for i in range(len(out)):
        a, b, c = (out[i - 4], above[i], above[i - 4]) if i >= 4 else (0, above[i], 0)
        if kind == 4:
            p = a + b - c
            a = min((a, b, c), key=lambda v: abs(p - v))
        out[i] = (out[i] + (0, a, b, (a + b) // 2, a)[kind]) & 255
    return bytes(out)
