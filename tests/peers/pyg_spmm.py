# SPDX-License-Identifier: MIT
"""PyTorch Geometric's message passing on the graph and at the widths of tests/bench/spmm_compare.cpp, taking turns: weighted sums of
neighbours, by gather and scatter over the edge list, and by its product with a sparse matrix.

    PYTHON tests/peers/pyg_spmm.py build/tests/kronecker_edges [--scale 18] [--threads 2] [--repetitions 5] [--ours build/tests/spmm_compare]

Prints milliseconds (least, median) of a forward pass and of forward and backward (gradient of the features). With --ours that program
runs first, on as many threads. PYTHON is one that can import torch_geometric; exit code 77: this one cannot.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

WIDTHS = (16, 64, 256)
MOST_BYTES = 4e9  # of one array of messages; gather and scatter hold two, and three more for the way back


def edges_of(program, scale):
    import numpy
    import torch
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "edges")
        subprocess.run([program, str(scale), path], check=True)
        return torch.from_numpy(numpy.fromfile(path, dtype=numpy.int32).reshape(-1, 2).astype(numpy.int64)).t().contiguous()


def ways(edges, nodes):
    """name -> forward(x); the rows are the sources, as in spmm_compare."""
    import torch
    warnings.filterwarnings("ignore", message="Sparse")  # CSR is called beta; what it gives is compared
    from torch_geometric import EdgeIndex
    from torch_geometric.nn import SimpleConv
    weight = torch.linspace(.5, 1.5, edges.shape[1])
    towards = edges.flip(0)  # messages go from the first row to the second
    conv = SimpleConv(aggr="sum")
    csr = torch.sparse_csr_tensor(torch.searchsorted(edges[0], torch.arange(nodes + 1)), edges[1], weight, (nodes, nodes))
    index = EdgeIndex(towards, sparse_size=(nodes, nodes), sort_order="col")
    index.fill_cache_()
    return {"gather, scatter": lambda x: conv(x, towards, weight),
            "torch CSR": lambda x: conv(x, csr),
            "EdgeIndex.matmul": lambda x: index.matmul(x, weight, transpose=True)}


def timed(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def measure(nodes, all_ways, width, repetitions):
    import torch
    features = torch.linspace(-1, 1, nodes * width).view(nodes, width)
    expected, times = None, {}
    for name, forward in all_ways.items():
        out = forward(features)
        expected = out if expected is None else expected
        worst = float((out - expected).abs().max() / expected.abs().max())
        if not worst < 1e-4:  # sums of some ten thousand terms, each in an order of its own
            sys.exit(f"error: {name} differs from the first by {worst:.1e} of the largest entry")

    def both(forward):
        x = features.clone().requires_grad_()
        forward(x).backward(features)

    for _ in range(repetitions):
        for name, forward in all_ways.items():
            with torch.no_grad():
                times.setdefault((name, "forward"), []).append(timed(lambda f=forward: f(features)))
            try:
                times.setdefault((name, "forward, backward"), []).append(timed(lambda f=forward: both(f)))
            except RuntimeError as error:
                times[name, "forward, backward"] = [float("nan")]
                print(f"{name} has no backward pass here: {str(error).splitlines()[0]}")
    for (name, what), values in times.items():
        print(f"width {width:4}  {name:<18}{what:<20}{min(values):10.1f}{statistics.median(values):10.1f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kronecker_edges")
    parser.add_argument("--scale", type=int, default=18)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--ours")
    arguments = parser.parse_args()
    try:
        import torch
        import torch_geometric
    except ImportError as error:
        print(f"skipped: {error}")
        sys.exit(77)
    if arguments.ours:
        subprocess.run([arguments.ours, str(arguments.repetitions), str(arguments.threads)], check=True)
    torch.set_num_threads(arguments.threads)
    edges = edges_of(arguments.kronecker_edges, arguments.scale)
    nodes = 1 << arguments.scale
    print(f"\ntorch {torch.__version__}, torch_geometric {torch_geometric.__version__}, {arguments.threads} threads; {nodes} rows, "
          f"{edges.shape[1]} edges; least and median of {arguments.repetitions}")
    for width in WIDTHS:
        able = ways(edges, nodes)
        messages = 4 * edges.shape[1] * width
        if messages > MOST_BYTES:
            print(f"width {width:4}  {'gather, scatter':<18}not run: {messages / 1e9:.1f} GB of messages, several times")
            del able["gather, scatter"]
        measure(nodes, able, width, arguments.repetitions)


if __name__ == "__main__":
    main()
