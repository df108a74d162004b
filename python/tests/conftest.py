import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import isnad
import postgres
import pyarrow as pa
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def reader():
    return isnad.Reader()


@pytest.fixture(scope="session")
def week():
    """The invented week as a table."""
    lines = (ROOT / "examples/week/articles.jsonl").read_text("utf8").splitlines()
    return pa.Table.from_pylist([json.loads(line) for line in lines])


@pytest.fixture(scope="session")
def program():
    """The program `isnad`, for what both must agree on."""
    found = os.environ.get("ISNAD_PROGRAM") or shutil.which("isnad")
    if found is None:
        pytest.skip("no program; ISNAD_PROGRAM names it")
    return found


@pytest.fixture(scope="session")
def pages():
    return ROOT / "crates/intake/tests/pages"


@pytest.fixture(scope="session")
def server():
    """An empty PostgreSQL."""
    if postgres.BIN is None:
        pytest.skip("no PostgreSQL")
    # sockets have short names, and the other user must get there
    folder = Path(tempfile.mkdtemp(prefix="isnad-pg-"))
    folder.chmod(0o755)
    running = postgres.Server(folder)
    yield running
    running.run("pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def spark():
    """A Spark of two workers on this machine."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.memory", "2g").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    yield session
    session.stop()
