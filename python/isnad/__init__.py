"""Arabic news as attributed events: who did what to whom, and who said so, through whom.

Everything found is a *claim* of its source. One article: ``Reader().read(text)``. Tables of articles:
``Reader().read_batch(table)``. Pages and archives: ``extract``, ``documents``. Apache Spark: ``isnad.spark``.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from os import PathLike, fspath
from typing import Any, NamedTuple, Optional, Union

import pyarrow as pa
import pyarrow.compute

from . import _native
from .errors import DocumentError
from .records import Analysis, Document, Entity, Event, Reading, Span, Statement, from_json

__all__ = [
    "Analysis", "Batch", "Document", "DocumentError", "Entity", "Event", "Reader", "Reading", "Span", "Statement",
    "claims_schema", "documents", "documents_schema", "extract", "happening_keys", "happening_keys_schema", "intake_schema", "story_keys",
    "story_keys_schema", "version",
]

Path = Union[str, "PathLike[str]"]

_schemas = {name: pa.schema(schema) for name, schema in _native.schemas()}

#: Schema of claims, the same as that of the Parquet export: a row a claim, lists of participants, things, links in it.
claims_schema: pa.Schema = _schemas["claims"]
#: Schema of what became of each row.
documents_schema: pa.Schema = _schemas["documents"]
#: Schema of ``documents()``.
intake_schema: pa.Schema = _schemas["intake"]
#: Schema of ``story_keys()``.
story_keys_schema: pa.Schema = _schemas["story_keys"]
#: Schema of ``happening_keys()``.
happening_keys_schema: pa.Schema = _schemas["happening_keys"]


class Version(NamedTuple):
    """What a reading depends on beside the text."""

    reader: str
    lexicon: str
    weights: str


#: Version of the reader, fingerprints of the shipped lexicon and weights.
version = Version(*_native.version())


class Batch(NamedTuple):
    """What a table of articles came to."""

    #: a row a claim, in :data:`claims_schema`
    claims: pa.Table
    #: a row an input row, in :data:`documents_schema`: how many claims, or why it could not be read
    documents: pa.Table

    @property
    def errors(self) -> pa.Table:
        """The rows of ``documents`` that could not be read."""
        return self.documents.filter(pa.compute.is_valid(self.documents["error"]))


class Reader:
    """Reads articles. Build one and keep it: lexicon and weights are shared by all threads, and it grows faster with use.

    Args:
        lexicon: folder of an own lexicon laid over the shipped one. Faulty lines are left out with a warning.
        model: file of other weights.
        jobs: threads for batches; all cores where 0.

    Raises:
        ValueError: a lexicon or model that cannot be used; says why.
    """

    def __init__(self, lexicon: Optional[Path] = None, model: Optional[Path] = None, *, jobs: int = 0) -> None:
        if jobs < 0:
            raise ValueError(f"jobs is {jobs}; give the number of threads, or 0 for all cores")
        self.jobs = jobs
        self._engine = _native.Engine(lexicon, model)
        for line in self._engine.faulty_lines:
            warnings.warn(f"left out: {line}", stacklevel=2)

    def read(
        self, text: str, title: Optional[str] = None, published: Optional[str] = None, outlet: Optional[str] = None,
        id: Optional[str] = None,
    ) -> Reading:
        """Reads one article.

        Args:
            text: the body; offsets run over ``title + "\\n" + text``.
            title: the headline, where it is known apart.
            published: date of publication (ISO 8601), which relative times are resolved against.
            outlet: who carried it.
            id: the caller's name for it; made of the content where there is none.

        Raises:
            DocumentError: the reader failed on it.
        """
        json, whole = self._engine.read(text, title, published, outlet, id)
        return from_json(Reading, json, text=whole)

    def analyse(
        self, text: str, title: Optional[str] = None, published: Optional[str] = None, outlet: Optional[str] = None,
        id: Optional[str] = None,
    ) -> Analysis:
        """Sentences, words with their parts, numbers and times of one article; arguments as of :meth:`read`."""
        json, whole = self._engine.analyse(text, title, published, outlet, id)
        return from_json(Analysis, json, text=whole)

    def read_batch(
        self, data: Any, *, columns: Optional[Mapping[str, str]] = None, max_bytes: Optional[int] = None,
    ) -> pa.Table:
        """Reads a table of articles on all cores and gives their claims, in the order of the rows.

        Args:
            data: a pyarrow RecordBatch, Table or reader, or anything with Arrow's C interfaces (polars, DuckDB, …). Columns:
                ``text``, and where there ``id``, ``title``, ``published``, ``outlet``, ``url``, ``author``, ``language``.
                Texts may be strings or UTF-8 bytes, ``published`` also dates or timestamps. All is held in memory: give
                an archive batch by batch.
            columns: names of columns that are called otherwise, ``{"text": "body"}``.
            max_bytes: longest text, in bytes, that is read; 512 MiB where not given.

        Raises:
            DocumentError: a row that cannot be read (null text, not UTF-8, too long); names it. :meth:`read_all` goes on.
            ValueError: columns that are not there or not text.
        """
        batch = self.read_all(data, columns=columns, max_bytes=max_bytes)
        for bad in batch.errors.slice(0, 1).to_pylist():
            raise DocumentError(bad["error"], bad["document_id"] or "", bad["row"])
        return batch.claims

    def read_all(
        self, data: Any, *, columns: Optional[Mapping[str, str]] = None, max_bytes: Optional[int] = None,
        readings: bool = False,
    ) -> Batch:
        """As :meth:`read_batch`, but rows that cannot be read are told in ``documents`` and the others are read.

        Args:
            readings: whether ``documents`` shall have the documents themselves with the whole readings, as JSON, and what
                made them.
        """
        names = dict(columns) if columns is not None else None
        claims, documents = self._engine.read_batch(data, names, self.jobs, max_bytes, readings)
        return Batch(pa.table(claims).combine_chunks(), pa.table(documents).combine_chunks())

    def happening_keys(
        self, data: Any, *, columns: Optional[Mapping[str, str]] = None, max_bytes: Optional[int] = None,
    ) -> pa.Table:
        """Keys by which claims of one happening find each other. See docs/scale.md for the joins.

        Reads the articles, but for rows that have a reading of this version: ``documents`` of ``read_all(…, readings=True)``.
        A row a claim: ``event_id``, ``document_id``, ``keys``, ``keys_around``. Two claims are candidates where one of the
        ``keys`` of the one is among the ``keys_around`` of the other. Rows that cannot be read are left out.
        """
        names = dict(columns) if columns is not None else None
        return pa.table(self._engine.happening_keys(data, names, self.jobs, max_bytes)).combine_chunks()


def happening_keys(data: Any, *, columns: Optional[Mapping[str, str]] = None, jobs: int = 0) -> pa.Table:
    """:meth:`Reader.happening_keys` of a reader of its own."""
    return Reader(jobs=jobs).happening_keys(data, columns=columns)


def story_keys(
    data: Any, *, columns: Optional[Mapping[str, str]] = None, jobs: int = 0, max_bytes: Optional[int] = None,
) -> pa.Table:
    """Keys by which near-copies find each other, and what measures them. See docs/scale.md for the joins.

    A row a document: ``document_id``, ``bands``, ``shingles``, ``shingle_count``. Two documents are candidates where they
    share a band, near-copies where at least 0.6 of their shingles are common. Rows that cannot be read are left out.
    """
    names = dict(columns) if columns is not None else None
    return pa.table(_native.story_keys(data, names, jobs, max_bytes)).combine_chunks()


def extract(source: Union[Path, bytes], name: str = "page.html") -> Document:
    """The article of a page, without menus and teasers; also the text of any other single document that intake knows.

    Args:
        source: a path, or the bytes themselves.
        name: what the bytes are called: the ending tells their form.

    Raises:
        DocumentError: it cannot be read, or holds no document.
        ValueError: it holds several; use :func:`documents`.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        found, called = _native.Documents.bytes(bytes(source), name, 1, 1), name
    else:
        found, called = _native.Documents.paths([source], 1, 1), fspath(source)
    first = found.next_document()
    if first is None:
        raise DocumentError("holds no document", called)
    if found.next_document() is not None:
        raise ValueError(f"{called}: holds several documents; use isnad.documents")
    json, notes = first
    return from_json(Document, json, notes=notes)


def documents(
    *sources: Path, content: Optional[bytes] = None, name: str = "page.html", rows: int = 1024, bytes: int = 32 << 20,
) -> Iterator[pa.RecordBatch]:
    """Documents of files and folders (text, HTML, JSON Lines, CSV, feeds, WARC; packed or not) as batches, a row a document.

    Faults are rows with ``error`` in place of ``text``; :meth:`Reader.read_all` hands them through. Memory is bounded by a batch.

    Args:
        content: bytes to read in place of ``sources``; ``name`` is what they are called.
        rows, bytes: where a batch ends.
    """
    if (content is None) == (not sources):
        raise ValueError("give paths, or content with its name")
    if content is None:
        found = _native.Documents.paths(list(sources), rows, bytes)
    else:
        found = _native.Documents.bytes(content, name, rows, bytes)
    return _batches(found)


def _batches(found: "_native.Documents") -> Iterator[pa.RecordBatch]:
    while (batch := found.next_batch()) is not None:
        yield pa.record_batch(batch)
