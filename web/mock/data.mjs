// Answers of the mock server: the invented delivery in full, and as many synthetic happenings as asked for.
import { ARTICLES } from "./articles.mjs";
import { ACTORS, name, OUTLETS, outletRef, party, PLACES } from "./world.mjs";

const REVISION = 7;
const points = (s) => [...s];
const slice = (s, [a, b]) => points(s).slice(a, b).join("");
const whole = (d) => (d.title === undefined ? d.text : `${d.title}\n${d.text}`);

// ------------------------------------------------------------ documents and claims of a reading

export function documentRef(a) {
  const d = a.document;
  return { id: d.id, source_id: d.id, title: d.title ?? null, outlet: a.evil ? { key: `outlet:${a.evil}`, name: name(a.evil, a.evil) } : outletRef(a.outlet), published: d.published ?? null, url: d.url ?? null, story: a.story ?? null };
}

/** The entity that has a mention at these words, as a party. */
function partyAt(a, span) {
  const e = a.reading.entities.find((e) => e.mentions.some(([s, t]) => s >= span[0] && t <= span[1]) || e.mentions.some(([s, t]) => s <= span[0] && t >= span[1]));
  const words = slice(whole(a.document), span);
  return e ? { key: e.key, name: a.names[e.key] ?? name(words, null) } : { key: null, name: name(words, null) };
}

const THINGS = { "attack drone": ["طائرة مسيّرة هجومية", "attack drone"], troops: ["قوات", "troops"], weapons: ["سلاح", "weapons"] };
function thingSummary(a, t) {
  const words = slice(whole(a.document), t.span);
  const [ar, en] = THINGS[t.what] ?? [words, t.what];
  return { what: name(ar, en), class: t.class ?? null, family: t.family ?? null, model: t.model, count: t.count, bound: t.bound, part: t.part ?? false, words };
}

function chainOf(a, e) {
  const s = a.reading.statements.find((s) => s.id === e.statement);
  const steps = (s?.chain ?? []).map((l) => {
    if (!l.span) return { role: l.role, name: name("مصدر غير مسمّى", "unnamed source"), key: null, hidden: true, words: null };
    const p = partyAt(a, l.span);
    return { role: l.role, name: p.name, key: p.key, hidden: p.key === null, words: slice(whole(a.document), l.span) };
  });
  const o = documentRef(a).outlet;
  return [...steps, { role: "outlet", name: o?.name ?? name("غير معروفة", "unknown"), key: o?.key ?? null, hidden: false, words: null }];
}

/** The line that holds the trigger, with trigger and roles marked. */
function evidence(a, e) {
  const text = whole(a.document);
  const at = e.trigger[0];
  let start = 0;
  for (const line of text.split("\n")) {
    const length = points(line).length;
    if (at < start + length + 1) {
      const highlights = [e.trigger, ...e.actor, ...e.recipient, ...e.things.map((t) => t.span), ...e.place]
        .filter(([s, t]) => s >= start && t <= start + length)
        .map(([s, t]) => [s - start, t - start])
        .sort((x, y) => x[0] - y[0]);
      return { text: line, highlights };
    }
    start += length + 1;
  }
  return { text: "", highlights: [] };
}

export function claim(a, e, happening) {
  const s = a.reading.statements.find((s) => s.id === e.statement);
  const placeRefs = e.place.map((p) => partyAt(a, p)).map((p) => PLACES.get(p.key) ?? { key: p.key ?? `word:LOC:${p.name.ar}`, name: p.name, location: null });
  return {
    id: `${a.document.id}#${e.id}`, document: documentRef(a), event: e.id, happening, type: e.type, mode: e.mode, status: e.status, polarity: e.polarity, stance: s?.stance ?? null,
    actor: e.actor.map((x) => partyAt(a, x)), recipient: e.recipient.map((x) => partyAt(a, x)), things: e.things.map((t) => thingSummary(a, t)), place: placeRefs,
    when: e.when?.value ?? null, harm: e.harm ?? null, chain: chainOf(a, e), evidence: evidence(a, e), copy_of: e.id === "ev1" ? (a.copy_of ?? null) : null,
  };
}

const DRONES = "h-drones";
const happeningOf = (a, e) => (a.evil ? "h-evil" : e.id === "ev1" ? DRONES : `h-${a.document.id}-${e.id}`);

export function documentFull(a) {
  const d = a.document;
  return {
    document: d, outlet: documentRef(a).outlet, content_hash: "b3:" + Buffer.from(d.id.padEnd(16, "·")).toString("hex").slice(0, 32), raw_hash: null, added: "2031-03-15T08:00:00Z",
    reading: a.reading, names: a.names,
    sightings: [{ url: d.url ?? null, outlet: documentRef(a).outlet, seen: d.published ?? "2031-03-15T08:00:00Z", source: d.source ?? null }],
    versions: [{ id: 2, reader: "0.3.0", lexicon: "a41f9c", made: "2031-03-15T08:00:00Z", current: true }, { id: 1, reader: "0.2.1", lexicon: "88d012", made: "2031-03-12T08:00:00Z", current: false }],
    story: a.story ? { id: a.story, copies: 3, first: "madar-114" } : null,
    happenings: a.reading.events.filter((e) => e.trigger[0] < 1e6).map((e) => {
      const h = happening(happeningOf(a, e));
      return { event: e.id, happening: h.id, outlets: h.outlets, chains: h.chains, origins: h.origins };
    }),
  };
}

// ------------------------------------------------------------ happenings

function summary(id, claims, extra = {}) {
  const c = claims[0];
  const times = claims.map((x) => x.document.published).filter(Boolean).sort();
  return {
    id, type: c.type, mode: c.mode, actor: c.actor, recipient: c.recipient, things: c.things.filter((t) => !t.part), place: c.place, when: c.when ? { from: c.when, to: c.when } : null,
    reported: { first: times[0] ?? null, last: times.at(-1) ?? null }, first_by: c.chain,
    documents: new Set(claims.map((x) => x.document.id)).size, outlets: new Set(claims.map((x) => x.document.outlet?.key)).size, chains: claims.length, origins: 1,
    affirmed: claims.filter((x) => x.polarity === "positive").length, denied: claims.filter((x) => x.polarity === "negative").length, contradictions: 0, circular: false, status: c.status, ...extra,
  };
}

function plainGraph(claims) {
  const roots = [], nodes = new Map(), edges = new Map(), rootOf = new Map();
  for (const c of claims) {
    const steps = c.chain.length > 1 ? c.chain : [{ ...c.chain[0], role: "origin" }, c.chain[0]];
    let root = null, before = null;
    for (const s of steps) {
      const kind = s.role === "via" ? "relay" : s.role;
      const k = `${kind}:${s.key ?? s.name.ar ?? s.name.en}`;
      if (kind === "origin") {
        if (!rootOf.has(k)) {
          rootOf.set(k, roots.length);
          roots.push({ name: s.name, key: s.key, hidden: s.hidden, interest: null, outlets: 0, claims: 0 });
        }
        root = rootOf.get(k);
        roots[root].claims++;
        roots[root].outlets++;
      }
      const n = nodes.get(k) ?? { id: k, kind, name: s.name, key: s.key, hidden: s.hidden, root: kind === "origin" ? root : null, rests_on: [], copy_of: null, first: c.document.published, claims: [], stance: c.stance };
      if (root !== null && !n.rests_on.includes(root)) n.rests_on.push(root);
      n.claims.push(c.id);
      nodes.set(k, n);
      if (before) {
        const e = edges.get(before + k) ?? { from: before, to: k, kind: kind === "outlet" && edges.size === 0 ? "said" : "relayed", circular: false, claims: [] };
        e.claims.push(c.id);
        edges.set(before + k, e);
      }
      before = k;
    }
  }
  return { roots, nodes: [...nodes.values()], edges: [...edges.values()] };
}

const named = (id) => ARTICLES.find((a) => a.document.id === id);
const O = (k) => outletRef(k);

function drones() {
  const order = ["madar-114", "difaf-2071", "sahlan-88", "shira-540", "hills-31", "nawran-9", "marfa-77", "port-402", "marfa-79", "difaf-2090"];
  const claims = order.map((id) => claim(named(id), named(id).reading.events[0], DRONES));
  const c = Object.fromEntries(order.map((id) => [id, `${id}#ev1`]));
  const root = (key, outlets, n, hidden = false, interest = null) => ({ name: ACTORS.get(key).name, key: hidden ? null : key, hidden, interest, outlets, claims: n });
  const roots = [root("actor:Dayhan Interior Minister", 4, 5), root("actor:Hills Front Spokesman", 1, 1), root("actor:Nawran Foreign Ministry", 1, 1, false, name("حكومة نوران", "Government of Nawran")), root("actor:Western diplomats", 2, 3, true)];
  const origin = (i, ids, stance) => ({ id: `o${i}`, kind: "origin", name: roots[i].name, key: roots[i].key, hidden: roots[i].hidden, root: i, rests_on: [i], copy_of: null, first: named(ids[0]).document.published, claims: ids.map((x) => c[x]), stance });
  const node = (k, rests_on, ids, copy_of = null, stance = null) => ({ id: k, kind: "outlet", name: O(k).name, key: k, hidden: false, root: null, rests_on, copy_of, first: named(ids[0]).document.published, claims: ids.map((x) => c[x]), stance });
  const nodes = [
    origin(0, ["madar-114", "difaf-2071", "sahlan-88", "shira-540", "difaf-2090"], "neutral"), origin(1, ["hills-31"], "deny"), origin(2, ["nawran-9"], "deny"), origin(3, ["marfa-77", "port-402", "marfa-79"], "reveal"),
    node("outlet:almadar", [0], ["madar-114"]), node("outlet:difaf", [0], ["difaf-2071", "difaf-2090"], "outlet:almadar"), node("outlet:sahlan-net", [0], ["sahlan-88"], "outlet:almadar"), node("outlet:shira", [0], ["shira-540"]),
    node("outlet:hills-voice", [1], ["hills-31"], null, "deny"), node("outlet:nawran-today", [2], ["nawran-9"], null, "deny"), node("outlet:marfa", [3], ["marfa-77", "marfa-79"]), node("outlet:port-gate", [3], ["port-402"]),
  ];
  const edge = (from, to, kind, ids, circular = false) => ({ from, to, kind, circular, claims: ids.map((x) => c[x]) });
  const edges = [
    edge("o0", "outlet:almadar", "said", ["madar-114"]), edge("o0", "outlet:difaf", "said", ["difaf-2090"]), edge("outlet:almadar", "outlet:difaf", "copied", ["difaf-2071"]), edge("outlet:almadar", "outlet:sahlan-net", "copied", ["sahlan-88"]), edge("outlet:almadar", "outlet:shira", "relayed", ["shira-540"]),
    edge("o1", "outlet:hills-voice", "said", ["hills-31"]), edge("o2", "outlet:nawran-today", "said", ["nawran-9"]), edge("o3", "outlet:marfa", "said", ["marfa-77"]), edge("outlet:marfa", "outlet:port-gate", "cited", ["port-402"]), edge("outlet:port-gate", "outlet:marfa", "cited", ["marfa-79"], true),
  ];
  const version = (id, change, value, bound, words, aspect = "count") => {
    const x = claims.find((y) => y.id === c[id]);
    return { at: x.document.published, claim: c[id], outlet: x.document.outlet, origin: x.chain.find((s) => s.role === "origin") ?? null, aspect, change, value, bound, words };
  };
  const versions = [
    version("madar-114", "first", 8, "at_least", "8 طائرات مسيّرة هجومية على الأقل"), version("shira-540", "same", 8, "exact", "ثماني مسيّرات"),
    version("hills-31", "denied", null, null, "نفى المتحدث باسم جبهة التلال تسلّم أي طائرات", "denial"), version("nawran-9", "denied", null, null, "لم ترسل أي سلاح", "denial"),
    version("marfa-77", "raised", 14, "exact", "14 طائرة مسيّرة على دفعتين"), version("port-402", "raised", 14, "more_than", "أكثر من 14 طائرة مسيّرة"), version("difaf-2090", "raised", 12, "at_least", "بلغ 12 على الأقل"),
  ];
  const disagreements = [
    { id: "x1", aspect: "denial", sides: [{ words: "أرسلت 8 طائرات مسيّرة هجومية على الأقل", value: null, bound: null, origins: 2, outlets: 6, claims: order.filter((x) => !["hills-31", "nawran-9"].includes(x)).map((x) => c[x]) }, { words: "لم ترسل أي سلاح إلى جبهة التلال", value: null, bound: null, origins: 2, outlets: 2, claims: [c["hills-31"], c["nawran-9"]] }] },
    { id: "x2", aspect: "count", sides: [{ words: "ثماني مسيّرات", value: 8, bound: "exact", origins: 1, outlets: 1, claims: [c["shira-540"]] }, { words: "14 طائرة مسيّرة على دفعتين", value: 14, bound: "exact", origins: 1, outlets: 1, claims: [c["marfa-77"]] }] },
  ];
  return {
    ...summary(DRONES, claims, { origins: 4, chains: 7, contradictions: 2, circular: true }), claims, roots, nodes, edges, versions, disagreements,
    circles: [{ nodes: ["outlet:marfa", "outlet:port-gate"], words: name("تستشهد بوابة الميناء بجريدة المرفأ، ثم تستشهد جريدة المرفأ ببوابة الميناء: لا مصدر جديد في ذلك.", "Port Gate cites Al-Marfa, and Al-Marfa then cites Port Gate: that adds no new source.") }],
    joined_by: [{ claims: [c["madar-114"], c["marfa-77"]], reasons: [name("النوع نفسه: تقديم عون", "Same type: Aid"), name("الفاعل والمتلقي نفساهما: نوران، جبهة التلال", "Same actor and recipient: Nawran, Hills Front"), name("المكان نفسه: ميناء الصدف؛ بينهما يومان", "Same place: Sadaf Port; two days apart")] }],
    transfer: "t-1",
  };
}

// ------------------------------------------------------------ synthetic happenings

const COUNT = Number(process.env.ISNAD_MOCK_HAPPENINGS ?? 100_000);
const ACTS = [
  { type: "CONSULT", mode: "phone", verb: "هاتفت", tail: "وبحثت معها سبل التهدئة", noun: null },
  { type: "ASSAULT", mode: "heavy-weapons", verb: "قصفت", tail: "بالمدفعية", noun: null },
  { type: "MOBILIZE", mode: "troops", verb: "حشدت", tail: "قوات إضافية قرب الحدود", noun: null },
  { type: "REQUEST", mode: "change", verb: "طالبت", tail: "بوقف إطلاق النار", noun: null },
  { type: "AID", mode: null, verb: "سلّمت", tail: "مدرعات خفيفة", noun: ["armour", "مدرعات", "armoured vehicles"] },
  { type: "ACCUSE", mode: "disapprove", verb: "أدانت", tail: "واتهمتها بخرق الهدنة", noun: null },
  { type: "RETREAT", mode: "withdraw", verb: "انسحبت أمام", tail: "من المواقع المتقدمة", noun: null },
  { type: "AGREE", mode: null, verb: "وقّعت مع", tail: "اتفاقاً لتبادل الأسرى", noun: null },
];
const SIDES = ["country:XNA", "country:XSA", "country:XKA", "actor:Hills Front", "actor:Plain Brigades", "actor:Kasmara Guard", "actor:Council of the Strait", "actor:Sahlan Royal Army"];
const SPEAKERS = ["actor:Western diplomats", "actor:Nawran Foreign Ministry", "actor:Dayhan Interior Ministry", "actor:Hills Front Spokesman"];
const OUTLET_KEYS = [...OUTLETS.keys()];
const PLACE_KEYS = [...PLACES.keys()];
const STATUS = ["actual", "actual", "actual", "actual", "actual", "planned", "possible", "wanted"];

/** Small repeatable noise. */
const mix = (a, b) => {
  let x = Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 1, 0xc2b2ae35);
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  return (x ^ (x >>> 13)) >>> 0;
};
const pick = (list, i, salt) => list[mix(i, salt) % list.length];
const dayOf = (i) => new Date(Date.UTC(2031, 2, 10) - Math.floor((i / Math.max(1, COUNT)) * 900) * 86400e3 - (i % 24) * 3600e3).toISOString().slice(0, 19) + "Z";

function seed(i) {
  const act = pick(ACTS, i, 1);
  const a = pick(SIDES, i, 2);
  let b = pick(SIDES, i, 3);
  if (a === b) b = SIDES[(SIDES.indexOf(a) + 1) % SIDES.length];
  const outlets = 1 + (mix(i, 4) % 5);
  return { i, id: `h-${i}`, act, a, b, place: pick(PLACE_KEYS, i, 5), outlets, origins: 1 + (mix(i, 6) % outlets), status: pick(STATUS, i, 7), speaker: pick(SPEAKERS, i, 8), at: dayOf(i), disputed: mix(i, 9) % 11 === 0, count: 2 + (mix(i, 10) % 40) };
}

function syntheticArticle(i, k) {
  const s = seed(i);
  const outlet = OUTLET_KEYS[(mix(i, 11) + k) % OUTLET_KEYS.length];
  const A = ACTORS.get(s.a).name.ar, B = ACTORS.get(s.b).name.ar, S = ACTORS.get(SPEAKERS[(SPEAKERS.indexOf(s.speaker) + (k < s.origins ? k : 0)) % SPEAKERS.length]);
  const P = PLACES.get(s.place).name.ar;
  const deny = s.disputed && k === s.outlets - 1 && k > 0;
  const tail = s.act.noun ? `${s.count} من ال${s.act.tail}` : s.act.tail;
  const text = `${deny ? "نفى" : "ذكر"} ${S.name.ar} أن ${A} ${s.act.verb} ${B} ${tail} في ${P}.`;
  const places = new Map();
  let at = 0;
  for (const [k2, w] of [["cue", deny ? "نفى" : "ذكر"], ["origin", S.name.ar], ["skip", "أن"], ["actor", A], ["trigger", s.act.verb], ["recipient", B], ["tail", tail], ["in", "في"], ["place", P]]) {
    const start = text.indexOf(w, at);
    places.set(k2, [start, start + w.length]);
    at = start + w.length;
  }
  const title = `${A} و${B}: ما الذي جرى في ${P}؟`;
  const off = title.length + 1;
  const sp = (k2) => places.get(k2).map((x) => x + off);
  const ent = (n, key, span) => ({ id: `e${n}`, type: ACTORS.get(key)?.type ?? "LOC", name: (ACTORS.get(key) ?? PLACES.get(key)).name.en, key, mentions: [sp(span)], ...(PLACES.get(key)?.location ? { location: PLACES.get(key).location } : {}) });
  const things = s.act.noun ? [{ span: sp("tail"), what: s.act.noun[2], class: s.act.noun[0], model: null, count: s.count, bound: "about" }] : [];
  return {
    document: { id: `s-${i}-${k}`, title, text, outlet: OUTLETS.get(outlet).name.ar, published: new Date(Date.parse(s.at) + k * 5 * 3600e3).toISOString().slice(0, 19) + "Z", language: "ar", encoding: "UTF-8" },
    reading: {
      id: `s-${i}-${k}`, language: "ar", entities: [ent(1, S.key, "origin"), ent(2, s.a, "actor"), ent(3, s.b, "recipient"), ent(4, s.place, "place")],
      statements: [{ id: "st1", chain: [{ role: "origin", span: sp("origin") }], cue: sp("cue"), content: [[sp("skip")[0], sp("place")[1]]], direct: false, stance: deny ? "deny" : "neutral" }],
      events: [{ id: "ev1", type: s.act.type, mode: s.act.mode, trigger: sp("trigger"), actor: [sp("actor")], recipient: [sp("recipient")], things, place: [sp("place")], time: [], status: s.status, polarity: deny ? "negative" : "positive", statement: "st1" }], framing: [],
    },
    names: Object.fromEntries([S.key, s.a, s.b, s.place].map((key) => [key, (ACTORS.get(key) ?? PLACES.get(key)).name])),
    outlet, happening: s.id,
  };
}

function rowOf(s) {
  const things = s.act.noun ? [{ what: name(s.act.noun[1], s.act.noun[2]), class: s.act.noun[0], family: null, model: null, count: s.count, bound: "about", part: false, words: `${s.count} من ال${s.act.tail}` }] : [];
  const o = outletRef(OUTLET_KEYS[mix(s.i, 11) % OUTLET_KEYS.length]);
  return {
    id: s.id, type: s.act.type, mode: s.act.mode, actor: [party(s.a)], recipient: [party(s.b)], things, place: [PLACES.get(s.place)], when: null, reported: { first: s.at, last: s.at },
    first_by: [{ role: "origin", name: ACTORS.get(s.speaker).name, key: s.speaker, hidden: false, words: null }, { role: "outlet", name: o.name, key: o.key, hidden: false, words: null }],
    documents: s.outlets, outlets: s.outlets, chains: s.outlets, origins: s.origins, affirmed: s.outlets - (s.disputed && s.outlets > 1 ? 1 : 0), denied: s.disputed && s.outlets > 1 ? 1 : 0, contradictions: s.disputed && s.outlets > 1 ? 1 : 0, circular: false, status: s.status,
  };
}

export function article(id) {
  const m = /^s-(\d+)-(\d+)$/.exec(id);
  if (m) return Number(m[1]) < COUNT ? syntheticArticle(Number(m[1]), Number(m[2])) : null;
  return named(id) ?? null;
}
export function syntheticFull(id) {
  const a = article(id);
  return a && { ...documentFull(a), happenings: [{ event: "ev1", happening: a.happening, outlets: 1, chains: 1, origins: 1 }] };
}

const cacheH = new Map();
export function happening(id) {
  if (cacheH.has(id)) return cacheH.get(id);
  let h = null;
  const m = /^h-(\d+)$/.exec(id);
  if (id === DRONES) h = drones();
  else if (m && Number(m[1]) < COUNT) {
    const s = seed(Number(m[1]));
    const claims = Array.from({ length: s.outlets }, (_, k) => syntheticArticle(s.i, k)).map((a) => claim(a, a.reading.events[0], id));
    const disagreements = s.disputed && s.outlets > 1 ? [{ id: "x1", aspect: "denial", sides: [{ words: claims[0].evidence.text, value: null, bound: null, origins: 1, outlets: s.outlets - 1, claims: claims.slice(0, -1).map((c) => c.id) }, { words: claims.at(-1).evidence.text, value: null, bound: null, origins: 1, outlets: 1, claims: [claims.at(-1).id] }] }] : [];
    h = { ...rowOf(s), claims, ...plainGraph(claims), versions: [], disagreements, circles: [], joined_by: [], transfer: null };
  } else {
    for (const a of ARTICLES) for (const e of a.reading.events) {
      if (e.trigger[0] > 1e6 || happeningOf(a, e) !== id) continue;
      const claims = [claim(a, e, id)];
      h = { ...summary(id, claims), claims, ...plainGraph(claims), versions: [], disagreements: [], circles: [], joined_by: [], transfer: null };
    }
  }
  if (cacheH.size > 500) cacheH.clear();
  if (h) cacheH.set(id, h);
  return h;
}

const SUMMARY_FIELDS = ["id", "type", "mode", "actor", "recipient", "things", "place", "when", "reported", "first_by", "documents", "outlets", "chains", "origins", "affirmed", "denied", "contradictions", "circular", "status"];
const shortOf = (h) => Object.fromEntries(SUMMARY_FIELDS.map((k) => [k, h[k]]));
const SPECIAL = [DRONES, ...ARTICLES.flatMap((a) => a.reading.events.filter((e) => e.id !== "ev1" && !a.evil).map((e) => happeningOf(a, e))), "h-evil"];

// ------------------------------------------------------------ filters

const fold = (s) => s.normalize("NFKD").replace(/[\u064b-\u065f\u0670\u0640]/g, "").replace(/[أإآٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
function keeps(f) {
  const many = (k) => f.getAll(k).filter(Boolean);
  const types = many("type"), modes = many("mode"), statuses = many("status");
  const one = (k) => f.get(k) || null;
  const names = (list) => list.map((p) => p && `${p.key} ${p.name.ar} ${p.name.en}`).join(" ");
  const has = (list, v) => list.some((p) => p?.key === v) || fold(names(list)).includes(fold(v));
  return (h) =>
    (!types.length || types.includes(h.type)) && (!modes.length || modes.includes(h.mode)) && (!statuses.length || statuses.includes(h.status)) &&
    (!one("actor") || has(h.actor, one("actor"))) && (!one("recipient") || has(h.recipient, one("recipient"))) && (!one("place") || has(h.place, one("place"))) &&
    (!one("origin") || has(h.first_by.filter((s) => s.role === "origin"), one("origin"))) && (!one("via") || has(h.first_by.filter((s) => s.role === "via"), one("via"))) && (!one("outlet") || has(h.first_by.filter((s) => s.role === "outlet"), one("outlet"))) &&
    (!one("class") || h.things.some((t) => t.class === one("class"))) && (!one("country") || [...h.actor, ...h.recipient].some((p) => ACTORS.get(p?.key)?.country === one("country"))) &&
    (!one("from") || (h.reported.last ?? "") >= one("from")) && (!one("to") || (h.reported.first ?? "").slice(0, 10) <= one("to")) &&
    (one("polarity") !== "negative" || h.denied > 0) && (one("polarity") !== "positive" || h.affirmed > 0) && (!one("loaded") || ["h-drones"].includes(h.id)) &&
    (!one("q") || fold(names([...h.actor, ...h.recipient, ...h.place])).includes(fold(one("q"))));
}
const ORDER = { origins: (a, b) => b.origins - a.origins, outlets: (a, b) => b.outlets - a.outlets, disputed: (a, b) => b.contradictions - a.contradictions };
const cacheL = new Map();
/** All happenings under the filters, as short records. */
export function matching(query) {
  const key = [...query].filter(([k]) => !["limit", "skip", "cursor", "unit", "bbox", "zoom", "what", "format"].includes(k)).sort().join("&");
  if (cacheL.has(key)) return cacheL.get(key);
  const keep = keeps(query);
  const out = SPECIAL.map((id) => shortOf(happening(id))).filter(keep);
  for (let i = 0; i < COUNT; i++) {
    const r = rowOf(seed(i));
    if (keep(r)) out.push(r);
  }
  const by = ORDER[query.get("sort")];
  if (by) out.sort(by);
  if (cacheL.size > 4) cacheL.clear();
  cacheL.set(key, out);
  return out;
}

export function list(items, query, total = items.length) {
  const limit = Math.min(500, Math.max(1, Number(query.get("limit") ?? 100)));
  const start = Number(query.get("cursor") ?? 0) + Number(query.get("skip") ?? 0);
  return { items: items.slice(start, start + limit), next: start + limit < total ? String(start + limit) : null, total, revision: REVISION };
}

// ------------------------------------------------------------ the other resources

export const meta = (write) => ({
  version: "0.3.0", reader: "0.3.0", lexicon: "a41f9c", schema: 3, ledger: "mock", revision: REVISION,
  counts: { documents: COUNT * 3 + ARTICLES.length, statements: COUNT * 3, events: COUNT * 3, happenings: COUNT + SPECIAL.length, stories: 1, transfers: 5, actors: ACTORS.size, outlets: OUTLETS.size },
  span: { first: "2028-09-21", last: "2031-03-14" }, may: { read: true, write }, demo: true,
  exports: { happenings: ["jsonl", "csv", "geojson", "graphml"], events: ["jsonl", "csv", "plover", "parquet", "geojson", "jsonld"], statements: ["jsonl", "csv"], transfers: ["jsonl", "csv"], documents: ["jsonl", "csv"], actors: ["jsonl", "csv", "graphml"], outlets: ["jsonl", "csv"] },
});

export function timeline(query) {
  const all = matching(query);
  const days = all.map((h) => (h.reported.first ?? "").slice(0, 10)).filter((d) => /^\d{4}-/.test(d)).sort();
  if (!days.length) return { unit: "day", buckets: [], undated: all.length, revision: REVISION };
  const spanDays = (Date.parse(days.at(-1)) - Date.parse(days[0])) / 86400e3;
  const asked = query.get("unit") ?? "auto";
  const unit = asked !== "auto" ? asked : spanDays > 3000 ? "year" : spanDays > 400 ? "month" : spanDays > 70 ? "week" : "day";
  const startOf = (d) => (unit === "year" ? `${d.slice(0, 4)}-01-01` : unit === "month" ? `${d.slice(0, 7)}-01` : unit === "week" ? new Date(Date.parse(d) - ((new Date(d).getUTCDay() + 6) % 7) * 86400e3).toISOString().slice(0, 10) : d);
  const after = (d) => {
    const t = new Date(d);
    if (unit === "year") t.setUTCFullYear(t.getUTCFullYear() + 1);
    else if (unit === "month") t.setUTCMonth(t.getUTCMonth() + 1);
    else t.setUTCDate(t.getUTCDate() + (unit === "week" ? 7 : 1));
    return t.toISOString().slice(0, 10);
  };
  const buckets = new Map();
  for (let d = startOf(days[0]); d <= days.at(-1); d = after(d)) buckets.set(d, { start: d, end: new Date(Date.parse(after(d)) - 86400e3).toISOString().slice(0, 10), happenings: 0, claims: 0, by_type: {}, one_origin: 0 });
  let undated = 0;
  for (const h of all) {
    const b = buckets.get(startOf((h.reported.first ?? "").slice(0, 10)));
    if (!b) {
      undated++;
      continue;
    }
    b.happenings++;
    b.claims += h.chains;
    b.by_type[h.type] = (b.by_type[h.type] ?? 0) + 1;
    if (h.origins === 1) b.one_origin++;
  }
  return { unit, buckets: [...buckets.values()], undated, revision: REVISION };
}

export function map(query) {
  const [w, s, e, n] = (query.get("bbox") ?? "-180,-90,180,90").split(",").map(Number);
  const cell = (48 * 360) / (256 * 2 ** Number(query.get("zoom") ?? 0));
  const clusters = new Map(), unplaced = new Map();
  let nowhere = 0;
  for (const h of matching(query)) {
    const p = h.place[0];
    if (!p) {
      nowhere++;
      continue;
    }
    if (!p.location) {
      unplaced.set(p.key, { ...p, happenings: (unplaced.get(p.key)?.happenings ?? 0) + 1 });
      continue;
    }
    const { latitude: y, longitude: x, level } = p.location;
    if (x < w || x > e || y < s || y > n) continue;
    const k = `${Math.floor(x / cell)},${Math.floor(y / cell)}`;
    const c = clusters.get(k) ?? { happenings: 0, claims: 0, sx: 0, sy: 0, bbox: [x, y, x, y], level, places: new Map(), by_type: {} };
    c.happenings++;
    c.claims += h.chains;
    c.sx += x;
    c.sy += y;
    c.bbox = [Math.min(c.bbox[0], x), Math.min(c.bbox[1], y), Math.max(c.bbox[2], x), Math.max(c.bbox[3], y)];
    if (["country", "adm1", "adm2"].includes(level)) c.level = level;
    c.places.set(p.key, { ...p, happenings: (c.places.get(p.key)?.happenings ?? 0) + 1 });
    c.by_type[h.type] = (c.by_type[h.type] ?? 0) + 1;
    clusters.set(k, c);
  }
  const by = (a, b) => b.happenings - a.happenings;
  return {
    clusters: [...clusters.values()].map(({ sx, sy, places, ...c }) => ({ latitude: sy / c.happenings, longitude: sx / c.happenings, ...c, places: [...places.values()].sort(by).slice(0, 5) })),
    unplaced: [...unplaced.values()].sort(by), nowhere, revision: REVISION,
  };
}

const t = (i, supplier, recipient, ar, en, cls, count, bound, extra) => ({ id: `t-${i}`, supplier: supplier && party(supplier), recipient: party(recipient), things: [{ what: name(ar, en), class: cls, family: null, model: null, count, bound, part: false, words: ar }], from: "2031-03-03", to: "2031-03-09", route: [], reported: { first: "2031-03-11T09:10:00+03:00", last: "2031-03-14T15:00:00+03:00" }, documents: 2, outlets: 2, chains: 2, origins: 1, denied: 0, happenings: [], ...extra });
export const TRANSFERS = [
  t(1, "country:XNA", "actor:Hills Front", "طائرات مسيّرة هجومية", "attack drones", "drone", 14, "at_least", { route: [PLACES.get("place:Sadaf Port"), PLACES.get("place:Marsa Lulu")], documents: 10, outlets: 8, chains: 7, origins: 4, denied: 2, happenings: [DRONES] }),
  t(2, "country:XKA", "country:XSA", "مدرعات خفيفة", "light armoured vehicles", "armour", 40, "about", { from: "2030-06", to: "2030-06", origins: 2, happenings: ["h-40"] }),
  t(3, "country:XKA", "actor:Kasmara Guard", "قذائف مدفعية", "artillery shells", "ammunition", null, "exact", { from: "2030", to: "2030", happenings: ["h-41"] }),
  t(4, null, "actor:Plain Brigades", "بنادق آلية", "assault rifles", "small-arms", 600, "up_to", { from: null, to: null, happenings: ["h-42"] }),
  t(5, "country:XNA", "actor:Plain Brigades", "صواريخ مضادة للدروع", "anti-tank missiles", "missile", 30, "about", { from: "2029-11", to: "2029-12", origins: 3, happenings: ["h-43"] }),
];
export const matchingTransfers = (q) => TRANSFERS.filter((x) => (!q.get("class") || x.things.some((y) => y.class === q.get("class"))) && (!q.get("actor") || x.supplier?.key === q.get("actor")) && (!q.get("recipient") || x.recipient?.key === q.get("recipient")));
export const flows = (q) => ({ flows: matchingTransfers(q).map((x) => ({ supplier: x.supplier, recipient: x.recipient, class: x.things[0].class, year: x.from ? Number(x.from.slice(0, 4)) : null, transfers: 1, claims: x.chains, origins: x.origins, low: x.things[0].count, high: x.things[0].count })), revision: REVISION });

const share = (value, of) => ({ value, low: Math.max(0, value - 0.9 * Math.sqrt((value * (1 - value) + 0.02) / of)), high: Math.min(1, value + 0.9 * Math.sqrt((value * (1 - value) + 0.02) / of)), of });
export const actorList = () => [...ACTORS.values()].map((a, i) => ({ ...a, documents: 40_000 - i * 2100, acted: 20_000 - i * 900, received: 17_000 - i * 800, said: i > 3 ? 9_000 - i * 300 : 0 }));
const NAMES = { "actor:Hills Front": [["جبهة التلال", "own"], ["الجبهة", "short"], ["قوات التلال", "neutral"], ["ميليشيا التلال", "loaded"], ["متمردو التلال", "loaded"]] };
const namesOf = (a) => NAMES[a.key] ?? [[a.name.ar, "own"]];
export function actor(key) {
  const a = actorList().find((x) => x.key === key);
  if (!a) return null;
  const others = actorList().filter((x) => x.key !== key);
  const deed = (i, type, mode, denied = 0) => ({ type, mode, other: { key: others[i].key, name: others[i].name }, happenings: 1400 - i * 130, claims: 4300 - i * 410, origins: 900 - i * 70, denied });
  const kinds = namesOf(a);
  return {
    ...a, aliases: kinds.map(([words, kind], i) => ({ words, kind, documents: 9000 >> i, outlets: 8 - i })),
    did: [deed(0, "ASSAULT", "heavy-weapons", 3), deed(1, "AID", null), deed(2, "CONSULT", "phone"), deed(4, "ACCUSE", "disapprove"), deed(5, "RETREAT", "withdraw")], received_from: [deed(3, "AID", null, 12), deed(1, "ASSAULT", "aerial"), deed(6, "REQUEST", "change")],
    network: {
      nodes: [a, ...others.slice(0, 9)].map((x, i) => ({ key: x.key, name: x.name, type: x.type, weight: 1000 - i * 90 })),
      edges: [...others.slice(0, 9).map((x, i) => ({ from: i % 2 ? key : x.key, to: i % 2 ? x.key : key, type: ACTS[i % ACTS.length].type, happenings: 900 - i * 90, origins: 300 - i * 30 })), { from: others[0].key, to: others[1].key, type: "CONSULT", happenings: 300, origins: 100 }, { from: others[2].key, to: others[4].key, type: "ASSAULT", happenings: 220, origins: 90 }],
    },
    naming: [...OUTLETS.values()].flatMap((o, i) => kinds.slice(0, 1 + (i % kinds.length)).map(([words, kind], j, l) => ({ outlet: outletRef(o.key), actor: { key, name: a.name }, words, kind, documents: 120 - 20 * j, share: share(1 / (j + 1) / (l.length > 1 ? 1.7 : 1), 120) }))),
  };
}
export const outletList = () => [...OUTLETS.values()].map((o, i) => ({ ...o, documents: 41_000 - i * 3000, events: 90_000 - i * 7000, attributed: share(0.86 - i * 0.07, 400), copied: share(0.05 + i * 0.06, 400), loaded: 40 + i * 310 }));
export function outlet(key) {
  const o = outletList().find((x) => x.key === key);
  if (!o) return null;
  const others = outletList().filter((x) => x.key !== key);
  const hills = ACTORS.get("actor:Hills Front");
  return {
    ...o,
    sources: [...SPEAKERS.map((k, i) => ({ party: party(k), role: "origin", claims: 900 - i * 170, share: share(0.3 - i * 0.06, 900) })), { party: outletRef("outlet:almadar"), role: "via", claims: 240, share: share(0.08, 900) }, { party: { key: null, name: name("مصادر غير مسمّاة", "unnamed sources") }, role: "origin", claims: 160, share: share(0.05, 900) }],
    copies: others.slice(0, 3).map((x, i) => ({ outlet: { key: x.key, name: x.name }, direction: i % 2 ? "to" : "from", stories: 60 - i * 15, share: share(0.2 - i * 0.05, 300) })),
    naming: namesOf(hills).map(([words, kind], j) => ({ outlet: outletRef(key), actor: { key: hills.key, name: hills.name }, words, kind, documents: 90 >> j, share: share([0.5, 0.25, 0.12, 0.08, 0.05][j], 180) })),
  };
}

export function documents(query) {
  const q = query.get("q");
  const row = (a) => ({ ...documentRef(a), events: a.reading.events.length, statements: a.reading.statements.length, loaded: a.reading.framing.length, opening: points(a.document.text).slice(0, 240).join("") });
  const matches = (a) => (!q || fold(whole(a.document)).includes(fold(q))) && (!query.get("outlet") || a.outlet === query.get("outlet")) && (!query.get("loaded") || a.reading.framing.length > 0);
  const own = ARTICLES.filter(matches);
  const more = query.get("loaded") ? [] : Array.from({ length: 300 }, (_, i) => syntheticArticle(i, 0)).filter(matches);
  return { all: [...own, ...more], rows: [...own, ...more].map(row) };
}

/** Where the folded words stand in the text, as code points. */
function ranges(text, wanted) {
  const letters = points(text);
  let folded = "";
  const from = [];
  letters.forEach((c, i) => {
    for (const f of fold(c)) {
      folded += f;
      from.push(i);
    }
  });
  const out = [];
  for (const w of wanted) for (let u = folded.indexOf(w); w && u >= 0; u = folded.indexOf(w, u + w.length)) out.push([from[u], from[u + w.length - 1] + 1]);
  return out.sort((a, b) => a[0] - b[0]);
}
export function search(query) {
  const wanted = fold(query.get("q") ?? "").split(/\s+/).filter(Boolean);
  const hits = documents(query).all.map((a) => {
    const title = a.document.title ?? null;
    const start = title === null ? 0 : points(title).length + 1;
    return { document: documentRef(a), title: title === null ? null : { text: title, highlights: ranges(title, wanted) }, snippets: [{ text: a.document.text.split("\n")[0], highlights: ranges(a.document.text.split("\n")[0], wanted), start }] };
  });
  return { ...list(hits, query), understood: wanted };
}

export function story(id) {
  if (id !== "story-1") return null;
  const docs = ["madar-114", "difaf-2071", "sahlan-88"].map(named);
  const same = (text) => ({ kind: "same", text, loaded: false });
  const diffs = [
    [],
    [{ kind: "dropped", text: "وزير الداخلية الديحاني: ", loaded: false }, same("نوران أرسلت مسيّرات إلى جبهة التلال"), { kind: "added", text: " بحسب وزير الداخلية", loaded: false }, same("\nقال وزير الداخلية الديحاني، اليوم الثلاثاء، إن جمهورية نوران أرسلت 8 طائرات مسيّرة هجومية على الأقل…")],
    [same("… أرسلت 8 طائرات مسيّرة هجومية على الأقل إلى "), { kind: "dropped", text: "قوات جبهة التلال", loaded: true }, { kind: "added", text: "ميليشيا التلال المتمردة", loaded: true }, same(" عبر ميناء الصدف خلال الأسبوع الماضي.\n…"), { kind: "added", text: "\nاقرأ أيضاً: أسعار القمح في أسواق السهل", loaded: false }],
  ];
  return { ...stories()[0], documents: docs.map((a, i) => ({ document: documentRef(a), likeness: [1, 0.94, 0.9][i], diff: diffs[i], added: [0, 3, 7][i], dropped: [0, 3, 3][i] })) };
}
export const stories = () => [{ id: "story-1", first: documentRef(named("madar-114")), copies: 3, outlets: 3, from: "2031-03-11T09:10:00+03:00", to: "2031-03-11T12:40:00+03:00" }];

export const statements = (query) =>
  ARTICLES.filter((a) => !a.evil).flatMap((a) =>
    a.reading.statements.filter((s) => s.cue).map((s) => {
      const e = { statement: s.id, trigger: s.cue, actor: s.content, recipient: [], things: [], place: [] };
      return { id: `${a.document.id}#${s.id}`, document: documentRef(a), stance: s.stance, direct: s.direct, chain: chainOf(a, e), when: null, evidence: evidence(a, e), events: a.reading.events.filter((x) => x.statement === s.id).map((x) => x.id) };
    }),
  ).filter((s) => !query.get("origin") || s.chain.some((c) => c.role === "origin" && c.key === query.get("origin")));
export const sample = () => named("madar-114");
export const events = (query) => (query.get("happening") ? (happening(query.get("happening"))?.claims ?? []) : ARTICLES.flatMap((a) => a.reading.events.filter((e) => e.trigger[0] < 1e6).map((e) => claim(a, e, happeningOf(a, e)))));
