import gzip
import json

import isnad
import pyarrow as pa
import pytest


def test_a_page_becomes_its_article(pages):
    page = pages / "01-classic-ar.html"
    document = isnad.extract(page)
    assert document.outlet == "صوت الضفة" and document.published.startswith("2021-03-09T08:30")
    assert document.text.strip() == (pages / "01-classic-ar.txt").read_text("utf8").strip()
    again = isnad.extract(page.read_bytes(), name="01-classic-ar.html")
    assert (again.text, again.title, again.id) == (document.text, document.title, document.id)


def test_a_folder_becomes_batches(pages):
    batches = list(isnad.documents(*sorted(pages.glob("*.html")), rows=4))
    assert all(b.schema.equals(isnad.intake_schema) and b.num_rows <= 4 for b in batches)
    table = pa.Table.from_batches(batches)
    assert table["error"].null_count == table.num_rows > 10


def test_faults_are_rows_and_go_through_the_reader(tmp_path, reader):
    (tmp_path / "a.jsonl").write_text('{"id": "x", "text": "وصل الوزير."}\n{"id": 3\n{"title": "بلا نص"}\n', "utf8")
    (tmp_path / "b.txt").write_bytes(b"\x7fELF\0\0\0\1\2\3" * 40)
    table = pa.Table.from_batches(isnad.documents(tmp_path))
    assert table["error"].null_count == 1 and table.num_rows == 4
    batch = reader.read_all(table)
    assert batch.errors.num_rows == 3
    assert sorted(e.split(": ")[0].rsplit("/")[-1] for e in batch.errors["error"].to_pylist())[0].startswith("a.jsonl")


def test_packed_lines_of_bytes(reader):
    lines = "\n".join(json.dumps({"id": str(i), "text": "وصل الوزير."}) for i in range(10))
    table = pa.Table.from_batches(isnad.documents(content=gzip.compress(lines.encode()), name="a.jsonl.gz"))
    assert table["id"].to_pylist() == [str(i) for i in range(10)]


def test_what_is_not_one_document_is_an_error(tmp_path):
    with pytest.raises(isnad.DocumentError, match="nowhere.html"):
        isnad.extract(tmp_path / "nowhere.html")
    with pytest.raises(ValueError, match="several"):
        isnad.extract(b'{"text": "a"}\n{"text": "b"}\n', name="a.jsonl")
    with pytest.raises(ValueError, match="paths"):
        isnad.documents()


def test_a_source_that_is_let_go_ends(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "نص"}\n' * 100_000, "utf8")
    batches = isnad.documents(tmp_path / "a.jsonl", rows=1)
    next(batches)
    batches.close()
