#!/usr/bin/env python3
"""Reads every export back with other people's readers.

    python3 -m venv VENV && VENV/bin/pip install -r tests/export/requirements.txt
    VENV/bin/python tests/export/read_back.py target/release/isnad examples

Exit code 0: all hold; 1: the failed ones are listed. A program built without the feature `parquet` skips Parquet, and says so.
"""

import csv
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb
import jsonschema
import networkx
import pandas
import rdflib
from geojson_pydantic import FeatureCollection

PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
ISNAD = rdflib.Namespace("urn:isnad:term:")

# What breaks careless writers: formulas, quotes, line ends, marks of direction, NUL, XML's and JSON's own marks.
HOSTILE = [
    ("=cmd|' /C calc'!A0", "=HYPERLINK(\"x\")\nأرسلت «دولة الرمال», \"ثماني\" طائرات إلى قوات الشرق في بنغازي."),
    ("a\u0000b\u202eج", "قصفت طائرات\u0000 مواقع <قوات> الشرق & قرب طرابلس ]]> يوم الثلاثاء."),
    ("'; drop table events; --", "+قال\t@وزير الدفاع سليم الغماري\r\nإن الجيش قتل 12 مدنيا على الأقل في مدينة حلب أمس."),
    ("-1\u2028\ufeff", "أعلن متحدث باسم الجيش أن قوات الشرق سيطرت على قاعدة الوطية في ليبيا الأربعاء الماضي\ufffe\u001b[31m."),
    ("", "ذكرت مصادر أن «دولة الرمال» تنوي إرسال مقاتلات إلى ليبيا."),
]

passed, failed = 0, []


def check(holds, what):
    global passed
    if holds:
        passed += 1
    else:
        failed.append(what)


def equal(got, want, what):
    check(got == want, f"{what}: {got!r}, expected {want!r}")


def run(isnad, *args, code=0):
    done = subprocess.run([isnad, *map(str, args)], capture_output=True, text=True)
    if done.returncode != code:
        failed.append(f"{args}: exit code {done.returncode}: {done.stderr.strip()}")
    return done


def export(isnad, folder, name, inputs, *more):
    path = folder / name
    run(isnad, "export", "--quiet", *more, "--output", path, *inputs)
    manifest = json.loads((folder / f"{name}.manifest.json").read_text("utf8"))
    for f in manifest["files"]:
        data = (folder / f["name"]).read_bytes()
        equal((len(data), hashlib.sha256(data).hexdigest()), (f["bytes"], f["sha256"]), f"{name}: checksum of {f['name']}")
    return path, manifest


def schema(isnad, name):
    return json.loads(run(isnad, "export", "--schema", name).stdout)


def plover(isnad, folder, inputs):
    path, manifest = export(isnad, folder, "claims.jsonl", inputs)
    lines = [json.loads(l) for l in path.read_text("utf8").split("\n")[:-1]]
    equal(len(lines), manifest["counts"]["events"], "plover: lines")
    equal(len({l["id"] for l in lines}), len(lines), "plover: ids are unique")
    frame = pandas.read_json(path, lines=True, dtype=False)
    equal(list(frame["id"]), [l["id"] for l in lines], "plover: pandas reads the same ids")
    validator = jsonschema.Draft202012Validator(schema(isnad, "plover"))
    for l in lines:
        for e in validator.iter_errors(l):
            failed.append(f"plover: {l['id']}: {e.message} at {list(e.path)}")
    return lines


def columns(isnad):
    return schema(isnad, "csv")["$defs"]


def disarmed(cell):
    return cell[1:] if cell.startswith("'") else cell


def tables(isnad, folder, inputs, lines):
    path, manifest = export(isnad, folder, "claims.csv", inputs)
    rows = {}
    for part in manifest["files"]:
        name = part["holds"]
        with open(folder / part["name"], encoding="utf8", newline="") as f:
            rows[name] = list(csv.DictReader(f, strict=True))
        frame = pandas.read_csv(folder / part["name"], dtype=str, keep_default_na=False)
        equal(frame.to_dict("records"), rows[name], f"csv: pandas reads {name} as the csv module does")
        equal(len(rows[name]), part["records"], f"csv: rows of {name}")
        equal(set(frame.columns), set(columns(isnad)[name]["properties"]), f"csv: columns of {name}")
        found = duckdb.sql(f"select count(*) from read_csv('{folder / part['name']}', header = true, all_varchar = true, strict_mode = true)")
        equal(found.fetchall()[0][0], part["records"], f"csv: DuckDB's rows of {name}")
        for column, schema_of in columns(isnad)[name]["properties"].items():
            if schema_of["type"][0] == "string":
                bad = [row[column] for row in rows[name] if row[column][:1] in tuple("=+-@\t\r\n")]
                equal(bad, [], f"csv: formulas in {name}.{column}")
    events = rows["events"]
    equal([r["event_id"] for r in events], [l["id"] for l in lines], "csv: same events as plover")
    equal([disarmed(r["document_id"]) for r in events], [l["isnad"]["document"].replace("\0", "\ufffd") for l in lines], "csv: words come back")
    equal(sum(len(l["isnad"]["chain"]) for l in lines), len(rows["chain"]), "csv: links of chains")
    equal(sum(len(l["isnad"]["things"]) for l in lines), len(rows["things"]), "csv: things")
    ids = {r["event_id"] for r in events}
    for name in ("participants", "things", "chain"):
        check({r["event_id"] for r in rows[name]} <= ids, f"csv: {name} belong to events")
    return events


def parquet(isnad, folder, inputs, lines):
    done = subprocess.run([isnad, "export", "--schema", "parquet"], capture_output=True, text=True)
    if done.returncode:
        print("parquet: not built into this program, skipped")
        return
    path, manifest = export(isnad, folder, "claims.parquet", inputs)
    frame = pandas.read_parquet(path)
    equal(list(frame["event_id"]), [l["id"] for l in lines], "parquet: pandas reads the same events")
    for name in frame.columns:
        check(f"\n{name}: " in done.stdout, f"parquet: {name} is in the printed schema")
    con = duckdb.connect()
    con.execute(f"create view claims as select * from '{path}'")
    for row, line in zip(con.sql("select event_id, document_id, event_type, links, things, date_start, event_scale from claims").fetchall(), lines):
        ours = line["isnad"]
        equal(row[:3], (line["id"], ours["document"], line["event"][0]), "parquet: DuckDB's row")
        equal([(k["role"], k["words"], k["name"]) for k in row[3]], [(k["role"], k["words"], k["name"]) for k in ours["chain"]], "parquet: chain")
        equal([(t["words"], t["count"]) for t in row[4]], [(t["words"], t["count"]) for t in ours["things"]], "parquet: things")
        equal(row[5] and row[5].isoformat(), line["date"], "parquet: days are days")
        equal(row[6], line["event_scale"], "parquet: scale")
    sums = con.sql("select event_type, count(*) from claims, unnest(participants) as p(x) group by all order by all").fetchall()
    check(sums, "parquet: lists can be unnested")


def geojson(isnad, folder, inputs, lines):
    path, manifest = export(isnad, folder, "claims.geojson", inputs)
    data = json.loads(path.read_text("utf8"))
    FeatureCollection.model_validate(data)
    for e in jsonschema.Draft202012Validator(schema(isnad, "geojson")).iter_errors(data):
        failed.append(f"geojson: {e.message} at {list(e.path)}")
    placed = {l["id"]: l["event_loc"] for l in lines if l["event_loc"]}
    equal({f["id"] for f in data["features"]}, set(placed), "geojson: every event with coordinates, no other")
    for f in data["features"]:
        equal(f["geometry"]["coordinates"], [placed[f["id"]]["longitude"], placed[f["id"]]["latitude"]], "geojson: longitude first")
        equal(f["properties"]["approximate"], f["properties"]["where_prec"] > 1, "geojson: approximate points are flagged")
    counts = manifest["counts"]
    equal(counts["events_exported"] + sum(counts["events_left_out"].values()), len(lines), "geojson: what is left out is counted")


def jsonld(isnad, folder, inputs, lines):
    path, manifest = export(isnad, folder, "claims.jsonld", inputs)
    data = json.loads(path.read_text("utf8"))
    for e in jsonschema.Draft202012Validator(schema(isnad, "jsonld")).iter_errors(data):
        failed.append(f"jsonld: {e.message} at {list(e.path)}")
    equal(len(data["@graph"]), manifest["files"][0]["records"], "jsonld: nodes")
    graph = rdflib.Graph().parse(path, format="json-ld")
    claims = set(graph.subjects(rdflib.RDF.type, ISNAD.Claim))
    equal(len(claims), len(lines), "jsonld: rdflib's claims")
    check(all((c, rdflib.RDF.type, PROV.Entity) in graph for c in claims), "jsonld: claims are prov:Entity")
    check(all(graph.value(c, PROV.wasDerivedFrom) for c in claims), "jsonld: every claim has its document")
    for line in lines:
        claim = rdflib.URIRef(f"urn:isnad:claim:{line['id']}")
        saying, walked = graph.value(claim, PROV.wasQuotedFrom), []
        while saying is not None and len(walked) < 100:
            walked.append(str(graph.value(saying, ISNAD.words) or "") or None)
            saying = graph.value(saying, PROV.wasQuotedFrom)
        equal(walked[::-1], [k["words"] for k in line["isnad"]["chain"] if k["role"] != "outlet"], "jsonld: chain by prov:wasQuotedFrom")
        asserted = graph.value(claim, PROV.wasAttributedTo)
        labels = {str(label) for label in graph.objects(asserted, rdflib.RDFS.label)} if asserted else {None}
        check(line["isnad"]["chain"][0]["name"] in labels, f"jsonld: {line['id']} is attributed to its origin: {labels}")


def graphml(isnad, folder, inputs, lines):
    path, manifest = export(isnad, folder, "actors.graphml", inputs)
    graph = networkx.read_graphml(path, force_multigraph=True)
    check(graph.is_directed(), "graphml: directed")
    equal(graph.number_of_nodes() + graph.number_of_edges(), manifest["files"][0]["records"], "graphml: nodes and edges")
    drawn = {d["event_id"] for _, _, d in graph.edges(data=True)}
    equal(len(drawn), manifest["counts"]["events_exported"], "graphml: an edge a claim at least")
    types = {l["id"]: l["event"][0] for l in lines}
    check(all(types[d["event_id"]] == d["type"] for _, _, d in graph.edges(data=True)), "graphml: types")
    check(all(d["label"] for _, d in graph.nodes(data=True)), "graphml: every node has a label")
    path, manifest = export(isnad, folder, "chains.graphml", inputs, "--graph", "chains")
    graph = networkx.read_graphml(path, force_multigraph=True)
    for line in lines:
        links = [k["name"] or "?" for k in line["isnad"]["chain"] if k["name"] or k["role"] != "outlet"]
        edges = sorted((d["position"], graph.nodes[a]["label"], graph.nodes[b]["label"]) for a, b, d in graph.edges(data=True) if d["event_id"] == line["id"])
        equal(len(edges), max(len(links) - 1, 0), "graphml: steps of a chain")


def same_bytes(isnad, folder, inputs):
    (folder / "again").mkdir()
    for name in ("claims.jsonl", "claims.csv", "claims.geojson", "claims.jsonld", "claims.parquet"):
        if not (folder / name).exists():
            continue
        export(isnad, folder / "again", name, inputs, "--jobs", "3")
    for path in (folder / "again").iterdir():
        equal(path.read_bytes(), (folder / path.name).read_bytes(), f"two exports of the same input: {path.name}")


def main():
    isnad, *inputs = sys.argv[1:]
    with tempfile.TemporaryDirectory() as made:
        made = pathlib.Path(made)
        hostile = made / "hostile.jsonl"
        with open(hostile, "w", encoding="utf8") as f:
            for i, (id, text) in enumerate(HOSTILE):
                record = {"id": id, "title": f"@عنوان {id}", "text": text, "published": "2021-03-09", "outlet": id, "url": "javascript:" + id}
                f.write(json.dumps(record) + "\n")
        for name, sources in (("given", inputs), ("hostile", [hostile])):
            folder = made / name
            folder.mkdir()
            lines = plover(isnad, folder, sources)
            check(lines, f"{name}: there are events")
            tables(isnad, folder, sources, lines)
            parquet(isnad, folder, sources, lines)
            geojson(isnad, folder, sources, lines)
            jsonld(isnad, folder, sources, lines)
            graphml(isnad, folder, sources, lines)
            same_bytes(isnad, folder, sources)
    for f in dict.fromkeys(failed):
        print("FAILED", f)
    print(f"exports read back: {passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
