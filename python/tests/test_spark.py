"""Needs PySpark and Java 17; skipped where they are absent."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import isnad
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark")
import isnad.spark  # noqa: E402

if shutil.which("java") is None:
    pytest.skip("no Java", allow_module_level=True)

JOB = Path(__file__).resolve().parents[1] / "jobs" / "read.py"


@pytest.fixture(scope="module")
def spark():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.memory", "1g").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    yield session
    session.stop()


def rows(table):
    return sorted(table.to_pylist(), key=lambda r: (r["document_id"] or "", r["event_id"] or ""))


def test_spark_reads_what_the_reader_reads(spark, reader, week):
    df = spark.createDataFrame(week.to_pandas()).repartition(4)
    read = isnad.spark.read(df)
    assert read.columns == isnad.claims_schema.names
    assert rows(read.toArrow()) == rows(reader.read_batch(week))


def test_bad_rows_go_to_the_side(spark):
    df = spark.createDataFrame([("a", "وصل الوزير."), ("b", None), ("c", "x" * 5000)], "id string, text string")
    read = isnad.spark.read_all(df, max_bytes=1000).select("part", "document_id", "error").collect()
    assert sorted(r["document_id"] for r in read if r["part"] == "errors") == ["b", "c"]
    assert [r["document_id"] for r in read if r["part"] == "documents"] == ["a"]
    assert isnad.spark.read(df, max_bytes=1000).where("document_id <> 'a'").count() == 0


def test_bytes_that_are_not_text_go_to_the_side(spark):
    df = spark.createDataFrame([("a", bytearray(b"\xff\xfe\xfd")), ("b", bytearray("وصل الوزير.".encode()))], "id string, text binary")
    read = isnad.spark.read_all(df).where("part = 'errors'").collect()
    assert [(r["document_id"], "UTF-8" in r["error"]) for r in read] == [("a", True)]


def test_wrong_columns_are_told(spark):
    df = spark.createDataFrame([("a", "b")], "id string, body string")
    with pytest.raises(Exception, match="there is no column"):
        isnad.spark.read(df).collect()


def test_keys_join_as_they_do_in_one_process(spark, week):
    df = spark.createDataFrame(week.to_pandas()).repartition(3)
    by_id = lambda t: {r["document_id"]: r for r in t.to_pylist()}
    assert by_id(isnad.spark.stories(df).toArrow()) == by_id(isnad.story_keys(week))
    isnad.spark.stories(df).createOrReplaceTempView("story_keys")
    sql = (Path(__file__).resolve().parents[1] / "sql" / "stories.spark.sql").read_text("utf8")
    pairs = {(r["a"], r["b"]) for r in spark.sql(sql).collect()}
    keys = [(k["document_id"], set(k["shingles"])) for k in isnad.story_keys(week).to_pylist()]
    want = {
        (a, b) for a, x in keys for b, y in keys if a < b and x | y and len(x & y) >= 0.6 * len(x | y)
    }
    assert pairs == want


def job(*args, **env):
    command = [sys.executable, str(JOB), *map(str, args)]
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell", **env}
    return subprocess.run(command, capture_output=True, text=True, env=env)


def read_back(out, part):
    files = sorted(out.glob(f"step=*/part={part}/**/*.parquet"))
    return pa.concat_tables([pq.ParquetFile(f).read() for f in files]).to_pylist() if files else []


def test_the_job_reads_goes_on_and_never_twice(tmp_path, reader, week, pages):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    lines = [json.dumps(a, ensure_ascii=False) for a in week.to_pylist()]
    (source / "a.jsonl").write_text("\n".join(lines[:10]) + "\n", "utf8")
    (source / "b.jsonl").write_text("\n".join([*lines[10:20], '{"id": "broken"']), "utf8")
    pq.write_table(week.slice(20), source / "c.parquet")
    shutil.copytree(pages, source / "pages", ignore=shutil.ignore_patterns("*.txt", "*.json"))

    first = job(source / "a.jsonl", "--output", out)
    assert first.returncode == 0, first.stderr[-2000:]
    # a step that was killed leaves a folder without a manifest: none of it may count
    (out / "step=dead" / "part=claims").mkdir(parents=True)
    shutil.copy(next(out.glob("step=*/part=claims/**/*.parquet")), out / "step=dead" / "part=claims" / "x.parquet")
    second = job(source, "--output", out)
    assert second.returncode == 1, second.stderr[-2000:]
    assert "1 read before" in second.stdout

    documents = [d["document_id"] for d in read_back(out, "documents")]
    assert len(documents) == len(set(documents)) == week.num_rows + len(list((source / "pages").glob("*.html")))
    errors = read_back(out, "errors")
    assert len(errors) == 1 and "b.jsonl" in errors[0]["error"]

    def plain(rows, names):
        return sorted(str([r[n] for n in names]) for r in rows)

    names = ["event_id", "document_id", "event_type", "status", "actor_name", "chain", "publication_date"]
    want = reader.read_batch(week).to_pylist()
    ids = set(week["id"].to_pylist())
    assert plain([r for r in read_back(out, "claims") if r["document_id"] in ids], names) == plain(want, names)

    third = job(source, "--output", out)
    assert third.returncode == 1 and "0 steps to do" in third.stdout
    other = job(source, "--output", out, "--max-bytes", 5)
    assert other.returncode == 2 and "another --output" in other.stderr
    (source / "a.jsonl").write_text("{}\n")
    assert job(source, "--output", out).returncode == 2
    assert job(tmp_path / "nowhere", "--output", out).returncode == 2


def test_long_files_are_cut_between_lines(tmp_path):
    from isnad.spark import _lines

    path = tmp_path / "a.jsonl"
    lines = [f'{{"id": "{i}", "text": "{"ن" * (i % 37)}"}}\n'.encode() for i in range(200)]
    path.write_bytes(b"".join(lines).rstrip(b"\n"))
    size = path.stat().st_size
    for stretch in (1, 7, 50, 1000, size, size + 9):
        cut = [_lines(str(path), s, min(s + stretch, size))[0] for s in range(0, size, stretch)]
        assert b"".join(cut) == path.read_bytes(), stretch
