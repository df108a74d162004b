// Invented articles with hand-made readings: one reported delivery of drones, eight outlets, four origins, a circle, a denial, a growing number.
import { ACTORS, OUTLETS, PLACES } from "./world.mjs";

/** Writes a reading by naming words instead of counting offsets. */
export class Reader {
  constructor(document) {
    this.document = document;
    this.whole = document.title === undefined ? document.text : `${document.title}\n${document.text}`;
    this.reading = { id: document.id, language: "ar", entities: [], statements: [], events: [], framing: [], furniture: [] };
    this.names = {};
  }
  /** Span of the words, in code points; `nth` from 0; a word given before `>` is looked for after it: `«after>words»`. */
  at(words, nth = 0) {
    let from = 0;
    const [before, wanted] = words.includes(">") ? words.split(">") : [null, words];
    if (before) from = this.find(before, 0, 0) + before.length;
    const u = this.find(wanted, nth, from);
    const start = [...this.whole.slice(0, u)].length;
    return [start, start + [...wanted].length];
  }
  find(words, nth, from) {
    let u = from - 1;
    for (let i = 0; i <= nth; i++) u = this.whole.indexOf(words, u + 1);
    if (u < 0) throw new Error(`«${words}» is not in ${this.document.id}`);
    return u;
  }
  all(words) {
    const out = [];
    for (let u = this.whole.indexOf(words); u >= 0; u = this.whole.indexOf(words, u + words.length)) {
      const start = [...this.whole.slice(0, u)].length;
      out.push([start, start + [...words].length]);
    }
    return out;
  }
  entity(key, ...words) {
    const a = ACTORS.get(key) ?? OUTLETS.get(key) ?? PLACES.get(key);
    const mentions = words.flatMap((w) => this.all(w)).sort((x, y) => x[0] - y[0]);
    const e = { id: `e${this.reading.entities.length + 1}`, type: a?.type ?? (OUTLETS.has(key) ? "MED" : "LOC"), name: a?.name.en ?? words[0], key, mentions };
    if (a?.country) e.country = a.country;
    if (a?.sector) e.sector = a.sector;
    if (a?.location) e.location = a.location;
    if (a) this.names[key] = a.name;
    this.reading.entities.push(e);
    return this;
  }
  say(id, { chain, cue, content, direct = false, stance = "neutral" }) {
    this.reading.statements.push({
      id,
      chain: chain.map(([role, words]) => ({ role, span: words === null ? null : this.at(words) })),
      cue: cue ? this.at(cue) : null,
      content: content.map((c) => this.at(c)),
      direct,
      stance,
    });
    return this;
  }
  event(id, { type, mode = null, trigger, actor = [], recipient = [], things = [], place = [], time = [], when, status = "actual", polarity = "positive", statement = null, harm }) {
    const spans = (l) => l.map((w) => this.at(w));
    const e = {
      id, type, mode, trigger: this.at(trigger), actor: spans(actor), recipient: spans(recipient),
      things: things.map(({ words, ...t }) => ({ span: this.at(words), what: "attack drone", class: "drone", model: null, count: null, bound: "exact", ...t })),
      place: spans(place), time: spans(time), status, polarity, statement,
    };
    if (when) e.when = { span: this.at(time[0]), value: when };
    if (harm) e.harm = harm;
    this.reading.events.push(e);
    return this;
  }
  loaded(words, kind, of) {
    this.reading.framing.push({ span: this.at(words), kind, of });
    return this;
  }
  noise(words) {
    this.reading.furniture.push(this.at(words));
    return this;
  }
}

const WIRE = (group) => `قال وزير الداخلية الديحاني، اليوم الثلاثاء، إن جمهورية نوران أرسلت 8 طائرات مسيّرة هجومية على الأقل إلى ${group} عبر ميناء الصدف خلال الأسبوع الماضي.
وأضاف الوزير في مؤتمر صحفي أن الشحنة أُفرغت ليلاً من سفينة ترفع علم اتحاد كسمارة، داعياً مجلس دول المضيق إلى فرض حظر على توريد السلاح إلى ديحان.
ولم يصدر تعليق فوري عن وزارة الخارجية النورانية.`;

function wire(id, outlet, published, title, group, extra = "") {
  const r = new Reader({ id, title, text: WIRE(group) + extra, outlet: OUTLETS.get(outlet).name.ar, url: `https://${outlet.slice(7)}.example/news/${id}`, published, author: "التحرير", language: "ar", encoding: "UTF-8", source: { path: `${outlet.slice(7)}.warc.gz`, kind: "warc", item: 14 } });
  r.entity("actor:Dayhan Interior Minister", "وزير الداخلية الديحاني", "الوزير")
    .entity("country:XNA", "جمهورية نوران")
    .entity("actor:Hills Front", group)
    .entity("place:Sadaf Port", "ميناء الصدف")
    .entity("country:XKA", "اتحاد كسمارة")
    .entity("actor:Council of the Strait", "مجلس دول المضيق")
    .entity("country:XDA", "ديحان")
    .entity("actor:Nawran Foreign Ministry", "وزارة الخارجية النورانية")
    .say("st1", { chain: [["origin", "وزير الداخلية الديحاني"]], cue: "\n>قال", content: [`إن جمهورية نوران أرسلت 8 طائرات مسيّرة هجومية على الأقل إلى ${group} عبر ميناء الصدف خلال الأسبوع الماضي`] })
    .say("st2", { chain: [["origin", "وأضاف >الوزير"]], cue: "وأضاف", content: ["أن الشحنة أُفرغت ليلاً من سفينة ترفع علم اتحاد كسمارة"] })
    .say("st3", { chain: [["origin", "وأضاف >الوزير"]], cue: "داعياً", content: ["إلى فرض حظر على توريد السلاح إلى ديحان"], stance: "urge" })
    .event("ev1", { type: "AID", trigger: "إن جمهورية نوران >أرسلت", actor: ["جمهورية نوران"], recipient: [`إلى >${group}`], things: [{ words: "8 طائرات مسيّرة هجومية على الأقل", count: 8, bound: "at_least" }], place: ["ميناء الصدف"], time: ["خلال الأسبوع الماضي"], when: "2031-W10", statement: "st1" })
    .event("ev2", { type: "SANCTION", mode: "discontinue", trigger: "فرض حظر", actor: ["مجلس دول المضيق"], recipient: ["السلاح إلى >ديحان"], statement: "st3", status: "wanted" });
  return r;
}

const made = [];
function keep(r, extra = {}) {
  made.push({ document: r.document, reading: r.reading, names: r.names, ...extra });
}

keep(wire("madar-114", "outlet:almadar", "2031-03-11T09:10:00+03:00", "وزير الداخلية الديحاني: نوران أرسلت مسيّرات إلى جبهة التلال", "قوات جبهة التلال"), { outlet: "outlet:almadar", story: "story-1" });
keep(wire("difaf-2071", "outlet:difaf", "2031-03-11T11:02:00+03:00", "نوران أرسلت مسيّرات إلى جبهة التلال بحسب وزير الداخلية", "قوات جبهة التلال"), { outlet: "outlet:difaf", story: "story-1", copy_of: "madar-114#ev1" });
{
  const r = wire("sahlan-88", "outlet:sahlan-net", "2031-03-11T12:40:00+03:00", "ميليشيا التلال تتسلم مسيّرات من نوران", "ميليشيا التلال المتمردة", "\nاقرأ أيضاً: أسعار القمح في أسواق السهل");
  r.loaded("ميليشيا التلال المتمردة", "delegitimising", "e3").noise("اقرأ أيضاً: أسعار القمح في أسواق السهل");
  keep(r, { outlet: "outlet:sahlan-net", story: "story-1", copy_of: "madar-114#ev1" });
}
{
  const r = new Reader({ id: "shira-540", title: "ما الذي وصل إلى ميناء الصدف؟", outlet: "قناة الشراع", url: "https://shira.example/540", published: "2031-03-11T18:05:00+01:00", language: "ar", encoding: "windows-1256",
    text: `نقلت وكالة المدار عن وزير الداخلية الديحاني قوله إن ثماني مسيّرات وصلت إلى جبهة التلال من نوران.
ويرى مراقبون أن تسليم هذه الطائرات، إن صحّ، قد يدفع الجيش الملكي السهلاني إلى نشر قوات على الحدود.` });
  r.entity("outlet:almadar", "وكالة المدار").entity("actor:Dayhan Interior Minister", "وزير الداخلية الديحاني").entity("actor:Hills Front", "جبهة التلال").entity("country:XNA", "نوران").entity("actor:Sahlan Royal Army", "الجيش الملكي السهلاني").entity("place:Sadaf Port", "ميناء الصدف")
    .say("st1", { chain: [["origin", "وزير الداخلية الديحاني"], ["via", "وكالة المدار"]], cue: "نقلت", content: ["إن ثماني مسيّرات وصلت إلى جبهة التلال من نوران"] })
    .say("st2", { chain: [["origin", "مراقبون"]], cue: "ويرى", content: ["أن تسليم هذه الطائرات، إن صحّ، قد يدفع الجيش الملكي السهلاني إلى نشر قوات على الحدود"], stance: "doubt" })
    .event("ev1", { type: "AID", trigger: "وصلت", actor: ["من >نوران"], recipient: ["جبهة التلال"], things: [{ words: "ثماني مسيّرات", count: 8 }], place: ["ميناء الصدف"], statement: "st1" })
    .event("ev2", { type: "MOBILIZE", mode: "troops", trigger: "نشر", actor: ["الجيش الملكي السهلاني"], things: [{ words: "نشر >قوات", what: "troops", class: undefined }], place: ["الحدود"], statement: "st2", status: "possible" });
  keep(r, { outlet: "outlet:shira" });
}
{
  const r = new Reader({ id: "hills-31", title: "الجبهة: لم نتسلم أي طائرات", outlet: "صوت التلال", url: "https://hills-voice.example/31", published: "2031-03-12T08:00:00+03:00", language: "ar",
    text: `نفى المتحدث باسم جبهة التلال تسلّم أي طائرات مسيّرة من نوران، مؤكداً أن «ما قاله وزير حكومة العاصمة العميلة محض اختلاق».
وتعهدت الجبهة الباسلة مواصلة الدفاع عن مرتفعات التلال.` });
  r.entity("actor:Hills Front Spokesman", "المتحدث باسم جبهة التلال").entity("actor:Hills Front", "الجبهة الباسلة").entity("country:XNA", "نوران").entity("place:Tallin Heights", "مرتفعات التلال")
    .say("st1", { chain: [["origin", "المتحدث باسم جبهة التلال"]], cue: "نفى", content: ["تسلّم أي طائرات مسيّرة من نوران"], stance: "deny" })
    .say("st2", { chain: [["origin", "المتحدث باسم جبهة التلال"]], cue: "مؤكداً", content: ["ما قاله وزير حكومة العاصمة العميلة محض اختلاق"], stance: "assert", direct: true })
    .event("ev1", { type: "AID", trigger: "تسلّم", actor: ["من >نوران"], recipient: ["المتحدث باسم >جبهة التلال"], things: [{ words: "طائرات مسيّرة" }], statement: "st1", polarity: "negative" })
    .loaded("العميلة", "pejorative").loaded("الباسلة", "laudatory", "e2");
  keep(r, { outlet: "outlet:hills-voice" });
}
{
  const r = new Reader({ id: "nawran-9", title: "الخارجية: لا صحة لما يُشاع عن شحنات سلاح", outlet: "نوران اليوم", url: "https://nawran-today.example/9", published: "2031-03-12T10:20:00+03:30", language: "ar",
    text: `قالت وزارة الخارجية النورانية في بيان إن نوران لم ترسل أي سلاح إلى جبهة التلال، وإنها تلتزم قرارات مجلس دول المضيق.` });
  r.entity("actor:Nawran Foreign Ministry", "وزارة الخارجية النورانية").entity("country:XNA", "نوران").entity("actor:Hills Front", "جبهة التلال").entity("actor:Council of the Strait", "مجلس دول المضيق")
    .say("st1", { chain: [["origin", "وزارة الخارجية النورانية"]], cue: "قالت", content: ["إن نوران لم ترسل أي سلاح إلى جبهة التلال", "وإنها تلتزم قرارات مجلس دول المضيق"] })
    .event("ev1", { type: "AID", trigger: "ترسل", actor: ["إن >نوران"], recipient: ["جبهة التلال"], things: [{ words: "أي سلاح", what: "weapons", class: "other" }], statement: "st1", polarity: "negative" });
  keep(r, { outlet: "outlet:nawran-today" });
}
{
  const r = new Reader({ id: "marfa-77", title: "دبلوماسيون: 14 مسيّرة على دفعتين عبر ميناء الصدف", outlet: "جريدة المرفأ", url: "https://marfa.example/77", published: "2031-03-13T07:30:00+05:00", language: "ar",
    text: `كشف دبلوماسيون غربيون لجريدة المرفأ أن نوران سلّمت جبهة التلال 14 طائرة مسيّرة على دفعتين، ثماني طائرات في الأولى وست في الثانية، عبر ميناء الصدف.
وأوضحت المصادر أن حرس كسمارة تولّى تأمين السفينة حتى مرسى لولو.` });
  r.entity("actor:Western diplomats", "دبلوماسيون غربيون", "المصادر").entity("outlet:marfa", "جريدة المرفأ").entity("country:XNA", "نوران").entity("actor:Hills Front", "جبهة التلال").entity("place:Sadaf Port", "ميناء الصدف").entity("actor:Kasmara Guard", "حرس كسمارة").entity("place:Marsa Lulu", "مرسى لولو")
    .say("st1", { chain: [["origin", "كشف >دبلوماسيون غربيون"]], cue: "كشف", content: ["أن نوران سلّمت جبهة التلال 14 طائرة مسيّرة على دفعتين، ثماني طائرات في الأولى وست في الثانية، عبر ميناء الصدف"], stance: "reveal" })
    .say("st2", { chain: [["origin", "المصادر"]], cue: "وأوضحت", content: ["أن حرس كسمارة تولّى تأمين السفينة حتى مرسى لولو"] })
    .event("ev1", { type: "AID", trigger: "سلّمت", actor: ["نوران"], recipient: ["جبهة التلال"], things: [{ words: "14 طائرة مسيّرة", count: 14 }, { words: "ثماني طائرات", count: 8, part: true }, { words: "وست", count: 6, part: true }], place: ["عبر >ميناء الصدف"], statement: "st1" })
    .event("ev2", { type: "COOPERATE", trigger: "تولّى", actor: ["حرس كسمارة"], place: ["مرسى لولو"], statement: "st2" });
  keep(r, { outlet: "outlet:marfa" });
}
{
  const r = new Reader({ id: "port-402", title: "أكثر من 14 مسيّرة في أيدي الجبهة", outlet: "بوابة الميناء", url: "https://port-gate.example/402", published: "2031-03-13T12:15:00+05:00", language: "ar",
    text: `ذكرت جريدة المرفأ أن أكثر من 14 طائرة مسيّرة باتت لدى جبهة التلال بعد أن سلّمتها نوران إياها عبر ميناء الصدف.` });
  r.entity("outlet:marfa", "جريدة المرفأ").entity("actor:Hills Front", "جبهة التلال").entity("country:XNA", "نوران").entity("place:Sadaf Port", "ميناء الصدف")
    .say("st1", { chain: [["origin", null], ["via", "جريدة المرفأ"]], cue: "ذكرت", content: ["أن أكثر من 14 طائرة مسيّرة باتت لدى جبهة التلال بعد أن سلّمتها نوران إياها عبر ميناء الصدف"] })
    .event("ev1", { type: "AID", trigger: "سلّمتها", actor: ["نوران"], recipient: ["لدى >جبهة التلال"], things: [{ words: "أن >أكثر من 14 طائرة مسيّرة", count: 14, bound: "more_than" }], place: ["ميناء الصدف"], statement: "st1" });
  keep(r, { outlet: "outlet:port-gate" });
}
{
  const r = new Reader({ id: "marfa-79", title: "تزايد الحديث عن مسيّرات نوران", outlet: "جريدة المرفأ", url: "https://marfa.example/79", published: "2031-03-14T06:45:00+05:00", language: "ar",
    text: `أفادت بوابة الميناء بأن نوران سلّمت جبهة التلال أكثر من 14 طائرة مسيّرة.` });
  r.entity("outlet:port-gate", "بوابة الميناء").entity("country:XNA", "نوران").entity("actor:Hills Front", "جبهة التلال")
    .say("st1", { chain: [["origin", null], ["via", "بوابة الميناء"]], cue: "أفادت", content: ["بأن نوران سلّمت جبهة التلال أكثر من 14 طائرة مسيّرة"] })
    .event("ev1", { type: "AID", trigger: "سلّمت", actor: ["بأن >نوران"], recipient: ["جبهة التلال"], things: [{ words: "أكثر من 14 طائرة مسيّرة", count: 14, bound: "more_than" }], statement: "st1" });
  keep(r, { outlet: "outlet:marfa" });
}
{
  const r = new Reader({ id: "difaf-2090", title: "وزير الداخلية يرفع عدد المسيّرات إلى 12", outlet: "صحيفة الضفاف", url: "https://difaf.example/2090", published: "2031-03-14T15:00:00+03:00", language: "ar",
    text: `قال وزير الداخلية الديحاني لصحيفة الضفاف إن عدد المسيّرات التي أرسلتها نوران إلى جبهة التلال بلغ 12 على الأقل، وإن شظايا إحداها قتلت 3 أشخاص وأصابت 11 آخرين في وادي أصفر.` });
  r.entity("actor:Dayhan Interior Minister", "وزير الداخلية الديحاني").entity("outlet:difaf", "صحيفة الضفاف").entity("country:XNA", "نوران").entity("actor:Hills Front", "جبهة التلال").entity("place:Wadi Asfar", "وادي أصفر")
    .say("st1", { chain: [["origin", "قال >وزير الداخلية الديحاني"]], cue: "\n>قال", content: ["إن عدد المسيّرات التي أرسلتها نوران إلى جبهة التلال بلغ 12 على الأقل", "وإن شظايا إحداها قتلت 3 أشخاص وأصابت 11 آخرين في وادي أصفر"] })
    .event("ev1", { type: "AID", trigger: "أرسلتها", actor: ["أرسلتها >نوران"], recipient: ["جبهة التلال"], things: [{ words: "12 على الأقل", count: 12, bound: "at_least" }], statement: "st1" })
    .event("ev2", { type: "ASSAULT", mode: "drone", trigger: "قتلت", recipient: ["3 أشخاص"], place: ["وادي أصفر"], statement: "st1", harm: { killed: 3, injured: 11, bound: "exact" } });
  keep(r, { outlet: "outlet:difaf" });
}

/** Hostile values in every field; all of it must stay text. */
const EVIL = `<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>"'>{{7*7}}\u202eتلاعب\u202c`;
{
  const r = new Reader({ id: "evil-1", title: `عنوان ${EVIL}`, text: `قال ${EVIL} إن شيئاً أُرسل إلى <svg onload=window.pwned=1> 🛰️ اليوم.`, outlet: EVIL, url: "javascript:window.pwned=1", published: EVIL, author: EVIL, language: EVIL, encoding: EVIL, source: { path: EVIL, kind: "html", item: 0 } });
  r.reading.entities.push({ id: "e1", type: "PER", name: EVIL, key: `word:PER:${EVIL}`, mentions: [r.at(`قال >${EVIL}`)] });
  r.say("st1", { chain: [["origin", `قال >${EVIL}`]], cue: "قال", content: ["إن شيئاً أُرسل إلى <svg onload=window.pwned=1> 🛰️ اليوم"] })
    .event("ev1", { type: "AID", trigger: "أُرسل", actor: [`قال >${EVIL}`], recipient: ["<svg onload=window.pwned=1>"], things: [{ words: "شيئاً", what: EVIL, model: EVIL }], time: ["اليوم"], statement: "st1" })
    .loaded("🛰️", "pejorative");
  r.reading.events.push({ ...r.reading.events[0], id: "ev2", trigger: [4_000_000, 5], mode: EVIL, statement: "nope" });
  keep(r, { outlet: null, evil: EVIL });
}

export const ARTICLES = made;
