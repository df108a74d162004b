"""The records of a reading. Every event is a claim of its statement, or of the outlet; none is a fact.

Offsets are Unicode code points, half-open, of ``title + "\\n" + text``, or of the text alone where there is no title:
``reading.words(span)`` gives the words.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, Optional

__all__ = [
    "Analysis", "ChainLink", "Document", "Entity", "Event", "Framing", "Harm", "Location", "NumberValue", "Reading",
    "Segment", "Source", "Span", "Statement", "Thing", "TimeValue", "TokenAnalysis", "When",
]


class Span(NamedTuple):
    """Code points from ``start`` up to, not with, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Location:
    """A point on the map (decimal degrees, WGS 84) and what it is the middle of."""

    latitude: float
    longitude: float
    level: str


@dataclass(frozen=True)
class Entity:
    """Someone or something that the article names, with every mention of it."""

    id: str
    #: PER, ORG, MIL, MED, GPE, LOC, FAC or EQP
    type: str
    #: English where the lexicon knows it, else as written
    name: str
    mentions: list[Span]
    #: the same for the same thing in every article
    key: str = ""
    #: ISO 3166 alpha-3
    country: Optional[str] = None
    #: PLOVER sector
    sector: Optional[str] = None
    location: Optional[Location] = None


@dataclass(frozen=True)
class ChainLink:
    """Who asserts (``origin``) or who passes on (``via``); no span where the text hides the origin."""

    role: str
    span: Optional[Span] = None


@dataclass(frozen=True)
class When:
    """A stated time and the day or days it comes to, in EDTF or ISO 8601."""

    span: Span
    value: str


@dataclass(frozen=True)
class Statement:
    """Who says what, through whom: origin first, then each relay in the order the words travelled."""

    id: str
    chain: list[ChainLink]
    cue: Optional[Span]
    content: list[Span]
    direct: bool
    #: neutral, assert, reveal, deny, accuse, doubt or urge
    stance: str
    when: Optional[When] = None


@dataclass(frozen=True)
class Thing:
    """Goods, people or weapons given, moved, used or destroyed."""

    span: Span
    what: str
    #: exact, about, at_least, more_than or up_to
    bound: str
    model: Optional[str] = None
    count: Optional[float] = None
    cls: Optional[str] = field(default=None, metadata={"json": "class"})
    family: Optional[str] = None
    #: a part of another thing of the same event
    part: bool = False


@dataclass(frozen=True)
class Harm:
    """People killed and injured, as the claim has it."""

    bound: str
    killed: Optional[int] = None
    injured: Optional[int] = None


@dataclass(frozen=True)
class Event:
    """Who did what to whom, with what, where, when: as claimed by ``statement``, or by the outlet where that is None."""

    id: str
    #: PLOVER type
    type: str
    #: PLOVER mode
    mode: Optional[str]
    trigger: Span
    actor: list[Span]
    recipient: list[Span]
    things: list[Thing]
    place: list[Span]
    time: list[Span]
    #: actual, planned, possible, wanted, conditional or question
    status: str
    #: positive or negative
    polarity: str
    statement: Optional[str]
    when: Optional[When] = None
    harm: Optional[Harm] = None
    #: the CAMEO code, where exactly one has this meaning
    cameo: Optional[str] = None


@dataclass(frozen=True)
class Framing:
    """A word that judges an actor in the outlet's own voice."""

    span: Span
    kind: str
    of: Optional[str] = None


@dataclass(frozen=True)
class Reading:
    """All that the reader found in one article."""

    id: str
    entities: list[Entity]
    statements: list[Statement]
    events: list[Event]
    framing: list[Framing] = field(default_factory=list)
    furniture: list[Span] = field(default_factory=list)
    #: ISO 639-1, where it could be told; only Arabic is read
    language: Optional[str] = None
    #: the text that offsets run over
    text: str = field(default="", repr=False, compare=False)

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.text[span.start : span.end]

    def statement(self, event: Event) -> Optional[Statement]:
        """The statement that says an event; None where the outlet itself does."""
        return next((s for s in self.statements if s.id == event.statement), None)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain values, in the keys of ``isnad read --format json``, without the text."""
        return _plain(self)


@dataclass(frozen=True)
class Segment:
    """A part of a written word."""

    span: Span
    #: Universal POS
    pos: str


@dataclass(frozen=True)
class TokenAnalysis:
    """A written word with its parts."""

    span: Span
    norm: str
    lemma: str
    pos: str
    segments: list[Segment]


@dataclass(frozen=True)
class NumberValue:
    """A number in the text; value or range."""

    span: Span
    #: cardinal, ordinal, percent, money, measure or range
    kind: str
    bound: str
    value: Optional[float] = None
    low: Optional[float] = None
    high: Optional[float] = None
    #: ISO 4217 or UCUM
    unit: Optional[str] = None


@dataclass(frozen=True)
class TimeValue:
    """A time in the text."""

    span: Span
    #: date, time, duration, set or period
    kind: str
    value: Optional[str] = None
    hijri: Optional[str] = None


@dataclass(frozen=True)
class Analysis:
    """The layers below the reader."""

    id: str
    sentences: list[Span]
    tokens: list[TokenAnalysis]
    numbers: list[NumberValue]
    times: list[TimeValue]
    text: str = field(default="", repr=False, compare=False)

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.text[span.start : span.end]


@dataclass(frozen=True)
class Source:
    """Where a document was taken from: file or address, kind of container, number of the item in it."""

    path: str
    kind: str
    item: int


@dataclass(frozen=True)
class Document:
    """An article as intake took it from a page or record."""

    text: str
    id: str = ""
    title: Optional[str] = None
    published: Optional[str] = None
    outlet: Optional[str] = None
    url: Optional[str] = None
    author: Optional[str] = None
    language: Optional[str] = None
    encoding: Optional[str] = None
    source: Optional[Source] = None
    #: how it was taken, and faults that did not keep it from being read
    notes: Optional[str] = None


def from_json(kind: type, json_text: str, /, **more: Any) -> Any:
    """A record out of its JSON."""
    return dataclasses.replace(_make(kind, json.loads(json_text)), **more)


def _make(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _make(next(a for a in typing.get_args(kind) if a is not type(None)), value)
    if origin is list:
        (inner,) = typing.get_args(kind)
        return [_make(inner, v) for v in value]
    if kind is Span:
        return Span(*value)
    if dataclasses.is_dataclass(kind):
        # a key that this version does not know is left alone
        return kind(**{name: _make(hint, value[key]) for name, key, hint in _fields(kind) if key in value})
    return value


@cache
def _fields(kind: type) -> list[tuple[str, str, Any]]:
    hints = typing.get_type_hints(kind)
    return [(f.name, f.metadata.get("json", f.name), hints[f.name]) for f in dataclasses.fields(kind)]


def _plain(value: Any) -> Any:
    if isinstance(value, Span):
        return list(value)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((key, name, getattr(value, name)) for name, key, _ in _fields(type(value)) if name != "text")
        return {key: _plain(v) for key, _, v in pairs}
    return value
