"""Isnad on Apache Spark 4: each worker process reads with one reader of its own.

The package must be installed where the workers run (``PYSPARK_PYTHON``, or ``spark.archives``). Nothing is cached or written here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Optional

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from . import Reader, claims_schema, documents, documents_schema, happening_keys_schema, intake_schema, story_keys, story_keys_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

__all__ = ["documents_of", "happening_keys", "read", "read_all", "read_sources", "rows_schema", "schema", "stories"]

# of Parquet, what is held at a time
BATCH_ROWS = 1024
BATCH_BYTES = 32 << 20

#: Schema of :func:`read_all`: ``part`` tells what a row is (``claims``, ``documents``, ``errors``); claims have the columns of
#: :data:`isnad.claims_schema`, the others those of :data:`isnad.documents_schema` but for the row's number.
rows_schema: pa.Schema = pa.schema(
    [pa.field("part", pa.string())]
    # a row that is no claim has not even an empty list
    + [field.with_nullable(True) for field in claims_schema]
    + [field for field in documents_schema if field.name not in ("row", "document_id")]
)


def schema(of: pa.Schema = claims_schema) -> "StructType":
    """A schema as Spark has it."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(of)


def read(
    df: "DataFrame", *, columns: Optional[Mapping[str, str]] = None, lexicon: Optional[str] = None,
    model: Optional[str] = None, max_bytes: Optional[int] = None,
) -> "DataFrame":
    """The claims of a table of articles, in the schema of the Parquet export.

    Articles that cannot be read have no claims and never end the job; :func:`read_all` tells of them.

    Args:
        df: the articles; columns as of :meth:`isnad.Reader.read_batch`.
        columns: names of columns that are called otherwise.
        lexicon, model: as of :class:`isnad.Reader`; paths on the workers.
        max_bytes: longest text, in bytes, that is read.
    """
    rows = read_all(df, columns=columns, lexicon=lexicon, model=model, max_bytes=max_bytes)
    return rows.where("part = 'claims'").select(*claims_schema.names)


def read_all(
    df: "DataFrame", *, columns: Optional[Mapping[str, str]] = None, lexicon: Optional[str] = None,
    model: Optional[str] = None, max_bytes: Optional[int] = None, readings: bool = False,
) -> "DataFrame":
    """As :func:`read`, with a row for each document that was read and for each that could not be. See :data:`rows_schema`.

    Args:
        readings: whether ``documents`` shall have the documents themselves with the whole readings, as JSON, and what made
            them: then ``isnad add`` takes the table without reading again.
    """
    work = partial(_read, names=_names(columns), lexicon=lexicon, model=model, max_bytes=max_bytes, readings=readings)
    return df.mapInArrow(work, schema(rows_schema))


def documents_of(df: "DataFrame") -> "DataFrame":
    """Opens the sources that a table names, in the schema of :data:`isnad.intake_schema`, a row a document or fault.

    Args:
        df: columns ``path`` (on a file system that all workers see; no Parquet, which Spark reads itself), ``start``, ``end``: bytes
            of a file of JSON Lines from the first line that begins at or after ``start`` to the last that begins before ``end``;
            null for the whole of any file.
    """
    return df.select("path", "start", "end").mapInArrow(_documents, schema(intake_schema))


def read_sources(
    df: "DataFrame", *, columns: Optional[Mapping[str, str]] = None, lexicon: Optional[str] = None, model: Optional[str] = None,
    max_bytes: Optional[int] = None, readings: bool = False,
) -> "DataFrame":
    """:func:`documents_of` and :func:`read_all` in one step: the texts do not pass through Spark between the two.

    Args:
        df: as of :func:`documents_of`, and Parquet too: ``start`` and ``end`` are row groups then. A row group that cannot be
            opened is a row in ``errors``.
        columns: names of columns of Parquet that are called otherwise.
    """
    work = partial(
        _open_and_read, names=_names(columns), lexicon=lexicon, model=model, max_bytes=max_bytes, readings=readings
    )
    return df.select("path", "start", "end").mapInArrow(work, schema(rows_schema))


def stories(df: "DataFrame", *, columns: Optional[Mapping[str, str]] = None) -> "DataFrame":
    """:func:`isnad.story_keys` of a table of articles."""
    return df.mapInArrow(partial(_stories, names=_names(columns)), schema(story_keys_schema))


def happening_keys(
    df: "DataFrame", *, columns: Optional[Mapping[str, str]] = None, lexicon: Optional[str] = None,
    model: Optional[str] = None,
) -> "DataFrame":
    """:meth:`isnad.Reader.happening_keys` of a table of articles, or of documents with their readings."""
    work = partial(_happenings, names=_names(columns), lexicon=lexicon, model=model)
    return df.mapInArrow(work, schema(happening_keys_schema))


def _names(columns: Optional[Mapping[str, str]]) -> Optional[dict[str, str]]:
    return dict(columns) if columns is not None else None


@lru_cache(maxsize=1)
def _reader(lexicon: Optional[str], model: Optional[str]) -> Reader:
    # Spark runs a process a core and keeps it for later tasks
    return Reader(lexicon, model, jobs=1)


def _read(
    batches: Iterator[pa.RecordBatch], names: Optional[dict[str, str]], **how: Any,
) -> Iterator[pa.RecordBatch]:
    return _read_named(((batch, names) for batch in batches), **how)


def _read_named(
    batches: Iterator[tuple[pa.RecordBatch, Optional[dict[str, str]]]], lexicon: Optional[str], model: Optional[str],
    max_bytes: Optional[int], readings: bool,
) -> Iterator[pa.RecordBatch]:
    reader = _reader(lexicon, model)
    for batch, names in batches:
        claims, fates = reader.read_all(batch, columns=names, max_bytes=max_bytes, readings=readings)
        yield from _rows("claims", claims)
        good = fates["error"].is_null()
        yield from _rows("documents", fates.filter(good))
        yield from _rows("errors", fates.filter(pa.compute.invert(good)))


def _open_and_read(
    batches: Iterator[pa.RecordBatch], names: Optional[dict[str, str]], **how: Any,
) -> Iterator[pa.RecordBatch]:
    yield from _read_named(_open(batches, names), **how)


def _rows(part: str, table: pa.Table) -> Iterator[pa.RecordBatch]:
    """A table widened to :data:`rows_schema`."""
    count = table.num_rows
    if count == 0:
        return
    columns = [
        pa.array([part] * count, pa.string()) if field.name == "part"
        else table[field.name] if field.name in table.schema.names
        else pa.nulls(count, field.type)
        for field in rows_schema
    ]
    yield from pa.table(columns, schema=rows_schema).combine_chunks().to_batches()


def _open(
    units: Iterator[pa.RecordBatch], names: Optional[dict[str, str]],
) -> Iterator[tuple[pa.RecordBatch, Optional[dict[str, str]]]]:
    """Batches of documents with the names of their columns."""
    for unit in itertools.chain.from_iterable(batch.to_pylist() for batch in units):
        path, start, end = unit["path"], unit["start"], unit["end"]
        if path.endswith(".parquet"):
            yield from _groups(path, start, end, names)
        elif start is None:
            yield from ((batch, None) for batch in documents(path))
        else:
            lines, begin = _lines(path, start, end)
            # lines without an id are named after their file and number: here after where the stretch begins
            named = f"{path.removesuffix('.jsonl')}@{begin}.jsonl"
            yield from ((batch, None) for batch in documents(content=lines, name=named))


def _documents(units: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    return (batch for batch, _ in _open(units, None))


def _groups(
    path: str, start: Optional[int], end: Optional[int], names: Optional[dict[str, str]],
) -> Iterator[tuple[pa.RecordBatch, Optional[dict[str, str]]]]:
    """Row groups of Parquet, those columns that are read."""
    wanted = {*intake_schema.names, *(names or {}).values(), "document", "document_id"}
    with open(path, "rb") as file:
        try:
            table = pq.ParquetFile(file)
            columns = [name for name in table.schema_arrow.names if name in wanted]
        except (pa.ArrowException, OSError) as why:
            yield _fault(path, why), None
            return
        for n in range(start or 0, table.num_row_groups if end is None else end):
            try:
                group = table.metadata.row_group(n)
                rows = BATCH_BYTES * group.num_rows // max(group.total_byte_size, 1)
                size = min(max(rows, 1), BATCH_ROWS)
                for batch in table.iter_batches(batch_size=size, row_groups=[n], columns=columns):
                    yield batch, names
            except (pa.ArrowException, OSError) as why:
                yield _fault(f"{path}, row group {n}", why), None


def _fault(place: str, why: Exception) -> pa.RecordBatch:
    """A row that tells what could not be opened. What the system cannot do now, it may do when Spark tries again."""
    if isinstance(why, OSError) and why.errno is not None:
        raise why
    row = {"error": f"{place}: {' '.join(str(why).split())}"}
    return pa.RecordBatch.from_pylist([row], schema=intake_schema)


def _lines(path: str, start: int, end: int) -> tuple[bytes, int]:
    """The lines that begin in a stretch of a file, and where the first begins."""
    with open(path, "rb") as file:
        if start:
            file.seek(start - 1)
            file.readline()
        begin = file.tell()
        if begin >= end:
            return b"", begin
        lines = file.read(end - begin)
        if not lines.endswith(b"\n"):
            lines += file.readline()
        return lines, begin


def _stories(batches: Iterator[pa.RecordBatch], names: Optional[dict[str, str]]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from story_keys(batch, columns=names, jobs=1).to_batches()


def _happenings(
    batches: Iterator[pa.RecordBatch], names: Optional[dict[str, str]], lexicon: Optional[str], model: Optional[str],
) -> Iterator[pa.RecordBatch]:
    reader = _reader(lexicon, model)
    for batch in batches:
        yield from reader.happening_keys(batch, columns=names).to_batches()
