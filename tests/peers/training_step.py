# SPDX-License-Identifier: MIT
"""Training steps beside PyTorch: the same model, weights and batches in both, started in turn.

    PYTHON tests/peers/training_step.py build/tests/training_step [--model nano_char] [--steps 100] [--rounds 3]

PYTHON is one that can import torch; the peer is eager, with the fused AdamW and clip_grad_norm_. It runs twice: with malloc as
shipped, and with the settings under which ours runs. Prints curves' largest distance, milliseconds per step (minimum, median), the
share of time outside products of matrices, and the parts beside them. Exit code 77: this Python has no torch.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

TUNED_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "67108864"}
SHAPES = {"nano_char": (4, 4), "ten_million": (6, 6)}  # layers, heads
LR = 1e-3


def read_safetensors(path):
    import torch
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    kinds = {"F32": torch.float32, "I64": torch.int64}
    return {name: torch.frombuffer(bytearray(data[slice(*entry["data_offsets"])]), dtype=kinds[entry["dtype"]]).view(entry["shape"])
            for name, entry in header.items() if name != "__metadata__"}


def forward(p, tokens, layers, heads):
    import torch.nn.functional as F
    batch, length = tokens.shape
    x = p["embedding.tokens"][tokens] + p["embedding.positions"][:length]
    width = x.shape[-1]
    for i in range(layers):
        part = {name.removeprefix(f"block.{i}."): value for name, value in p.items() if name.startswith(f"block.{i}.")}
        y = F.layer_norm(x, (width,), part["attention.norm.weight"])
        qkv = F.linear(y, part["attention.qkv.weight"]).view(batch, length, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(*qkv, is_causal=True).transpose(1, 2).reshape(batch, length, width)
        x = x + F.linear(y, part["attention.out.weight"])
        y = F.layer_norm(x, (width,), part["ffn.norm.weight"])
        x = x + F.linear(F.gelu(F.linear(y, part["ffn.up.weight"])), part["ffn.down.weight"])
    return F.linear(F.layer_norm(x, (width,), p["norm.weight"]), p["embedding.tokens"])


def peer(model, steps, threads, folder):
    import torch
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    layers, heads = SHAPES[model]
    start = read_safetensors(os.path.join(folder, "start", "tensors.safetensors"))
    batches = start.pop("batches")
    p = {name: value.clone().requires_grad_() for name, value in start.items()}
    groups = [{"params": [v for v in p.values() if v.dim() >= 2], "weight_decay": 0.1},
              {"params": [v for v in p.values() if v.dim() < 2], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=LR, betas=(0.9, 0.99), fused=True)

    def step(rows):
        optimizer.zero_grad(set_to_none=True)
        logits = forward(p, rows[:, :-1], layers, heads)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(p.values(), 1.0)
        optimizer.step()
        return loss.item()

    losses, times, shares = [], [], []
    products = ("aten::mm", "aten::bmm", "aten::addmm", "aten::_scaled_dot_product_flash_attention_for_cpu",
                "aten::_scaled_dot_product_flash_attention_for_cpu_backward")
    for i in range(steps):
        if i % 10 == 9:
            with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], acc_events=True) as profile:
                begin = time.perf_counter()
                losses.append(step(batches[i]))
                took = time.perf_counter() - begin
            inside = sum(event.cpu_time_total for event in profile.key_averages() if event.key in products)
            shares.append(inside / 1e6 / took)
        else:
            begin = time.perf_counter()
            losses.append(step(batches[i]))
            times.append(1e3 * (time.perf_counter() - begin))
    clip, update = [], []
    for group in optimizer.param_groups:
        group["lr"] = 0.0
    for _ in range(20):
        begin = time.perf_counter()
        torch.nn.utils.clip_grad_norm_(p.values(), 1.0)
        clip.append(1e3 * (time.perf_counter() - begin))
        begin = time.perf_counter()
        optimizer.step()
        update.append(1e3 * (time.perf_counter() - begin))
    print(json.dumps({"losses": losses, "step_ms": times, "product_share": shares, "norm_and_clip_ms": clip, "optimizer_ms": update}))


def started(command, environment):
    return json.loads(subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE).stdout)


def compare(arguments):
    threads = str(arguments.threads)
    common = {"OMP_NUM_THREADS": threads}
    with tempfile.TemporaryDirectory() as folder:
        twin = [sys.executable, os.path.abspath(__file__), "--peer", folder, "--model", arguments.model, "--steps", str(arguments.steps),
                "--threads", threads]
        runs = {"saggio": ([arguments.program, arguments.model, str(arguments.steps), threads, folder], common),
                "torch, malloc as shipped": (twin, common),
                "torch, malloc tuned": (twin, {**common, **TUNED_MALLOC})}
        found = {name: [] for name in runs}
        for _ in range(arguments.rounds):
            for name, (command, environment) in runs.items():
                found[name].append(started(command, environment))
    ours = found["saggio"][0]["losses"]
    distance = max(abs(a - b) for a, b in zip(ours, found["torch, malloc tuned"][0]["losses"]))
    print(f"{arguments.model}, {arguments.threads} thread(s), {arguments.steps} steps, {arguments.rounds} rounds in turn: "
          f"losses {ours[0]:.4f} -> {ours[-1]:.4f}, largest distance {distance:.1e}")
    print(f"{'':26}{'step ms':>20}{'outside products':>18}{'norm + clip ms':>16}{'optimizer ms':>14}")
    for name, all_of in found.items():
        pool = lambda key: [value for one in all_of for value in one[key]]
        print(f"{name:26}{min(pool('step_ms')):>10.2f}{statistics.median(pool('step_ms')):>10.2f}"
              f"{100 * (1 - statistics.median(pool('product_share'))):>16.0f} %"
              f"{statistics.median(pool('norm_and_clip_ms')):>16.3f}{statistics.median(pool('optimizer_ms')):>14.3f}")
    return 0 if distance < 1e-3 else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("--model", default="nano_char", choices=SHAPES)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        import torch  # noqa: F401
    except Exception as error:
        print(f"skipped: this Python cannot import torch ({error})")
        return 77
    if arguments.peer:
        peer(arguments.model, arguments.steps, arguments.threads, arguments.peer)
        return 0
    return compare(arguments)


if __name__ == "__main__":
    sys.exit(main())
