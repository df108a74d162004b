"""Processor time of `read_batch` against `isnad read` over the same articles, and memory of a process over a long run.

    python bench.py rate ISNAD ARTICLES.jsonl [JOBS]
    python bench.py memory ARTICLES.jsonl MEGABYTES
"""

import os
import resource
import subprocess
import sys

import isnad
import pyarrow as pa


def processor(who):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def rate(program, path, jobs=2):
    size = 0
    reader = isnad.Reader(jobs=int(jobs))
    batches = list(isnad.documents(path))
    size = sum(pa.compute.sum(pa.compute.binary_length(b["text"])).as_py() or 0 for b in batches)
    before = processor(resource.RUSAGE_SELF)
    claims = sum(reader.read_batch(batch).num_rows for batch in batches)
    mine = processor(resource.RUSAGE_SELF) - before
    command = [program, "read", path, "--format", "jsonl", "--output", os.devnull, "--jobs", str(jobs), "--quiet"]
    subprocess.run(command, check=True)
    its = processor(resource.RUSAGE_CHILDREN)
    print(f"{size / 1e6:.1f} MB of text, {claims} claims, {jobs} threads")
    print(f"read_batch   {mine:7.1f} s of processor, {size / 1e6 / mine:.3f} MB/s a core")
    print(f"isnad read   {its:7.1f} s of processor, {size / 1e6 / its:.3f} MB/s a core (with start-up and JSON)")
    print(f"ratio        {its / mine:.2f}")


def memory(path, megabytes):
    reader, read, told = isnad.Reader(jobs=1), 0.0, 0.0
    while read < float(megabytes):
        for batch in isnad.documents(path, rows=256):
            reader.read_all(batch)
            read += batch.get_total_buffer_size() / 1e6
            if read >= told:
                print(f"{read:8.1f} MB read, {resident():6.0f} MB resident, {processor(resource.RUSAGE_SELF):7.1f} s of processor", flush=True)
                told += max(5.0, float(megabytes) / 40)
            if read >= float(megabytes):
                break


if __name__ == "__main__":
    {"rate": rate, "memory": memory}[sys.argv[1]](*sys.argv[2:])
