#!/usr/bin/env python3
"""Compares what the reader finds in the invented week with truth.json, article by article.

    examples/week/check.py                    run `isnad` from the PATH (or $ISNAD)
    examples/week/check.py --isnad PROGRAM    run that program
    examples/week/check.py --reading FILE     judge a ready output of
        isnad read --format jsonl --lexicon examples/week/lexicon examples/week/articles.jsonl

Judged are single articles only: which words are a claim of which type, who acts, on whom, with what, where, when,
how many, affirmed or denied, and who says so through whom. That the claims of many articles are one happening is the
business of `isnad trace`; truth.json has the answers to that too. Before reading, the script checks that truth.json
fits the articles and itself.

Exit code: 0 nothing differs · 1 something differs · 2 the files or the program cannot be used.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
JUDGED = ("type", "mode", "actor", "recipient", "place", "when", "things", "harm", "status", "polarity", "chain")


class Unusable(Exception):
    """A file or the program that cannot be used."""


# ---- the files -------------------------------------------------------------------------------------------------


def load_lines(path):
    records = []
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except ValueError as error:
                raise Unusable(f"{path}:{number}: not JSON ({error})") from error
    return records


def whole(article):
    """The text that offsets refer to."""
    return f"{article['title']}\n{article['text']}" if article.get("title") else article["text"]


def find(article, part, words, occurrence):
    """Where the words stand in the whole text; None where they do not."""
    title = article.get("title") or ""
    text, shift = (title, 0) if part == "title" else (article["text"], len(title) + 1 if title else 0)
    hits = [hit.start() for hit in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    # و, ب, ل and ال are written together with their word.
    hits = hits or [hit.start() + len(hit.group(1)) for hit in re.finditer(rf"(?<!\w)([وفبلكا]{{1,3}}){re.escape(words)}(?!\w)", text)]
    if len(hits) < occurrence:
        return None
    start = hits[occurrence - 1] + shift
    return [start, start + len(words)]


# ---- does the truth fit the articles and itself? ---------------------------------------------------------------


def shingles(text, size=4):
    for forms, plain in (("أإآ", "ا"), ("ى", "ي"), ("ة", "ه")):
        text = re.sub(f"[{forms}]", plain, text)
    words = re.findall(r"\w+", text)
    return {tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1))}


def faults_of_truth(truth, articles):
    """What truth.json says that its own articles or its own lists deny."""
    by_id = {article["id"]: article for article in articles}
    used = set()
    for happening in truth["happenings"]:
        name, documents = happening["id"], []
        for claim in happening["claims"]:
            article = by_id.get(claim["document"])
            if article is None:
                yield f"{name}: no article {claim['document']}"
                continue
            documents.append(article)
            used.add(article["id"])
            if find(article, claim["in"], claim["words"], claim["occurrence"]) is None:
                yield f"{name}: «{claim['words']}» ({claim['occurrence']}) does not stand in the {claim['in']} of {article['id']}"
        if not documents:
            continue
        counts = happening["counts"]
        ids = {article["id"] for article in documents}
        real = {
            "documents": len(ids),
            "outlets": len({article["outlet"] for article in documents}),
            "chains": len(happening["paths"]),
            "origins": len(happening["origins"]),
        }
        if counts != real:
            yield f"{name}: counts {counts}, its lists come to {real}"
        if {d for path in happening["paths"] for d in path["documents"]} != ids:
            yield f"{name}: the paths do not cover the documents of the claims"
        first = min(documents, key=lambda article: article["published"])["id"]
        if happening["first"]["document"] != first:
            yield f"{name}: first is {happening['first']['document']}, the articles say {first}"
        voices = {voice for origin in happening["origins"] for voice in origin["voices"]}
        for path in happening["paths"]:
            if not path.get("circular") and path["path"][0] not in voices:
                yield f"{name}: the path {' → '.join(path['path'])} begins with no origin"
    for missing in sorted(set(by_id) - used):
        yield f"{missing}: no claim of it in truth.json"

    grams = {article["id"]: shingles(article["text"]) for article in articles}
    group = {d: n for n, story in enumerate(truth["stories"]) for d in story["documents"]}
    ids = sorted(grams)
    for n, left in enumerate(ids):
        for right in ids[n + 1 :]:
            alike = len(grams[left] & grams[right]) / len(grams[left] | grams[right])
            together = left in group and group.get(left) == group.get(right)
            if (alike >= 0.6) != together:
                yield f"{left}, {right}: {'one story' if together else 'not one story'}, yet their Jaccard is {alike:.2f}"
    for story in truth["stories"]:
        first = min(story["documents"], key=lambda d: by_id[d]["published"])
        if first != story["first"]:
            yield f"story of {story['first']}: the earliest is {first}"
        for change in story["changes"]:
            words, kind = change.get("words", change.get("to")), change["kind"]
            changed, origin = by_id[change["document"]], by_id[first]
            has, had = (words in whole(a) for a in (changed, origin))
            if (has, had) != ((False, True) if kind == "dropped" else (True, False)):
                yield f"{change['document']}: {kind} {words!r} is not what it changed"
    for version in truth["versions"]:
        for document in version["documents"]:
            if by_id[document]["url"] != version["url"]:
                yield f"{document}: its address is not {version['url']}"


# ---- what was read ---------------------------------------------------------------------------------------------


def run_reader(program):
    command = [program, "read", "--quiet", "--format", "jsonl", "--lexicon", str(HERE / "lexicon"), str(HERE / "articles.jsonl")]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError as error:
        raise Unusable(f"{program}: {error.strerror}; name the program with --isnad") from error
    if done.returncode:
        raise Unusable(f"{' '.join(command)}: exit code {done.returncode}\n{done.stderr.decode(errors='replace').strip()}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


# What is told of a source's wish to stay unnamed: one telling adds it and another leaves it out.
WISH = re.compile(r"\W+(?:(?:الذي|التي|الذين)\s+)?(?:طلب|رفض|فضل|اشترط)(?:ت|وا)?\s.*", re.DOTALL)


class Names:
    """From words in an article to the names of what they stand for."""

    def __init__(self, text, reading):
        self.text = text
        self.mentions = [(tuple(m), e["name"]) for e in reading["entities"] for m in e["mentions"]]

    def of(self, span):
        if span is None:
            return None
        inside = [(m[1] - m[0], name) for m, name in self.mentions if span[0] <= m[0] and m[1] <= span[1]]
        return max(inside)[1] if inside else WISH.sub("", self.text[span[0] : span[1]])

    def all(self, spans):
        return sorted(self.of(span) for span in spans)


def event_as_claim(event, statements, names):
    statement = statements.get(event["statement"])
    harm = event.get("harm")
    return {
        "type": event["type"],
        "mode": event["mode"],
        "actor": names.all(event["actor"]),
        "recipient": names.all(event["recipient"]),
        "place": names.all(event["place"]),
        "when": (event.get("when") or {}).get("value"),
        "things": [(t.get("class"), t.get("model"), t["count"], t["bound"]) for t in event["things"]],
        "harm": harm and {"killed": harm["killed"], "injured": harm["injured"]},
        "status": event["status"],
        "polarity": event["polarity"],
        "chain": [names.of(link["span"]) for link in statement["chain"]] if statement else [],
    }


def claim_as_expected(claim, happening):
    return {
        "type": happening["type"],
        "mode": happening["mode"],
        "actor": sorted(claim["actor"]),
        "recipient": sorted(claim["recipient"]),
        "place": sorted(claim["place"]),
        "when": claim["when"],
        "things": [(t["class"], t["model"], t["count"], t["bound"]) for t in claim["things"]],
        "harm": claim.get("harm"),
        "status": claim["status"],
        "polarity": claim["polarity"],
        "chain": claim["chain"],
    }


def differences(truth, articles, readings):
    """One line for everything that was read otherwise than it stands in the truth."""
    by_id = {reading["id"]: reading for reading in readings}
    expected = defaultdict(list)
    for happening in truth["happenings"]:
        for claim in happening["claims"]:
            expected[claim["document"]].append((happening, claim))
    for article in articles:
        name, reading = article["id"], by_id.get(article["id"])
        if reading is None:
            yield f"{name}: not read"
            continue
        text = whole(article)
        names = Names(text, reading)
        statements = {statement["id"]: statement for statement in reading["statements"]}
        left = list(reading["events"])
        for happening, claim in expected[name]:
            start, end = find(article, claim["in"], claim["words"], claim["occurrence"])
            event = next((e for e in left if e["trigger"][0] < end and start < e["trigger"][1]), None)
            where = f"{name} {claim['in']} «{claim['words']}» at {start} ({happening['id']})"
            if event is None:
                yield f"{where}: not found"
                continue
            left.remove(event)
            want, got = claim_as_expected(claim, happening), event_as_claim(event, statements, names)
            for field in JUDGED:
                if want[field] != got[field]:
                    yield f"{where}: {field} is {want[field]}, read {got[field]}"
        for event in left:
            start, end = event["trigger"]
            yield f"{name} «{text[start:end]}» at {start}: read as {event['type']}, no claim in the truth"


def main():
    parser = argparse.ArgumentParser(description="Compare what the reader finds in the invented week with truth.json.")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--isnad", default=os.environ.get("ISNAD", "isnad"), metavar="PROGRAM", help="the program to run")
    source.add_argument("--reading", metavar="FILE", help="a ready output of `isnad read --format jsonl`")
    options = parser.parse_args()
    try:
        truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
        articles = load_lines(HERE / "articles.jsonl")
        faults = list(faults_of_truth(truth, articles))
        if faults:
            raise Unusable("\n".join(f"truth.json: {fault}" for fault in faults))
        readings = load_lines(options.reading) if options.reading else run_reader(options.isnad)
        found = list(differences(truth, articles, readings))
    except (Unusable, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyError, TypeError) as error:
        print(f"not the form that truth.json or a reading has: {type(error).__name__} {error}", file=sys.stderr)
        return 2
    for line in found:
        print(line)
    claims = sum(len(happening["claims"]) for happening in truth["happenings"])
    print(f"{len(articles)} articles, {claims} claims of {len(truth['happenings'])} happenings: {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
