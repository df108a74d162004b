"""The Spark job, and what it writes."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

JOB = Path(__file__).resolve().parents[1] / "jobs" / "read.py"


def job(*args, **env):
    command = [sys.executable, str(JOB), *map(str, args)]
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell", **env}
    return subprocess.run(command, capture_output=True, text=True, env=env)


def read_back(out, part):
    files = sorted(out.glob(f"step=*/part={part}/**/*.parquet"))
    return pa.concat_tables([pq.ParquetFile(f).read() for f in files]).to_pylist() if files else []
