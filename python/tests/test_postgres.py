import itertools
import json
import subprocess

import isnad
import pyarrow as pa
import pytest
from postgres import SQL


@pytest.fixture(scope="module")
def copied(week):
    """The week, with near-copies of long and short articles, and with one that is half of another."""
    rows = week.to_pylist()
    lists = "\n".join(f"القافلة {n} حملت {n * 7} صندوقاً إلى المخيم {n * 13} في المنطقة {n * 17}." for n in range(400))
    longer = {**rows[0], "id": "long", "text": lists}
    more = [longer, {**longer, "id": "long-copy", "text": longer["text"] + "\nوأضاف المصدر أن المحادثات مستمرة."}]
    for n, row in enumerate(rows[:12]):
        more.append({**row, "id": f"copy-{n}", "outlet": "صحيفة أخرى", "text": row["text"] + "\n" + " ".join(["خاص"] * n)})
        more.append({**row, "id": f"half-{n}", "text": row["text"][: len(row["text"]) // 2]})
    return pa.Table.from_pylist(rows + more, schema=week.schema)


def test_near_copies_are_those_of_one_machine(server, copied):
    keys = isnad.story_keys(copied)
    server.load("story_keys", "document_id text, bands bigint[], shingles int[], shingle_count int", keys)
    pairs = {(a, b): float(j) for a, b, j in server.sql((SQL / "stories.postgresql.sql").read_text("utf8") + ";")}
    short = [(k["document_id"], set(k["shingles"])) for k in keys.to_pylist() if k["shingle_count"] <= 1536]
    exact = {
        tuple(sorted((a, b))): len(x & y) / len(x | y) for (a, x), (b, y) in itertools.combinations(short, 2) if x | y
    }
    want = {pair: j for pair, j in exact.items() if j >= 0.6}
    assert len(want) > 12 and max(k["shingle_count"] for k in keys.to_pylist()) > 1536
    long = ("long", "long-copy")
    assert pairs.pop(long) >= 0.9
    assert pairs == pytest.approx(want)


def test_candidates_for_happenings_are_all_that_share_a_key(server, reader, copied):
    keys = reader.happening_keys(copied)
    server.load("happening_keys", "event_id text, document_id text, keys bigint[], keys_around bigint[]", keys)
    pairs = {(a, b): int(n) for a, b, n in server.sql((SQL / "happenings.postgresql.sql").read_text("utf8") + ";")}
    rows = keys.to_pylist()
    held = {}
    for row in rows:
        for key in set(row["keys"]):
            held[key] = held.get(key, 0) + 1
    want = {}
    for x, y in itertools.permutations(rows, 2):
        if x["document_id"] < y["document_id"]:
            shared = sum(held[k] <= 64 for k in set(x["keys"]) & set(y["keys_around"]))
            if shared:
                want[x["event_id"], y["event_id"]] = shared
    assert len(want) > 20 and pairs == want


def test_what_one_machine_joins_is_among_the_candidates(server, reader, week, program, tmp_path):
    source, ledger = tmp_path / "week.jsonl", tmp_path / "week.ledger"
    source.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in week.to_pylist()), "utf8")
    subprocess.run([program, "add", source, "--ledger", ledger, "--quiet"], check=True, capture_output=True)
    told = subprocess.run([program, "happenings", "--ledger", ledger, "--format", "jsonl"], check=True, capture_output=True, text=True)
    keys = reader.happening_keys(week)
    server.load("happening_keys", "event_id text, document_id text, keys bigint[], keys_around bigint[]", keys)
    event = {(c["document_id"], c["event"]): c["event_id"] for c in reader.read_batch(week).to_pylist()}
    pairs = {frozenset(p[:2]) for p in server.sql((SQL / "happenings.postgresql.sql").read_text("utf8") + ";")}
    joined = 0
    for line in told.stdout.splitlines():
        happening = json.loads(line)
        claims = happening["claims"] + happening["in_passing"]
        claims = [(c["document"]["source_id"], c["event"]) for c in claims]
        documents = {d for d, _ in claims}
        if len(documents) < 2:
            continue
        # every claim's article is tied to another one's by a pair of candidates
        tied = {frozenset((a[0], b[0])) for a, b in itertools.combinations(claims, 2) if frozenset((event[a], event[b])) in pairs}
        assert set().union(*tied) == documents, line
        joined += 1
    assert joined > 3
