import json
import threading
import time

import isnad
import pytest

TITLE = "اتهامات بتسليم مدرعات"
TEXT = "قالت وزارة الدفاع إن روسيا سلمت 8 مقاتلات إلى ليبيا يوم الثلاثاء.\nونفى متحدث باسم الجيش ذلك."


def test_one_article_is_read_into_typed_records(reader):
    reading = reader.read(TEXT, title=TITLE, published="2020-05-27", outlet="صحيفة المثال", id="a")
    assert reading.id == "a" and reading.language == "ar"
    assert reading.text == f"{TITLE}\n{TEXT}"
    sent = next(e for e in reading.events if reading.words(e.trigger) == "سلمت")
    assert sent.type == "AID" and sent.status == "actual" and sent.polarity == "positive"
    assert isinstance(sent.trigger, isnad.Span)
    chain = reading.statement(sent).chain
    assert [link.role for link in chain] == ["origin"] and isinstance(chain[0], isnad.records.ChainLink)
    assert any(e.type == "GPE" and e.country == "RUS" and e.location.level == "country" for e in reading.entities)


def test_every_field_of_the_json_has_a_place():
    thing = {"span": [1, 2], "what": "fighter aircraft", "class": "aircraft", "family": "fighter", "model": "MiG-29", "count": 8,
             "bound": "at_least", "part": True}
    event = {"id": "ev1", "type": "AID", "mode": None, "trigger": [0, 1], "actor": [[2, 3]], "recipient": [], "things": [thing],
             "place": [], "time": [[4, 5]], "when": {"span": [4, 5], "value": "2020-05"}, "status": "actual", "polarity": "positive",
             "statement": None, "harm": {"killed": 3, "injured": None, "bound": "exact"}, "cameo": "072"}
    whole = {"id": "a", "entities": [], "statements": [], "events": [event], "framing": [], "furniture": [[0, 9]]}
    reading = isnad.records.from_json(isnad.Reading, json.dumps(whole))
    assert reading.events[0].things[0].cls == "aircraft" and reading.events[0].harm.killed == 3
    assert {k: v for k, v in reading.to_dict().items() if k != "language"} == whole


def test_records_go_back_to_the_json_they_came_from(reader):
    reading = reader.read(TEXT, id="a")
    native, _ = reader._engine.read(TEXT, None, None, None, "a")
    want = json.loads(native)

    def without_nulls(value):
        if isinstance(value, dict):
            return {k: without_nulls(v) for k, v in value.items() if v not in (None, [], False)}
        return [without_nulls(v) for v in value] if isinstance(value, list) else value

    assert without_nulls(reading.to_dict()) == without_nulls(want)


def test_an_article_without_an_id_has_the_same_one_everywhere(reader):
    a, b, c = reader.read(TEXT), reader.read(TEXT), reader.read(TEXT, title=TITLE)
    assert a.id == b.id != c.id and a.id.startswith("b3:")


def test_analysis(reader):
    analysis = reader.analyse(TEXT)
    assert [analysis.words(s)[:4] for s in analysis.sentences][0] == "قالت"
    assert any(n.value == 8 for n in analysis.numbers)
    assert any(analysis.words(t.span) == "سلمت" for t in analysis.tokens)


@pytest.mark.parametrize("text", ["", " ", "\0\0", "\u202e\u2066" * 50, "🙂" * 100, "((((" * 1000, "ا" * 10_000])
def test_odd_texts_are_read(reader, text):
    reading = reader.read(text)
    assert all(reading.words(e.trigger) for e in reading.events)


def test_a_lone_surrogate_is_an_error_of_the_text(reader):
    with pytest.raises((UnicodeEncodeError, ValueError)):
        reader.read("\ud800")


def test_wrong_settings_say_what_is_wrong(tmp_path):
    with pytest.raises(ValueError, match="nowhere"):
        isnad.Reader(lexicon=tmp_path / "nowhere")
    (tmp_path / "m").write_bytes(b"not a model")
    with pytest.raises(ValueError, match="m"):
        isnad.Reader(model=tmp_path / "m")
    with pytest.raises(ValueError, match="jobs"):
        isnad.Reader(jobs=-1)


def test_faulty_lines_of_a_lexicon_are_warned_of_and_left_out(tmp_path):
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "actors-own.tsv").write_text("ORG\tINT\n", "utf8")
    with pytest.warns(UserWarning, match="actors-own.tsv"):
        isnad.Reader(lexicon=tmp_path)


def test_an_own_lexicon_is_used(reader, week):
    from conftest import ROOT

    own = isnad.Reader(lexicon=ROOT / "examples/week/lexicon")
    text = week["text"][0].as_py()
    keys = [{e.key for e in r.read(text).entities} for r in (reader, own)]
    assert keys[0] != keys[1]


def test_the_interpreter_is_free_while_it_reads(reader):
    ticks, stop = [], threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    begun = time.monotonic()
    reader.read(" ".join([TEXT] * 2000))
    ended = time.monotonic()
    stop.set()
    thread.join()
    within = [t for t in ticks if begun <= t <= ended]
    assert ended - begun > 0.1 and len(within) > 5
