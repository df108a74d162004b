"""Processor time of the package against the program's over the same articles, and how cost and memory grow.

    python bench.py rate ISNAD ARTICLES.jsonl [JOBS]     read_batch against `isnad read`
    python bench.py spark ISNAD ARTICLES.jsonl [TIMES]   the Spark job on two cores against `isnad read` on two
    python bench.py memory ARTICLES.jsonl MEGABYTES      a process that reads on and on
    python bench.py growth COUNT...                      short documents, so many at a time

Times are of the processor, so that other work on the machine counts little; pairs are run one after the other.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import isnad
import psutil
import pyarrow as pa

JOB = Path(__file__).resolve().parents[1] / "jobs" / "read.py"


def processor(who=resource.RUSAGE_SELF):
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


class Family:
    """Runs a program and sums up what it and its descendants use, workers that nobody waits for too."""

    def __init__(self, command, **more):
        self.used, self.workers, self.most = {}, {}, 0.0
        self.begun = time.monotonic()
        running = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        done = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(running.pid, done))
        watcher.start()
        self.code = running.wait()
        done.set()
        watcher.join()
        self.clock = time.monotonic() - self.begun
        self.processor = sum(self.used.values())

    def watch(self, pid, done):
        while not done.wait(0.1):
            try:
                top = psutil.Process(pid)
                for p in [top, *top.children(recursive=True)]:
                    with p.oneshot():
                        times = p.cpu_times()
                        self.used[p.pid, p.create_time()] = times.user + times.system
                        if "pyspark.daemon" in " ".join(p.cmdline()):
                            held = p.memory_info().rss / 1e6
                            self.workers.setdefault(p.pid, []).append((time.monotonic() - self.begun, held))
            except psutil.Error:
                pass


def program(path, articles, jobs):
    command = [path, "read", articles, "--format", "jsonl", "--output", os.devnull, "--jobs", str(jobs), "--quiet"]
    return Family(command)


def size_of(batches):
    return sum(pa.compute.sum(pa.compute.binary_length(b["text"])).as_py() or 0 for b in batches) / 1e6


def rate(path, articles, jobs=2):
    reader = isnad.Reader(jobs=int(jobs))
    batches = list(isnad.documents(articles))
    size = size_of(batches)
    before, begun = processor(), time.monotonic()
    claims = sum(reader.read_batch(batch).num_rows for batch in batches)
    mine, clock = processor() - before, time.monotonic() - begun
    its = program(path, articles, jobs)
    print(f"{size:.1f} MB of text, {claims} claims, {jobs} threads")
    print(f"read_batch   {mine:7.1f} s of processor, {size / mine:.3f} MB/s a core; {clock:6.1f} s of the clock")
    print(
        f"isnad read   {its.processor:7.1f} s of processor, {size / its.processor:.3f} MB/s a core; {its.clock:6.1f} s of the clock"
        " (with start-up and JSON)"
    )
    print(f"ratio        {its.processor / mine:.2f} by the processor, {its.clock / clock:.2f} by the clock", flush=True)


def spark(path, articles, times=1):
    """Start-up is what a job over one article takes; it is told apart."""
    work = Path(tempfile.mkdtemp(prefix="isnad-bench-"))
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell"}

    def job(source, out):
        run = Family([sys.executable, str(JOB), str(source), "--output", str(work / out)], env=env)
        assert run.code in (0, 1), f"the job ended with {run.code}"
        return run

    try:
        lines = Path(articles).read_text("utf8").splitlines()
        (work / "one.jsonl").write_text(lines[0] + "\n", "utf8")
        with open(work / "all.jsonl", "w", encoding="utf8") as file:
            for n in range(int(times)):
                for i, line in enumerate(lines):
                    file.write(json.dumps({**json.loads(line), "id": f"{n}-{i}"}, ensure_ascii=False) + "\n")
        size = size_of(isnad.documents(work / "all.jsonl"))
        its = program(path, work / "all.jsonl", 2)
        empty, mine = job(work / "one.jsonl", "one"), job(work / "all.jsonl", "out")
        read = mine.processor - empty.processor
        manifests = [json.loads(p.read_text()) for p in (work / "out" / "_steps").glob("*.json")]
        print(f"{size:.1f} MB of text; counts {[m['counts'] for m in manifests]}")
        print(f"isnad read   {its.processor:7.1f} s of processor, {its.clock:7.1f} s of the clock")
        print(f"start-up     {empty.processor:7.1f} s of processor, {empty.clock:7.1f} s of the clock")
        print(f"Spark        {read:7.1f} s of processor beyond start-up, {mine.clock - empty.clock:7.1f} s of the clock")
        by_clock = its.clock / (mine.clock - empty.clock)
        print(f"ratio        {its.processor / read:.2f} by the processor, {by_clock:.2f} by the clock", flush=True)
        for pid, held in mine.workers.items():
            # a worker that did some work, at tenths of its life
            if len(held) > 30:
                tenths = [held[len(held) * n // 10 if n < 10 else -1] for n in range(11)]
                print(f"worker {pid}: " + ", ".join(f"{at:.0f} s {mb:.0f} MB" for at, mb in tenths))
    finally:
        shutil.rmtree(work)


def memory(articles, megabytes):
    reader, read, told = isnad.Reader(jobs=1), 0.0, 0.0
    while read < float(megabytes):
        for batch in isnad.documents(articles, rows=256):
            reader.read_all(batch)
            read += batch.get_total_buffer_size() / 1e6
            if read >= told:
                print(f"{read:8.1f} MB read, {resident():6.0f} MB resident, {processor():7.1f} s of processor", flush=True)
                told += max(5.0, float(megabytes) / 40)
            if read >= float(megabytes):
                break


def growth(*counts):
    """Each count in a process of its own: short documents, of which no two are alike."""
    for count in counts:
        subprocess.run([sys.executable, __file__, "grown", count], check=True)


def grown(count):
    side = ["الشمال", "الجنوب", "الشرق", "الغرب", "الوسط", "الساحل", "الجبل"]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf8") as file:
        for n in range(int(count)):
            text = f"قالت قيادة {side[n % 7]} إن قوة {side[n // 7 % 7]} سلمت {n % 900 + 2} بندقية إلى الفوج {n} في المعسكر {n // 49}."
            file.write(json.dumps({"id": str(n), "text": text}, ensure_ascii=False) + "\n")
        file.flush()
        reader, before, claims = isnad.Reader(jobs=1), processor(), 0
        for batch in isnad.documents(file.name):
            claims += reader.read_batch(batch).num_rows
        used = processor() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    each = used / int(count) * 1e6
    print(f"{count:>8} documents, {claims} claims: {used:7.1f} s of processor, {each:.0f} µs a document, {most:.0f} MB at most", flush=True)


if __name__ == "__main__":
    {"rate": rate, "spark": spark, "memory": memory, "growth": growth, "grown": grown}[sys.argv[1]](*sys.argv[2:])
