"""Joins across articles at the size of a real corpus: PostgreSQL and Spark against one machine.

`ISNAD_CORPUS` names articles as JSON Lines, packed or not; skipped where it does not. With `pytest -s` it tells what it measured.
"""

import itertools
import json
import os
import subprocess
import time
import unicodedata
from collections import defaultdict

import isnad
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from lake import job
from postgres import SQL

CORPUS = os.environ.get("ISNAD_CORPUS")
if CORPUS is None:
    pytest.skip("no corpus; ISNAD_CORPUS names it", allow_module_level=True)


def say(*what):
    print(*what, flush=True)


@pytest.fixture(scope="module")
def articles():
    return pa.Table.from_batches(isnad.documents(CORPUS))


@pytest.fixture(scope="module", autouse=True)
def one_state(program, reader, articles):
    """What two programs read differently cannot be joined alike: that would be the finding of every test here."""
    given = [{k: d[k] for k in ("id", "title", "text", "published", "outlet")} for d in articles.slice(0, 5).to_pylist()]
    lines = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in given)
    read = subprocess.run([program, "read", "--format", "jsonl", "-"], input=lines, capture_output=True, text=True, check=True)
    mine = [json.loads(reader._engine.read(d["text"], d["title"], d["published"], d["outlet"], d["id"])[0]) for d in given]
    found = lambda reading: [(e["type"], e["trigger"]) for e in reading["events"]]
    same = [found(json.loads(line)) for line in read.stdout.splitlines()] == [found(m) for m in mine]
    assert same, "the package and the program were built from different states"


def added(program, source, path):
    """A new ledger of these articles, as a function that asks it."""
    subprocess.run([program, "add", source, "--ledger", path, "--quiet"], check=True, capture_output=True)

    def ask(*question):
        command = [program, *question, "--ledger", path, "--format", "jsonl"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf8") as asked:
            yield from map(json.loads, asked.stdout)
        assert asked.returncode == 0

    return ask


@pytest.fixture(scope="module")
def ledger(program, tmp_path_factory):
    """What one machine makes of it."""
    return added(program, CORPUS, tmp_path_factory.mktemp("ledger") / "corpus.ledger")


@pytest.fixture(scope="module")
def story_keys(articles):
    return isnad.story_keys(articles)


@pytest.fixture(scope="module")
def happening_keys(reader, articles):
    return reader.happening_keys(articles)


@pytest.fixture(scope="module")
def copies(ledger):
    """Near-copies by `trace`: every two texts of a story, and every pair stands in one. A text that two documents have is one of them."""
    return {tuple(sorted(pair)) for story in ledger("stories") for pair in itertools.combinations((d["source_id"] for d in story["documents"]), 2)}


@pytest.fixture(scope="module")
def candidates(happening_keys):
    """Pairs of claims that share keys, joined here by hand, as rows of numbers: claim, claim, shared keys."""
    return by_hand(happening_keys)


def normalised(article):
    """What makes a text the same for a ledger: composed letters, no marks that nobody sees, single spaces."""
    whole = "\n".join(filter(None, [(article["title"] or "").strip(), article["text"]]))
    seen = (" " if unicodedata.category(c) == "Cc" else c for c in unicodedata.normalize("NFC", whole) if unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())


def by_hand(keys):
    document = keys["document_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    names = np.array(keys["document_id"].to_pylist())

    def flat(column):
        lists = keys[column].combine_chunks()
        of = lists.value_parent_indices().to_numpy()
        keyed = lists.flatten().to_numpy()
        order = np.argsort(keyed, kind="stable")
        return keyed[order], of[order]

    own, of_own = flat("keys")
    around, of_around = flat("keys_around")
    distinct, begin, count = np.unique(own, return_index=True, return_counts=True)
    few = count <= 64
    distinct, begin, count = distinct[few], begin[few], count[few]
    first, last = np.searchsorted(around, distinct, "left"), np.searchsorted(around, distinct, "right")
    found = []
    for key, (b, n, f, l) in enumerate(zip(begin, count, first, last)):
        mine, its = np.repeat(of_own[b : b + n], l - f), np.tile(of_around[f:l], n)
        apart = document[mine] != document[its]
        found.append(np.stack([mine[apart], its[apart]]))
    mine, its = np.concatenate(found, axis=1)
    once = names[mine] < names[its]
    pairs, shared = np.unique(mine[once].astype(np.int64) * len(keys) + its[once], return_counts=True)
    return np.stack([pairs // len(keys), pairs % len(keys), shared], axis=1)


def numbered(found, happening_keys):
    """What an engine found, with numbers in place of ids of claims, in order."""
    number = lambda name: pc.index_in(found[name], happening_keys["event_id"].combine_chunks()).to_numpy().astype(np.int64)
    table = np.stack([number("a"), number("b"), found["shared"].to_numpy()], axis=1)
    return table[np.lexsort((table[:, 1], table[:, 0]))]


def test_near_copies_are_those_of_one_machine(server, spark, articles, story_keys, copies):
    server.load("story_keys", "document_id text, bands bigint[], shingles int[], shingle_count int", story_keys)
    begun = time.monotonic()
    found = {"PostgreSQL": {(a, b) for a, b, _ in server.sql((SQL / "stories.postgresql.sql").read_text("utf8") + ";")}}
    say(f"{len(articles)} documents, {len(copies)} pairs of near-copies by trace")
    say(f"near-copies in PostgreSQL: {time.monotonic() - begun:.1f} s")
    spark.createDataFrame(story_keys.to_pandas()).createOrReplaceTempView("story_keys")
    begun = time.monotonic()
    found["Spark"] = {(r["a"], r["b"]) for r in spark.sql((SQL / "stories.spark.sql").read_text("utf8")).collect()}
    say(f"near-copies in Spark: {time.monotonic() - begun:.1f} s")
    assert found["PostgreSQL"] == found["Spark"]
    # a ledger holds a text that several documents have once, under the id of one of them
    first = {}
    same = {d["id"]: first.setdefault(normalised(d), d["id"]) for d in articles.select(["id", "title", "text"]).to_pylist()}
    once = lambda pairs: {tuple(sorted((same[a], same[b]))) for a, b in pairs if same[a] != same[b]}
    copies = once(copies)
    found = {engine: once(pairs) for engine, pairs in found.items()}
    for engine, pairs in found.items():
        say(f"near-copies in {engine}: {len(pairs)}, {len(pairs - copies)} not of trace, {len(copies - pairs)} missed")
    assert found["Spark"] == copies


def test_candidates_for_happenings_are_the_same_everywhere(server, spark, happening_keys, candidates):
    say(f"{len(happening_keys)} claims, {len(candidates)} candidates by hand")
    server.load("happening_keys", "event_id text, document_id text, keys bigint[], keys_around bigint[]", happening_keys)
    begun = time.monotonic()
    found = server.table((SQL / "happenings.postgresql.sql").read_text("utf8") + ";", ["a", "b", "shared"])
    say(f"candidates in PostgreSQL: {len(found)} in {time.monotonic() - begun:.1f} s")
    assert np.array_equal(numbered(found, happening_keys), candidates)
    spark.createDataFrame(happening_keys.to_pandas()).createOrReplaceTempView("happening_keys")
    begun = time.monotonic()
    found = spark.sql((SQL / "happenings.spark.sql").read_text("utf8")).toArrow()
    say(f"candidates in Spark: {len(found)} in {time.monotonic() - begun:.1f} s")
    assert np.array_equal(numbered(found, happening_keys), candidates)


def test_what_one_machine_joins_is_among_the_candidates(reader, articles, ledger, happening_keys, candidates):
    claims = reader.read_batch(articles)
    number = {e: n for n, e in enumerate(happening_keys["event_id"].to_pylist())}
    number = {(d, e): number[i] for d, e, i in zip(*(claims[n].to_pylist() for n in ("document_id", "event", "event_id")))}
    pairs = set((candidates[:, 0] * len(happening_keys) + candidates[:, 1]).tolist())
    whole = together = joined = tied = 0
    for happening in ledger("happenings"):
        of = defaultdict(list)
        for claim in happening["claims"] + happening["in_passing"]:
            of[claim["document"]["source_id"]].append(number[claim["document"]["source_id"], claim["event"]])
        if len(of) < 2:
            continue
        whole += 1
        # documents that hang together by candidates
        group = {d: d for d in of}

        def top(d):
            while group[d] != d:
                d = group[d]
            return d

        for x, y in itertools.combinations(sorted(of), 2):
            if any(a * len(happening_keys) + b in pairs for a in of[x] for b in of[y]):
                group[top(x)] = top(y)
        parts = len({top(d) for d in of})
        together += parts == 1
        joined += len(of) - 1
        tied += len(of) - parts
    say(f"{whole} happenings of several documents: {together} hang together by candidates; {tied} of {joined} joins")
    assert tied >= 0.95 * joined


def test_a_ledger_of_what_spark_read_is_the_ledger_of_one_machine(program, ledger, tmp_path):
    # not packed, so that several tasks read it
    with subprocess.Popen(["gzip", "-dcf", CORPUS], stdout=open(tmp_path / "corpus.jsonl", "wb")) as unpacked:
        assert unpacked.wait() == 0
    done = job(tmp_path / "corpus.jsonl", "--output", tmp_path / "lake", "--readings")
    assert done.returncode == 0, done.stderr[-2000:]
    lake = added(program, tmp_path / "lake", tmp_path / "lake.ledger")
    for question in ("stories", "happenings", "transfers"):
        mine, its = list(lake(question)), list(ledger(question))
        same = sum(a == b for a, b in zip(mine, its))
        say(f"{question} of the lake and of one machine: {len(mine)} and {len(its)}, {same} of them alike line by line")
        assert mine == its
