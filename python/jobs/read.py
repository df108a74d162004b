"""Reads an archive on Spark into a folder of Parquet; run again, it goes on where it was stopped.

    spark-submit python/jobs/read.py --output OUT INPUT...

INPUT: files or folders of JSON Lines, WARC, HTML, text, CSV, feeds (packed or not), or Parquet with a column of texts. They and OUT
must lie on a file system that the driver and all workers see.

OUT/step=S/part=claims/month=2015-07/*.parquet     a row a claim, in the schema of the Parquet export
OUT/step=S/part=documents/…                        a row a document that was read; with --readings all that `isnad add OUT` takes
OUT/step=S/part=errors/…                           a row a document that could not be read, with the reason
OUT/_steps/S.json                                  what was read in step S; written last

Exit codes: 0 all read, 1 some documents could not be read, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import isnad
import isnad.spark
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

#: Bytes of a file of JSON Lines or Parquet that one task reads.
STRETCH = 8 << 20


def fail(why: str) -> NoReturn:
    print(f"read.py: {why}", file=sys.stderr)
    sys.exit(2)


def find(inputs: list[str], out: Path, names: dict[str, str] | None) -> list[dict]:
    """Files with size and time of change, in order; long files in stretches: bytes of JSON Lines, row groups of Parquet."""
    files: set[Path] = set()
    for name in inputs:
        path = Path(name).resolve()
        if path.is_dir():
            files.update(
                p for p in path.rglob("*")
                if p.is_file() and not any(part.startswith((".", "_")) for part in p.relative_to(path).parts)
                and not p.name.endswith((".meta.json", ".gold.json"))
            )
        elif path.is_file():
            files.add(path)
        else:
            fail(f"{name}: no such file or folder")
    units = []
    for path in sorted(files):
        if out in path.parents:
            fail(f"{path}: lies in the output")
        stat = path.stat()
        state = {"path": str(path), "size": stat.st_size, "changed": stat.st_mtime_ns}
        if path.suffix == ".parquet":
            stretches = groups(path, names)
        elif path.suffix in (".jsonl", ".ndjson") and stat.st_size > STRETCH:
            starts = range(0, stat.st_size, STRETCH)
            stretches = [(s, min(s + STRETCH, stat.st_size), min(STRETCH, stat.st_size - s)) for s in starts]
        else:
            stretches = [(None, None, stat.st_size)]
        units += [{**state, "start": start, "end": end, "bytes": held} for start, end, held in stretches]
    return units


def groups(path: Path, names: dict[str, str] | None) -> list[tuple[int | None, int | None, int]]:
    """Row groups of a file, as many together as make a stretch, with their bytes. Without the columns that are needed nothing is begun."""
    try:
        file = pq.ParquetFile(path)
        schema, sizes = file.schema_arrow, [file.metadata.row_group(n).total_byte_size for n in range(file.num_row_groups)]
    except (pa.ArrowException, OSError):
        # no Parquet, or broken: the worker tells of it in the side table
        return [(None, None, path.stat().st_size)]
    try:
        isnad.story_keys(schema.empty_table(), columns=names)
    except ValueError as why:
        fail(f"{path}: {why}")
    out: list[list[int]] = []
    for n, size in enumerate(sizes):
        if not out or out[-1][2] >= STRETCH:
            out.append([n, n, 0])
        out[-1][1] = n + 1
        out[-1][2] += size
    return [(start, end, held) for start, end, held in out]


def key(unit: dict) -> tuple:
    return unit["path"], unit["start"]


class Output:
    """The folder that is written, with what was read before."""

    def __init__(self, path: Path, settings: dict) -> None:
        self.path, self.steps = path, path / "_steps"
        self.steps.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.steps / ".lock", "w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            fail(f"{path}: another job writes here")
        self.settings = settings
        self.done: dict[tuple, dict] = {}
        self.counts = {"claims": 0, "documents": 0, "errors": 0}
        whole = set()
        for file in self.steps.glob("*.json"):
            manifest = json.loads(file.read_text())
            if manifest["settings"] != settings:
                fail(f"{path}: was begun with {manifest['settings']}, not {settings}; give another --output")
            self.done.update({key(u): u for u in manifest["units"]})
            self.add(manifest["counts"])
            whole.add(f"step={file.stem}")
        for folder in path.glob("step=*"):
            if folder.name not in whole:
                # a step that was killed: nothing of it counts
                shutil.rmtree(folder)
        self.last = max((int(name[5:10]) for name in whole), default=0)

    def add(self, counts: dict[str, int]) -> None:
        for part, count in counts.items():
            self.counts[part] += count

    def left(self, units: list[dict]) -> list[dict]:
        """What was not read before."""
        for unit in units:
            before = self.done.get(key(unit))
            if before is not None and before != unit:
                fail(f"{unit['path']}: has changed since it was read; give another --output")
        return [u for u in units if key(u) not in self.done]

    def write(self, units: list[dict], rows: DataFrame) -> dict[str, int]:
        """One step: all of it, or nothing."""
        self.last += 1
        name = f"{self.last:05}-{hashlib.sha256(json.dumps(units, sort_keys=True).encode()).hexdigest()[:16]}"
        target = self.path / f"step={name}"
        # as the source gives it: only what begins with a month is one
        day = F.nullif(F.regexp_extract("publication_date", "^[0-9]{4}-[0-9]{2}", 0), F.lit(""))
        month = F.when(F.col("part") == "claims", F.coalesce(day, F.lit("undated")))
        rows.withColumn("month", F.coalesce(month, F.lit("all"))).write.mode("overwrite").partitionBy("part", "month").parquet(
            str(target)
        )
        counts = dict.fromkeys(self.counts, 0)
        if any(target.glob("part=*")):
            read = rows.sparkSession.read.parquet(str(target)).groupBy("part").count().collect()
            counts.update({row["part"]: row["count"] for row in read})
        manifest = {"settings": self.settings, "counts": counts, "units": units}
        part = self.steps / f"{name}.part"
        with open(part, "w") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.steps / f"{name}.json")
        self.add(counts)
        return counts


def steps(units: list[dict], count: int, size: int) -> list[list[dict]]:
    """Units in order, so many and so many bytes a step."""
    out: list[list[dict]] = []
    held = 0
    for unit in units:
        if not out or len(out[-1]) >= count or held + unit["bytes"] > size:
            out.append([])
            held = 0
        out[-1].append(unit)
        held += unit["bytes"]
    return out


def columns(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(field and name for field, _, name in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form text=body,title=head")
    return {field: name for field, _, name in pairs}


def main() -> int:
    parser = argparse.ArgumentParser(prog="read.py", description=__doc__.splitlines()[0])
    parser.add_argument("input", nargs="+", help="files and folders")
    parser.add_argument("--output", required=True, type=Path, help="folder to write, new or of an earlier run")
    parser.add_argument("--columns", type=columns, help="names of columns in Parquet: text=body,title=head")
    parser.add_argument("--lexicon", help="folder of a lexicon laid over the shipped one, on the workers")
    parser.add_argument("--model", help="file of other weights, on the workers")
    parser.add_argument("--max-bytes", type=int, default=16 << 20, help="longest text that is read (default 16 MiB)")
    parser.add_argument("--readings", action="store_true", help="keep documents and whole readings: what `isnad add OUT` takes")
    parser.add_argument("--step-files", type=int, default=20_000, help="files a step, at most")
    parser.add_argument("--step-bytes", type=int, default=2 << 30, help="bytes a step, at most, where files are smaller")
    args = parser.parse_args()

    out = args.output.resolve()
    settings = {
        "isnad": list(isnad.version), "columns": args.columns, "lexicon": args.lexicon, "model": args.model,
        "max_bytes": args.max_bytes, "readings": args.readings,
    }
    units = find(args.input, out, args.columns)
    output = Output(out, settings)
    left = output.left(units)
    spark = SparkSession.builder.appName("isnad read").getOrCreate()
    parallel = spark.sparkContext.defaultParallelism
    todo = steps(left, args.step_files, args.step_bytes)
    print(f"read.py: {len(units)} inputs, {len(units) - len(left)} read before, {len(todo)} steps to do", flush=True)
    for n, step in enumerate(todo, 1):
        rows = [(n, u["path"], u["start"], u["end"]) for n, u in enumerate(step)]
        sources = spark.createDataFrame(rows, "n long, path string, start long, end long")
        # in order, so that a ledger takes the documents in the order in which `isnad add` would have come upon them
        sources = sources.repartitionByRange(min(len(rows), 8 * parallel), "n").sortWithinPartitions("n")
        read = isnad.spark.read_sources(
            sources, columns=args.columns, lexicon=args.lexicon, model=args.model, max_bytes=args.max_bytes, readings=args.readings
        )
        counts = output.write(step, read)
        print(f"read.py: step {n} of {len(todo)}: {counts}", flush=True)
    print(f"read.py: {output.counts} in {out}", flush=True)
    spark.stop()
    return 1 if output.counts["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
