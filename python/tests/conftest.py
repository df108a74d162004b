import json
import os
import shutil
from pathlib import Path

import isnad
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
