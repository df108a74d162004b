import datetime
import json

import isnad
import pyarrow as pa
import pyarrow.compute as pc
import pytest

TEXT = "قالت وزارة الدفاع إن روسيا أرسلت 8 مقاتلات إلى ليبيا يوم الثلاثاء."


def one(**columns):
    return pa.table({"id": pa.array(["a"]), **{k: v if isinstance(v, pa.Array) else pa.array([v]) for k, v in columns.items()}})


def test_a_batch_gives_what_single_readings_give(reader, week):
    claims = reader.read_batch(week)
    assert claims.schema.equals(isnad.claims_schema)
    for row in week.to_pylist():
        reading = reader.read(row["text"], row["title"], row["published"], row["outlet"], row["id"])
        mine = claims.filter(pc.equal(claims["document_id"], row["id"]))
        assert mine["event"].to_pylist() == [e.id for e in reading.events]
        assert mine["event_type"].to_pylist() == [e.type for e in reading.events]
        assert mine["status"].to_pylist() == [e.status for e in reading.events]


def test_the_number_of_threads_and_of_batches_changes_nothing(week):
    want = isnad.Reader(jobs=1).read_batch(week)
    assert want.num_rows > 50
    assert isnad.Reader(jobs=5).read_batch(week).equals(want)
    small = pa.Table.from_batches(week.to_batches(max_chunksize=3))
    assert isnad.Reader(jobs=2).read_batch(small).equals(want)


def test_tables_of_any_kind_are_taken(reader, week):
    want = reader.read_batch(week)
    assert reader.read_batch(week.combine_chunks().to_batches()[0]).equals(want)
    assert reader.read_batch(week.to_reader()).equals(want)

    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return week.__arrow_c_stream__(requested_schema)

    assert reader.read_batch(Stream()).equals(want)
    assert reader.read_batch(week.slice(3, 5)).equals(want.filter(pc.is_in(want["document_id"], week.slice(3, 5)["id"])))


@pytest.mark.parametrize("kind", [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(),
    pa.dictionary(pa.int32(), pa.string()),
])
def test_texts_of_any_type_are_taken(reader, kind):
    texts = [TEXT, None, TEXT + " نعم."]
    if pa.types.is_binary_view(kind) or pa.types.is_string_view(kind):
        column = pa.array([t if t is None or pa.types.is_string_view(kind) else t.encode() for t in texts], kind)
    else:
        column = pa.array(texts).dictionary_encode() if pa.types.is_dictionary(kind) else pa.array(texts).cast(kind)
    batch = reader.read_all(pa.table({"id": ["a", "b", "c"], "text": column}))
    assert [d["error"] is None for d in batch.documents.to_pylist()] == [True, False, True]
    assert set(batch.claims["document_id"].to_pylist()) == {"a", "c"}


def test_dates_are_taken_as_dates(reader):
    def told(value):
        return set(reader.read_batch(one(text=TEXT, published=value))["publication_date"].to_pylist())

    assert told("2020-05-27") == told(datetime.date(2020, 5, 27)) == {"2020-05-27"}
    assert told("Wed, 27 May 2020 10:00:00 +0300") == {"2020-05-27T10:00:00+03:00"}
    for unit in ("s", "ms", "us", "ns"):
        at = datetime.datetime(2020, 5, 27, 10)
        assert told(pa.array([at], pa.timestamp(unit))) == {"2020-05-27T10:00:00"}, unit
        assert told(pa.array([at], pa.timestamp(unit, "UTC"))) == {"2020-05-27T10:00:00Z"}, unit


def test_numbers_are_taken_as_ids(reader):
    table = pa.table({"id": pa.array([7], pa.int64()), "text": [TEXT]})
    assert set(reader.read_batch(table)["document_id"].to_pylist()) == {"7"}


def test_bad_rows_are_told_and_the_others_are_read(reader):
    table = pa.table({
        "id": ["good", "null", "latin", "long", "fine"],
        "text": pa.array([TEXT.encode(), None, "café".encode("latin-1"), TEXT.encode() * 100, TEXT.encode()], pa.binary()),
    })
    batch = reader.read_all(table, max_bytes=4000)
    assert batch.documents.schema.equals(isnad.documents_schema)
    told = {d["document_id"]: d["error"] for d in batch.documents.to_pylist()}
    assert list(told) == table["id"].to_pylist()
    assert told["good"] is told["fine"] is None
    assert "null" in told["null"] and "UTF-8" in told["latin"] and "byte 3" in told["latin"] and "4000" in told["long"]
    assert batch.errors["row"].to_pylist() == [1, 2, 3]
    assert set(batch.claims["document_id"].to_pylist()) == {"good", "fine"}
    with pytest.raises(isnad.DocumentError, match=r"row 1 \(null\)") as told:
        reader.read_batch(table, max_bytes=4000)
    assert (told.value.row, told.value.document) == (1, "null")


def test_wrong_columns_say_which_and_what_to_do(reader):
    with pytest.raises(ValueError, match="no column \"text\".*body.*columns="):
        reader.read_batch(pa.table({"id": ["a"], "body": [TEXT]}))
    with pytest.raises(ValueError, match="\"words\".*no field"):
        reader.read_batch(pa.table({"text": [TEXT]}), columns={"words": "text"})
    with pytest.raises(ValueError, match="\"head\""):
        reader.read_batch(pa.table({"text": [TEXT]}), columns={"title": "head"})
    with pytest.raises(ValueError, match="List.*cast"):
        reader.read_batch(pa.table({"text": [[TEXT]]}))
    with pytest.raises(ValueError, match="no column"):
        reader.read_batch(pa.table({"id": pa.array([], pa.string())}))
    with pytest.raises((TypeError, ValueError)):
        reader.read_batch(["not a table"])


def test_columns_may_be_called_otherwise(reader):
    want = reader.read_batch(one(text=TEXT, title="عنوان"))
    assert reader.read_batch(one(body=TEXT, head="عنوان"), columns={"text": "body", "title": "head"}).equals(want)


def test_nothing_in_nothing_out(reader):
    empty = pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})
    batch = reader.read_all(empty)
    assert batch.claims.num_rows == batch.documents.num_rows == 0
    assert batch.claims.schema.equals(isnad.claims_schema)


def test_whole_readings_are_given_where_asked_for(reader):
    batch = reader.read_all(one(text=TEXT), readings=True)
    reading = isnad.records.from_json(isnad.Reading, batch.documents["reading"][0].as_py())
    assert reading == reader.read(TEXT, id="a")


def test_the_claims_are_those_of_the_parquet_schema():
    names = isnad.claims_schema.names
    assert names[:3] == ["event_id", "document_id", "event"] and {"participants", "things", "links"} <= set(names)
    assert isnad.claims_schema.field("status").metadata[b"description"]


def test_near_copies_share_bands(week):
    text = " ".join(week["text"].to_pylist()[:4])
    # the week has copies of its own: what is unlike must be of another kind
    other = "تفتح المكتبة العامة أبوابها للقراء في الصباح وتعير الكتب لمدة أسبوعين ثم تغلق مساء " * 3
    keys = isnad.story_keys(pa.table({"id": ["a", "b", "c"], "text": [text, text + " وأضاف المصدر.", other]})).to_pylist()
    bands = {k["document_id"]: set(k["bands"]) for k in keys}
    shingles = {k["document_id"]: set(k["shingles"]) for k in keys}
    assert bands["a"] & bands["b"] and not bands["a"] & bands["c"]
    assert len(shingles["a"] & shingles["b"]) >= 0.6 * len(shingles["a"] | shingles["b"])
    assert all(len(k["shingles"]) == k["shingle_count"] for k in keys)


def test_claims_of_one_happening_share_a_key(reader):
    table = pa.table({
        "id": ["a", "b", "c"],
        "text": [TEXT, TEXT.replace("وزارة الدفاع", "الوزارة"), "زار الرئيس الفرنسي مصر يوم الثلاثاء."],
        "published": ["2020-05-27", "2020-05-28", "2020-05-27"],
    })
    keys = reader.happening_keys(table).to_pylist()
    claims = reader.read_batch(table)
    assert {k["event_id"] for k in keys} == set(claims["event_id"].to_pylist())
    of = lambda i, k: set().union(*(set(r[k]) for r in keys if r["document_id"] == i))
    assert of("a", "keys") & of("b", "keys_around")
    assert not of("a", "keys") & of("c", "keys_around")
    assert all(set(k["keys"]) <= set(k["keys_around"]) for k in keys)


def test_what_was_read_is_not_read_again_for_its_keys(reader, week):
    documents = reader.read_all(week, readings=True).documents
    want = reader.happening_keys(week)
    assert reader.happening_keys(documents).equals(want)
    # a reading that is not the reader's own shows whether it was used
    empty = [json.dumps({**json.loads(r), "events": []}) for r in documents["reading"].to_pylist()]
    at = documents.schema.get_field_index("reading")
    assert reader.happening_keys(documents.set_column(at, "reading", [empty])).num_rows == 0
    assert reader.happening_keys(documents.set_column(at, "reading", [["{broken"] * len(empty)])).equals(want)
    # one of another version is made anew
    at = documents.schema.get_field_index("made_by")
    older = [{**by, "reader": "0.0.1"} for by in documents["made_by"].to_pylist()]
    documents = documents.set_column(at, "made_by", [pa.array(older, documents["made_by"].type)])
    assert reader.happening_keys(documents).equals(want)
