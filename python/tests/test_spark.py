"""Needs PySpark and Java 17; skipped where they are absent."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import isnad
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lake import JOB, job, read_back

pytest.importorskip("pyspark")
import isnad.spark  # noqa: E402

if shutil.which("java") is None:
    pytest.skip("no Java", allow_module_level=True)


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


def test_bad_parquet_goes_to_the_side(tmp_path, week):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    rows = [{"id": n, "body": text.encode()} for n, text in enumerate(week["text"].to_pylist()[:12])]
    rows[3]["body"], rows[7]["body"] = None, "café".encode("latin-1")
    table = pa.Table.from_pylist(rows, schema=pa.schema({"id": pa.int64(), "body": pa.binary()}))
    pq.write_table(table, source / "rows.parquet")
    # one of three row groups cannot be opened
    broken = source / "broken.parquet"
    pq.write_table(table.set_column(0, "id", pa.array(range(100, 112))), broken, row_group_size=4)
    column = pq.ParquetFile(broken).metadata.row_group(1).column(1)
    data = bytearray(broken.read_bytes())
    start = column.dictionary_page_offset or column.data_page_offset
    data[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    broken.write_bytes(data)
    (source / "cut.parquet").write_bytes(data[:-40])
    (source / "none.parquet").write_bytes(b"<html>not found</html>")

    done = job(source, "--output", out, "--columns", "text=body")
    assert done.returncode == 1, done.stderr[-2000:]
    documents = sorted(int(d["document_id"]) for d in read_back(out, "documents"))
    assert documents == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 100, 101, 102, 108, 109, 110, 111]
    errors = {e["document_id"] or Path(e["error"].split(": ")[0]).name: e["error"] for e in read_back(out, "errors")}
    assert sorted(errors) == ["103", "3", "7", "broken.parquet, row group 1", "cut.parquet", "none.parquet"]
    assert "null" in errors["3"] and "UTF-8" in errors["7"] and "null" in errors["103"]


def test_wrong_columns_of_parquet_begin_nothing(tmp_path, week):
    out = tmp_path / "out"
    pq.write_table(pa.table({"id": ["a"], "body": ["نص"]}), tmp_path / "names.parquet")
    pq.write_table(pa.table({"id": ["a"], "text": [["نص"]]}), tmp_path / "types.parquet")
    told = job(tmp_path / "names.parquet", "--output", out)
    assert told.returncode == 2 and "names.parquet: there is no column \"text\" (columns are: id, body)" in told.stderr
    told = job(tmp_path / "types.parquet", "--output", out)
    assert told.returncode == 2 and "types.parquet: " in told.stderr and "List" in told.stderr
    told = job(tmp_path / "names.parquet", "--output", out, "--columns", "text=head")
    assert told.returncode == 2 and "\"head\"" in told.stderr
    assert not out.exists()


def test_long_files_are_cut_between_lines(tmp_path):
    from isnad.spark import _lines

    path = tmp_path / "a.jsonl"
    lines = [f'{{"id": "{i}", "text": "{"ن" * (i % 37)}"}}\n'.encode() for i in range(200)]
    path.write_bytes(b"".join(lines).rstrip(b"\n"))
    size = path.stat().st_size
    for stretch in (1, 7, 50, 1000, size, size + 9):
        cut = [_lines(str(path), s, min(s + stretch, size))[0] for s in range(0, size, stretch)]
        assert b"".join(cut) == path.read_bytes(), stretch


def test_a_ledger_takes_what_the_job_wrote(tmp_path, week, pages, program):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    lines = [json.dumps(a, ensure_ascii=False) for a in week.to_pylist()]
    (source / "a.jsonl").write_text("\n".join([*lines, '{"id": "broken"']) + "\n", "utf8")
    shutil.copytree(pages, source / "pages", ignore=shutil.ignore_patterns("*.txt", "*.json"))
    assert job(source, "--output", out, "--readings").returncode == 1
    # a step that was cut off: none of it may count
    (out / "step=dead" / "part=documents").mkdir(parents=True)
    shutil.copy(next(out.glob("step=*/part=documents/**/*.parquet")), out / "step=dead" / "part=documents" / "x.parquet")

    def isnad_(*args, ledger):
        done = subprocess.run([program, *map(str, args), "--ledger", tmp_path / ledger], capture_output=True, text=True)
        if "built without" in done.stderr:
            pytest.skip("the program was built without Parquet")
        return done

    added = isnad_("add", out, ledger="lake")
    assert added.returncode == 1 and "a.jsonl, line" in added.stderr and "not JSON" in added.stderr, added.stderr
    direct = isnad_("add", source, ledger="direct")
    assert direct.returncode == 1, direct.stderr
    told = lambda text: [line.split(": ", 2)[2] for line in text.splitlines() if " documents in " in line]
    assert told(added.stderr)[0].split("added")[0] == told(direct.stderr)[0].split("added")[0]
    for question in ("events", "statements"):
        asked = (isnad_(question, "--format", "jsonl", "--limit", 100_000, ledger=n).stdout for n in ("lake", "direct"))
        mine, its = ([json.loads(line) for line in text.splitlines()] for text in asked)
        assert len(mine) == len(its) > 50
        # a text that two pages have bears the name of the one that came first, which on Spark is not the first by name
        both = {r["document"]["source_id"] for r in mine} & {r["document"]["source_id"] for r in its}
        same = [sorted(json.dumps(r) for r in rows if r["document"]["source_id"] in both) for rows in (mine, its)]
        assert same[0] == same[1] and len(same[0]) > 0.9 * len(mine)
    assert isnad_("verify", ledger="lake").returncode == 0
    # the readings are of this version: nothing is left to be read again
    assert "every reading is of" in isnad_("reread", ledger="lake").stderr
    # whichever way a document comes again, it is known, and seen where it was seen before
    for again in (out, source):
        assert "0 added" in isnad_("add", again, ledger="lake").stderr
        assert " 0 of them seen at a new place" in isnad_("add", again, ledger="lake").stderr


def test_long_parquet_is_cut_between_row_groups(tmp_path, week):
    source, out = tmp_path / "in.parquet", tmp_path / "out"
    # long beside the text, so that row groups are large; no two compress each other away
    rows = [{**a, "id": f"{a['id']}-{n}", "html": os.urandom(160_000)} for n in range(4) for a in week.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows), source, row_group_size=16)
    done = job(source, "--output", out)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "2 inputs" in done.stdout
    documents = [d["document_id"] for d in read_back(out, "documents")]
    assert sorted(documents) == sorted(r["id"] for r in rows)


def test_an_enormous_article_stops_nobody(tmp_path, week):
    rows = week.slice(0, 6).to_pylist()
    rows[2]["text"] = "وصل الوزير إلى المدينة. " * (50_000_000 // 43)
    assert len(rows[2]["text"].encode()) > 49_000_000
    source, out = tmp_path / "in.parquet", tmp_path / "out"
    pq.write_table(pa.Table.from_pylist(rows, schema=week.schema), source)
    done = job(source, "--output", out, "--readings")
    assert done.returncode == 1, done.stderr[-2000:]
    errors = read_back(out, "errors")
    assert [(e["document_id"], "16777216 bytes" in e["error"]) for e in errors] == [(rows[2]["id"], True)]
    assert {d["document_id"] for d in read_back(out, "documents")} == {r["id"] for r in rows} - {rows[2]["id"]}


def test_a_worker_that_is_killed_loses_nothing(tmp_path, week):
    import psutil

    # enough for each partition to take seconds: a worker is to be killed in its midst
    copies, articles = 960, week.to_pylist()
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for n in range(4):
        lines = [
            json.dumps({**a, "id": f"{a['id']}-{n}-{c}"}, ensure_ascii=False) for c in range(copies // 4) for a in articles
        ]
        (source / f"{n}.jsonl").write_text("\n".join(lines) + "\n", "utf8")
    # in one process Spark gives up at the first failure unless told otherwise
    env = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYSPARK_SUBMIT_ARGS": "--master local[2,4] pyspark-shell"}
    command = [sys.executable, str(JOB), str(source), "--output", str(out)]
    said = tmp_path / "said"
    with said.open("wb") as errors:
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=env)
    lost = lambda: "Lost task" in said.read_text("utf8", "replace")
    killed, spent = 0, {}
    # a worker may be between two partitions when it dies, and Spark then loses nothing: another is killed until one was at work,
    # and fewer than would make a task fail for good
    while running.poll() is None and killed < 3 and not lost():
        for child in psutil.Process(running.pid).children(recursive=True):
            try:
                if not ("pyspark.daemon" in " ".join(child.cmdline()) and "pyspark.daemon" in " ".join(child.parent().cmdline())):
                    continue
                before, now = spent.get(child.pid, 0.0), child.cpu_times().user
                spent[child.pid] = now
                # it has read for a while and reads still: its partition is begun and not done
                if now > 1.0 and now > before > 0.0:
                    child.kill()
                    killed += 1
                    break
            except (psutil.Error, AttributeError):
                pass
        # long enough for a worker's clock to move on, and for Spark to notice
        time.sleep(0.1 if not killed else 1.0)
    running.wait(timeout=600)
    assert running.returncode == 0, said.read_text("utf8", "replace")[-2000:]
    assert killed and lost()
    documents = [d["document_id"] for d in read_back(out, "documents")]
    assert len(documents) == len(set(documents)) == copies * len(articles)
    assert not read_back(out, "errors")
