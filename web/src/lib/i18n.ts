// Every word of the pages in both languages. Happenings are always worded as said or reported, never as facts.
import { locale, number } from "./format";
import { settings, type Lang } from "./settings.svelte";

const en = {
  brand: "Isnad", tagline: "Who did what to whom, and who says so",
  skip: "Skip to content", menu: "Menu", language: "العربية", theme: "Light", "theme.auto": "as the system", "theme.light": "light", "theme.dark": "dark",
  "nav.happenings": "Happenings", "nav.search": "Search", "nav.timeline": "Timeline", "nav.map": "Map", "nav.transfers": "Transfers", "nav.actors": "Actors", "nav.outlets": "Outlets", "nav.articles": "Articles", "nav.stories": "Near-copies", "nav.events": "Claims", "nav.statements": "Sayings", "nav.add": "Add", "nav.saved": "Saved views",
  demo: "Demonstration: everything here is invented.",
  claims_not_facts: "Everything here is a claim by the source named, not a finding.",
  loading: "Loading…", retry: "Try again", none: "Nothing matches.", none_hint: "Loosen a filter, or add articles.", empty_ledger: "Nothing has been added yet.", clear: "Clear filters", more: "Show more", close: "Close", changed: "The ledger has changed since this was loaded.", reload: "Load anew",
  "error.title": "This could not be loaded", "error.network": "The server did not answer. Is it running?", "error.404": "The ledger has no such entry.", "error.401": "This server asks for a token.", "error.403": "The token does not allow this.", token: "Token", use: "Use it", no_page: "There is no such page.",
  filters: "Filters", apply: "Apply", any: "any", save_view: "Save this view", view_name: "Name of the view", save: "Save", saved_done: "Saved.", remove: "Remove", export: "Export", export_hint: "what is on screen, with its filters", print: "Print",
  "f.q": "Words in the text", "f.type": "Type", "f.mode": "Mode", "f.actor": "Said to act", "f.recipient": "Said to receive", "f.class": "Class of thing", "f.country": "Country (ISO code)", "f.place": "Place", "f.radius": "Within km", "f.from": "From", "f.to": "To", "f.outlet": "Outlet", "f.origin": "Origin", "f.via": "Through", "f.status": "Status", "f.polarity": "Said to happen or not", "f.loaded": "Loaded words", "f.sort": "Order",
  "loaded.true": "any kind", "sort.recent": "latest report first", "sort.origins": "most origins first", "sort.outlets": "most outlets first", "sort.disputed": "most disputed first",
  as_said: "As said by the sources", said_by: "Said by", reported_by: "Reported by", first_said: "First said by", origin_hidden: "an origin the text does not name", own_voice: "the outlet in its own voice", role: "Role",
  "role.origin": "Origin", "role.via": "Through", "role.outlet": "Outlet", "role.actor": "Actor", "role.recipient": "Recipient", "role.thing": "Thing", "role.place": "Place", "role.time": "Time", "role.trigger": "Words of the event",
  not_stated: "not stated", unknown_outlet: "outlet not known", undated: "date not stated",
  "status.actual": "said to have happened", "status.planned": "said to be planned", "status.possible": "said to be possible", "status.wanted": "called for", "status.conditional": "under a condition", "status.question": "asked",
  "polarity.positive": "said to happen", "polarity.negative": "said not to happen",
  "stance.neutral": "says", "stance.assert": "affirms", "stance.reveal": "reveals", "stance.deny": "denies", "stance.accuse": "accuses", "stance.doubt": "doubts", "stance.urge": "calls for",
  "kind.PER": "Person", "kind.ORG": "Organisation", "kind.MIL": "Armed force", "kind.MED": "News outlet", "kind.GPE": "Country or town", "kind.LOC": "Place", "kind.FAC": "Facility", "kind.EQP": "Weapon or equipment",
  "framing.pejorative": "pejorative", "framing.laudatory": "laudatory", "framing.delegitimising": "delegitimising", "framing.victim": "victim",
  "naming.own": "own name", "naming.short": "short name", "naming.neutral": "neutral name", "naming.loaded": "loaded name",
  layers: "Layers", "layer.entity": "Names", "layer.event": "Events", "layer.statement": "Sayings", "layer.loaded": "Loaded words", events: "Events", statements: "Sayings", entities: "Names", loaded_words: "Loaded words",
  pick_hint: "Pick a highlighted word, or an event in the list. In the text: arrow keys move from highlight to highlight, Enter picks, Escape lets go.",
  at_words: "At these words", words: "Words", details: "Details", mentions: "Mentions", quoted: "in quotation marks", chain: "Chain", judged: "Judges", content: "What is said", things: "Things", harm: "Harm", killed: "killed", injured: "injured", part_of: "part of the whole", open_happening: "All claims of this happening", article: "Article", source: "Source", published: "Published", address: "Address", content_hash: "Hash of the text", read_with: "Read with", sightings: "Seen at", versions_reading: "Readings", current: "current", furniture: "Page noise, not read", story_note: "Near-copy of other articles", see_story: "Compare the copies", author: "Signed",
  graph: "Who has it from whom", graph_hint: "Each root is an independent origin, with its own letter and colour. Outlets carry the letters of the roots they rest on.", roots_one: "One trunk: every outlet here rests on the same origin.", roots_many: "Separate roots stand behind this.", each_apart: "Every outlet by itself", copy: "copy", copies: "Copies", copy_of: "near-copy of {of}", circular: "circular", circle: "Circular reporting", rests_on: "rests on", list_form: "The same as a list", interest: "shares an interest: {of}", edge_said: "said to", edge_relayed: "passed on to", edge_copied: "copied by", edge_cited: "cited by",
  versions: "How the claim changed", "change.first": "first", "change.raised": "raised", "change.lowered": "lowered", "change.same": "the same", "change.denied": "denied", "change.confirmed": "affirmed", "change.changed": "changed",
  contradictions: "Where the sources disagree", "aspect.count": "How many", "aspect.denial": "Whether it happened", "aspect.actor": "Who", "aspect.recipient": "To whom", "aspect.place": "Where", "aspect.time": "When", "aspect.thing": "What", "aspect.status": "How certain", no_contradictions: "The claims here do not contradict each other.",
  claims: "Claims", joined: "Why these claims were joined", disputed: "disputed", denied: "denied", affirmed_n: "affirm", denied_n: "deny", when: "When", where: "Where", reported: "Reported",
  unit: "Unit", "unit.auto": "fitting", "unit.day": "days", "unit.week": "weeks", "unit.month": "months", "unit.year": "years", zoom_in: "Zoom in", zoom_out: "Zoom out", whole: "Whole", timeline_hint: "Reported happenings by date. Pick a bar to go into it.", undated_n: "without any date", table_form: "The same as a table", quad: "Kind",
  "quad.vc": "Words of cooperation", "quad.mc": "Deeds of cooperation", "quad.vx": "Words of conflict", "quad.mx": "Deeds of conflict",
  map_hint: "Places named in claims. A dashed ring marks a point that stands for a whole region or country.", unplaced: "Named, not on the map", nowhere: "Without any place", base_map: "Base map: Natural Earth. Its borders are its own and imply no position.", precision: "Precision", "level.country": "country", "level.adm1": "region", "level.adm2": "district", "level.city": "city", "level.town": "town", "level.village": "village", "level.airport": "airport", "level.base": "base", "level.port": "port", area: "This area",
  flows: "Said to supply → said to receive", flows_hint: "A ribbon's width is the number of transfers reported, not of goods: goods of different classes cannot be added.", supplier: "Supplier", recipient: "Recipient", route: "Route", by_year: "By class and year", class: "Class", year: "Year",
  "class.aircraft": "aircraft", "class.helicopter": "helicopters", "class.drone": "drones", "class.missile": "missiles", "class.rocket": "rockets", "class.air-defence": "air defence", "class.armour": "armour", "class.artillery": "artillery", "class.small-arms": "small arms", "class.ammunition": "ammunition", "class.explosive": "explosives", "class.ship": "ships", "class.submarine": "submarines", "class.vehicle": "vehicles", "class.electronic": "electronics", "class.chemical": "chemical", "class.nuclear": "nuclear", "class.other": "other",
  says: "Quoted as saying", aliases: "Names used", did: "Said to have done", got: "Said to have been done to it", network: "Network", network_hint: "Who is said to deal with whom. Thicker lines: more happenings reported.", naming: "How outlets name it", names_actors: "How it names actors", to_whom: "To whom", by_whom: "By whom", happenings: "Happenings", country: "Country", sector: "Sector", owner: "Owner", attributed: "Claims with a named source", copied: "Articles nearly copied", interval: "95 % interval", sources: "Whom it has its claims from", copies_from: "Copies from", copied_by: "Copied by", share: "Share", outlets: "Outlets", origins: "Origins", documents: "Articles", direction: "Direction",
  search_label: "Search the articles", search_hint: "Attached words, hamza and vowel signs do not matter. «…» for a phrase.", understood: "Understood as", add_title: "Add an article", add_text: "Text", add_url: "Web address", add_headline: "Headline", add_outlet: "Outlet", add_published: "Published on", read_only: "Read, store nothing", add_store: "Read and add", add_known: "The ledger has this article already.", added: "Added.", open_article: "Open the article", "stage.fetch": "Fetch the page", "stage.extract": "Take out the article", "stage.read": "Read it", "stage.store": "Store it", "stage.trace": "Compare it with what others say", "state.begun": "under way", "state.done": "done", "state.waiting": "waiting", "state.failed": "failed", need_text: "Paste a text or give an address.", may_not_write: "This server lets you look, not add.", or: "or",
  no_views: "No saved views yet. Set filters on any page and save them there.", views_local: "Saved views are kept in this browser only.", stories_hint: "Groups of near-copies. What each outlet changed is shown word for word against the earliest.", first_copy: "earliest", likeness: "alike", dropped: "dropped", added_words: "added", loaded_swap: "loaded word changed", sort: "Order",
  repeats: "Show what repeats ({n})", nothing_said: "The articles say nothing of the kind.", nothing_quoted: "No article quotes it.", no_difference: "No word differs.", start: "Start here", start_lead: "An invented week of news. Everyone, every place and every outlet in it is made up; what it shows is how news travels.", start_origins: "{outlets} carry this, on {origins}: the others pass on or copy.", start_sides: "Affirmed by {affirmed}, denied by {denied}.", start_circle: "Some outlets cite only each other: no origin stands behind that.", start_differ: "The sources do not agree: {contradictions}.", start_open: "See who has it from whom", start_add: "Add an article of your own", sign: "Squares are outlets, dots are independent origins: many squares on one dot is one source that went round.", graph_wide: "The graph is wider than the page: move it sideways.",
  "sector.GOV": "government", "sector.MIL": "military", "sector.REB": "armed group", "sector.OPP": "opposition", "sector.PTY": "party", "sector.LEG": "parliament", "sector.JUD": "courts", "sector.COP": "police", "sector.SPY": "intelligence", "sector.IGO": "organisation of states", "sector.NGO": "civil organisation", "sector.MED": "media", "sector.CVL": "civilians", "sector.UAF": "armed group, affiliation not known", "sector.REL": "religious body", "sector.BUS": "business", "sector.EDU": "education", "sector.CRM": "crime",
};
export type Key = keyof typeof en;

const ar: Record<Key, string> = {
  brand: "إسناد", tagline: "مَن فعل ماذا بمَن، ومَن الذي يقول ذلك",
  skip: "انتقل إلى المحتوى", menu: "القائمة", language: "English", theme: "الإضاءة", "theme.auto": "حسب النظام", "theme.light": "فاتحة", "theme.dark": "داكنة",
  "nav.happenings": "الوقائع المرويّة", "nav.search": "البحث", "nav.timeline": "الخط الزمني", "nav.map": "الخريطة", "nav.transfers": "عمليات النقل", "nav.actors": "الأطراف", "nav.outlets": "وسائل الإعلام", "nav.articles": "المقالات", "nav.stories": "النسخ المتشابهة", "nav.events": "الأقوال", "nav.statements": "التصريحات", "nav.add": "إضافة", "nav.saved": "طرق العرض المحفوظة",
  demo: "عرض توضيحي: كل ما هنا مُختلَق.",
  claims_not_facts: "كل ما هنا قول منسوب إلى مصدره، لا حقيقة مُثبتة.",
  loading: "جارٍ التحميل…", retry: "أعد المحاولة", none: "لا شيء يطابق.", none_hint: "خفّف المرشِّحات أو أضف مقالات.", empty_ledger: "لم يُضَف شيء بعد.", clear: "امسح المرشِّحات", more: "أظهر المزيد", close: "أغلق", changed: "تغيّر السجلّ منذ تحميل هذه الصفحة.", reload: "حمّل من جديد",
  "error.title": "تعذّر التحميل", "error.network": "لم يُجب الخادم. هل هو قيد التشغيل؟", "error.404": "لا وجود لهذا القيد في السجلّ.", "error.401": "يطلب هذا الخادم رمز دخول.", "error.403": "رمز الدخول لا يسمح بذلك.", token: "رمز الدخول", use: "استخدمه", no_page: "لا وجود لهذه الصفحة.",
  filters: "المرشِّحات", apply: "طبّق", any: "الكل", save_view: "احفظ طريقة العرض", view_name: "اسم طريقة العرض", save: "احفظ", saved_done: "حُفظت.", remove: "احذف", export: "تصدير", export_hint: "المعروض على الشاشة بمرشِّحاته", print: "اطبع",
  "f.q": "كلمات في النص", "f.type": "النوع", "f.mode": "الصيغة", "f.actor": "الفاعل بحسب القول", "f.recipient": "المتلقي بحسب القول", "f.class": "صنف الشيء", "f.country": "البلد (رمز ISO)", "f.place": "المكان", "f.radius": "ضمن كم", "f.from": "من", "f.to": "إلى", "f.outlet": "وسيلة الإعلام", "f.origin": "المصدر الأصلي", "f.via": "نقلاً عن", "f.status": "الحال", "f.polarity": "إثبات أو نفي", "f.loaded": "ألفاظ مشحونة", "f.sort": "الترتيب",
  "loaded.true": "أي نوع", "sort.recent": "الأحدث خبراً أولاً", "sort.origins": "الأكثر مصادر أصلية أولاً", "sort.outlets": "الأكثر وسائل إعلام أولاً", "sort.disputed": "الأكثر خلافاً أولاً",
  as_said: "بحسب المصادر", said_by: "قاله", reported_by: "أورده", first_said: "أول من قاله", origin_hidden: "مصدر لا يسمّيه النص", own_voice: "الوسيلة بلسانها", role: "الدور",
  "role.origin": "المصدر الأصلي", "role.via": "الناقل", "role.outlet": "وسيلة الإعلام", "role.actor": "الفاعل", "role.recipient": "المتلقي", "role.thing": "الشيء", "role.place": "المكان", "role.time": "الزمان", "role.trigger": "لفظ الحدث",
  not_stated: "غير مذكور", unknown_outlet: "وسيلة غير معروفة", undated: "التاريخ غير مذكور",
  "status.actual": "يُقال إنه وقع", "status.planned": "يُقال إنه مزمع", "status.possible": "يُقال إنه محتمل", "status.wanted": "مطلوب", "status.conditional": "مشروط", "status.question": "موضع سؤال",
  "polarity.positive": "إثبات", "polarity.negative": "نفي",
  "stance.neutral": "يقول", "stance.assert": "يؤكد", "stance.reveal": "يكشف", "stance.deny": "ينفي", "stance.accuse": "يتّهم", "stance.doubt": "يشكّك", "stance.urge": "يدعو",
  "kind.PER": "شخص", "kind.ORG": "منظمة", "kind.MIL": "قوة مسلحة", "kind.MED": "وسيلة إعلام", "kind.GPE": "بلد أو مدينة", "kind.LOC": "مكان", "kind.FAC": "منشأة", "kind.EQP": "سلاح أو عتاد",
  "framing.pejorative": "ذمّ", "framing.laudatory": "مدح", "framing.delegitimising": "نزع شرعية", "framing.victim": "وصف بالضحية",
  "naming.own": "الاسم الذاتي", "naming.short": "اسم مختصر", "naming.neutral": "اسم محايد", "naming.loaded": "اسم مشحون",
  layers: "الطبقات", "layer.entity": "الأسماء", "layer.event": "الأحداث", "layer.statement": "التصريحات", "layer.loaded": "الألفاظ المشحونة", events: "الأحداث", statements: "التصريحات", entities: "الأسماء", loaded_words: "الألفاظ المشحونة",
  pick_hint: "اختر لفظاً مظلَّلاً أو حدثاً من القائمة. في النص: مفاتيح الأسهم تنتقل بين الألفاظ، وEnter يختار، وEscape يلغي.",
  at_words: "عند هذه الألفاظ", words: "الألفاظ", details: "التفاصيل", mentions: "المواضع", quoted: "بين علامتي تنصيص", chain: "السند", judged: "يصف", content: "المقول", things: "الأشياء", harm: "الضحايا", killed: "قتيل", injured: "جريح", part_of: "جزء من الكل", open_happening: "كل الأقوال في هذه الواقعة", article: "المقال", source: "المأخذ", published: "النشر", address: "العنوان", content_hash: "بصمة النص", read_with: "قُرئ بواسطة", sightings: "شوهد في", versions_reading: "القراءات", current: "الحالية", furniture: "زوائد الصفحة، لم تُقرأ", story_note: "يكاد يطابق مقالات أخرى", see_story: "قارن النسخ", author: "التوقيع",
  graph: "مَن أخذه عمّن", graph_hint: "كل جذر مصدر أصلي مستقل، له حرفه ولونه. وتحمل وسائل الإعلام حروف الجذور التي تستند إليها.", roots_one: "جذع واحد: كل الوسائل هنا تستند إلى مصدر أصلي واحد.", roots_many: "وراء هذا جذور منفصلة.", each_apart: "كل وسيلة على حدة", copy: "نسخة", copies: "النسخ", copy_of: "نسخة شبه مطابقة من {of}", circular: "دائري", circle: "نقل دائري", rests_on: "يستند إلى", list_form: "الشيء نفسه في قائمة", interest: "مصلحة مشتركة: {of}", edge_said: "قاله لـ", edge_relayed: "نقله إلى", edge_copied: "نسخه", edge_cited: "استشهد به",
  versions: "كيف تغيّر القول", "change.first": "أول مرة", "change.raised": "ارتفع", "change.lowered": "انخفض", "change.same": "كما هو", "change.denied": "نُفي", "change.confirmed": "أُثبت", "change.changed": "تغيّر",
  contradictions: "أين تختلف المصادر", "aspect.count": "كم", "aspect.denial": "هل وقع", "aspect.actor": "مَن", "aspect.recipient": "لمَن", "aspect.place": "أين", "aspect.time": "متى", "aspect.thing": "ماذا", "aspect.status": "ما درجة اليقين", no_contradictions: "لا تتعارض الأقوال هنا.",
  claims: "الأقوال", joined: "لماذا جُمعت هذه الأقوال", disputed: "مختلف فيه", denied: "منفي", affirmed_n: "إثبات", denied_n: "نفي", when: "متى", where: "أين", reported: "تاريخ الخبر",
  unit: "الوحدة", "unit.auto": "المناسبة", "unit.day": "أيام", "unit.week": "أسابيع", "unit.month": "أشهر", "unit.year": "سنوات", zoom_in: "تقريب", zoom_out: "إبعاد", whole: "الكل", timeline_hint: "الوقائع المرويّة بحسب تاريخها. اختر عموداً للدخول فيه.", undated_n: "بلا أي تاريخ", table_form: "الشيء نفسه في جدول", quad: "الصنف",
  "quad.vc": "أقوال تعاون", "quad.mc": "أفعال تعاون", "quad.vx": "أقوال نزاع", "quad.mx": "أفعال نزاع",
  map_hint: "أماكن مذكورة في الأقوال. الحلقة المتقطعة تدل على نقطة تمثّل إقليماً أو بلداً كاملاً.", unplaced: "مذكورة وليست على الخريطة", nowhere: "بلا أي مكان", base_map: "خريطة الأساس: Natural Earth. حدودها منها ولا تعبّر عن موقف.", precision: "الدقة", "level.country": "بلد", "level.adm1": "إقليم", "level.adm2": "ناحية", "level.city": "مدينة", "level.town": "بلدة", "level.village": "قرية", "level.airport": "مطار", "level.base": "قاعدة", "level.port": "ميناء", area: "هذه المنطقة",
  flows: "مورِّد بحسب القول ← متلقٍّ بحسب القول", flows_hint: "عرض الشريط عدد عمليات النقل المروية لا عدد الأشياء: فالأصناف المختلفة لا تُجمع.", supplier: "المورِّد", recipient: "المتلقي", route: "الطريق", by_year: "بحسب الصنف والسنة", class: "الصنف", year: "السنة",
  "class.aircraft": "طائرات", "class.helicopter": "مروحيات", "class.drone": "مسيّرات", "class.missile": "صواريخ موجهة", "class.rocket": "قذائف صاروخية", "class.air-defence": "دفاع جوي", "class.armour": "مدرعات", "class.artillery": "مدفعية", "class.small-arms": "أسلحة خفيفة", "class.ammunition": "ذخائر", "class.explosive": "متفجرات", "class.ship": "سفن", "class.submarine": "غواصات", "class.vehicle": "مركبات", "class.electronic": "إلكترونيات", "class.chemical": "كيميائي", "class.nuclear": "نووي", "class.other": "غير ذلك",
  says: "ما نُقل عنه", aliases: "الأسماء المستعملة", did: "ما يُقال إنه فعله", got: "ما يُقال إنه فُعل به", network: "الشبكة", network_hint: "مَن يُقال إنه تعامل مع مَن. الخط الأعرض: وقائع مرويّة أكثر.", naming: "كيف تسمّيه وسائل الإعلام", names_actors: "كيف تسمّي الأطراف", to_whom: "لمَن", by_whom: "مِمَّن", happenings: "الوقائع", country: "البلد", sector: "القطاع", owner: "المالك", attributed: "أقوال لها مصدر مسمّى", copied: "مقالات شبه منسوخة", interval: "مجال الثقة 95٪", sources: "عمّن تأخذ أقوالها", copies_from: "تنسخ عن", copied_by: "تنسخ عنها", share: "النسبة", outlets: "وسائل الإعلام", origins: "المصادر الأصلية", documents: "المقالات", direction: "الاتجاه",
  search_label: "ابحث في المقالات", search_hint: "لا فرق في الحروف المتصلة والهمزات والتشكيل. «…» للعبارة.", understood: "فُهم على أنه", add_title: "أضف مقالاً", add_text: "النص", add_url: "عنوان الصفحة", add_headline: "العنوان", add_outlet: "وسيلة الإعلام", add_published: "تاريخ النشر", read_only: "اقرأ ولا تحفظ شيئاً", add_store: "اقرأ وأضف", add_known: "هذا المقال في السجلّ من قبل.", added: "أُضيف.", open_article: "افتح المقال", "stage.fetch": "جلب الصفحة", "stage.extract": "استخراج المقال", "stage.read": "قراءته", "stage.store": "حفظه", "stage.trace": "مقارنته بما يقوله غيره", "state.begun": "جارٍ", "state.done": "تمّ", "state.waiting": "في الانتظار", "state.failed": "فشل", need_text: "ألصق نصاً أو اذكر عنواناً.", may_not_write: "يسمح لك هذا الخادم بالاطلاع لا بالإضافة.", or: "أو",
  no_views: "لا طرق عرض محفوظة بعد. اضبط المرشِّحات في أي صفحة واحفظها هناك.", views_local: "تُحفظ طرق العرض في هذا المتصفح وحده.", stories_hint: "مجموعات من النسخ شبه المتطابقة، ويظهر ما غيّرته كل وسيلة لفظاً بلفظ قياساً على الأسبق.", first_copy: "الأسبق", likeness: "تشابه", dropped: "محذوف", added_words: "مضاف", loaded_swap: "لفظ مشحون تغيّر", sort: "الترتيب",
  repeats: "أظهر ما تكرّر ({n})", nothing_said: "لا تذكر المقالات شيئاً من هذا.", nothing_quoted: "لا ينقل عنه أي مقال.", no_difference: "لا يختلف فيها لفظ.", start: "ابدأ من هنا", start_lead: "أسبوع أخبار مُختلَق: كل مَن فيه وكل مكان ووسيلة إعلام من نسج الخيال، والغرض أن ترى كيف ينتقل الخبر.", start_origins: "أوردته {outlets}، وخلفه {origins}: والباقي ناقل أو ناسخ.", start_sides: "الإثبات: {affirmed}، والنفي: {denied}.", start_circle: "وبعض الوسائل لا تستشهد إلا ببعضها، فلا مصدر أصلياً وراء ذلك.", start_differ: "والمصادر لا تتفق: {contradictions}.", start_open: "انظر مَن أخذه عمّن", start_add: "أضف مقالاً من عندك", sign: "المربعات وسائل إعلام والنقاط مصادر أصلية مستقلة: مربعات كثيرة على نقطة واحدة تعني مصدراً واحداً دار على الجميع.", graph_wide: "الرسم أعرض من الصفحة: حرّكه جانباً.",
  "sector.GOV": "حكومة", "sector.MIL": "جيش", "sector.REB": "جماعة مسلحة", "sector.OPP": "معارضة", "sector.PTY": "حزب", "sector.LEG": "برلمان", "sector.JUD": "قضاء", "sector.COP": "شرطة", "sector.SPY": "استخبارات", "sector.IGO": "منظمة دول", "sector.NGO": "منظمة أهلية", "sector.MED": "إعلام", "sector.CVL": "مدنيون", "sector.UAF": "جماعة مسلحة غير معروفة الانتماء", "sector.REL": "هيئة دينية", "sector.BUS": "أعمال", "sector.EDU": "تعليم", "sector.CRM": "جريمة",
};

const WORDS: Record<Lang, Record<Key, string>> = { en, ar };

/** A message; `{name}` stands for the value of that name. */
export function t(key: Key, values: Record<string, string> = {}): string {
  return WORDS[settings.lang][key].replace(/\{(\w+)\}/g, (all, k: string) => values[k] ?? all);
}
/** A message whose key is made of a code; the code itself where there is none. */
export function code(group: string, value: string | null | undefined): string {
  if (!value) return "";
  return (WORDS[settings.lang] as Record<string, string>)[`${group}.${value}`] ?? value;
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
const PLURALS = {
  outlets: {
    en: { one: "{n} outlet", other: "{n} outlets" },
    ar: { zero: "لا وسائل إعلام", one: "وسيلة إعلام واحدة", two: "وسيلتا إعلام", few: "{n} وسائل إعلام", many: "{n} وسيلة إعلام", other: "{n} وسيلة إعلام" },
  },
  origins: {
    en: { one: "{n} independent origin", other: "{n} independent origins" },
    ar: { zero: "لا مصدر أصلياً", one: "مصدر أصلي مستقل واحد", two: "مصدران أصليان مستقلان", few: "{n} مصادر أصلية مستقلة", many: "{n} مصدراً أصلياً مستقلاً", other: "{n} مصدر أصلي مستقل" },
  },
  chains: {
    en: { one: "{n} chain", other: "{n} chains" },
    ar: { zero: "لا أسانيد", one: "سند واحد", two: "سندان", few: "{n} أسانيد", many: "{n} سنداً", other: "{n} سند" },
  },
  claims: {
    en: { one: "{n} claim", other: "{n} claims" },
    ar: { zero: "لا أقوال", one: "قول واحد", two: "قولان", few: "{n} أقوال", many: "{n} قولاً", other: "{n} قول" },
  },
  happenings: {
    en: { one: "{n} reported happening", other: "{n} reported happenings" },
    ar: { zero: "لا وقائع مرويّة", one: "واقعة مرويّة واحدة", two: "واقعتان مرويّتان", few: "{n} وقائع مرويّة", many: "{n} واقعة مرويّة", other: "{n} واقعة مرويّة" },
  },
  documents: {
    en: { one: "{n} article", other: "{n} articles" },
    ar: { zero: "لا مقالات", one: "مقال واحد", two: "مقالان", few: "{n} مقالات", many: "{n} مقالاً", other: "{n} مقال" },
  },
  transfers: {
    en: { one: "{n} reported transfer", other: "{n} reported transfers" },
    ar: { zero: "لا عمليات نقل", one: "عملية نقل مرويّة واحدة", two: "عمليتا نقل مرويّتان", few: "{n} عمليات نقل مرويّة", many: "{n} عملية نقل مرويّة", other: "{n} عملية نقل مرويّة" },
  },
  contradictions: {
    en: { one: "{n} disagreement", other: "{n} disagreements" },
    ar: { zero: "لا خلاف", one: "خلاف واحد", two: "خلافان", few: "{n} خلافات", many: "{n} خلافاً", other: "{n} خلاف" },
  },
  events: {
    en: { one: "{n} event", other: "{n} events" },
    ar: { zero: "لا أحداث", one: "حدث واحد", two: "حدثان", few: "{n} أحداث", many: "{n} حدثاً", other: "{n} حدث" },
  },
  sayings: {
    en: { one: "{n} saying", other: "{n} sayings" },
    ar: { zero: "لا تصريحات", one: "تصريح واحد", two: "تصريحان", few: "{n} تصريحات", many: "{n} تصريحاً", other: "{n} تصريح" },
  },
  loaded: {
    en: { one: "{n} loaded word", other: "{n} loaded words" },
    ar: { zero: "لا ألفاظ مشحونة", one: "لفظ مشحون واحد", two: "لفظان مشحونان", few: "{n} ألفاظ مشحونة", many: "{n} لفظاً مشحوناً", other: "{n} لفظ مشحون" },
  },
  copies: {
    en: { one: "{n} copy", other: "{n} copies" },
    ar: { zero: "لا نسخ", one: "نسخة واحدة", two: "نسختان", few: "{n} نسخ", many: "{n} نسخة", other: "{n} نسخة" },
  },
  results: {
    en: { one: "{n} result", other: "{n} results" },
    ar: { zero: "لا نتائج", one: "نتيجة واحدة", two: "نتيجتان", few: "{n} نتائج", many: "{n} نتيجة", other: "{n} نتيجة" },
  },
  actors: {
    en: { one: "{n} actor", other: "{n} actors" },
    ar: { zero: "لا أطراف", one: "طرف واحد", two: "طرفان", few: "{n} أطراف", many: "{n} طرفاً", other: "{n} طرف" },
  },
  stories: {
    en: { one: "{n} story", other: "{n} stories" },
    ar: { zero: "لا مجموعات", one: "مجموعة واحدة", two: "مجموعتان", few: "{n} مجموعات", many: "{n} مجموعة", other: "{n} مجموعة" },
  },
} satisfies Record<string, Record<Lang, Forms>>;

const rules: Partial<Record<Lang, Intl.PluralRules>> = {};
/** «8 outlets», in the plural form that the number takes. */
export function n(what: keyof typeof PLURALS, count: number): string {
  const rule = (rules[settings.lang] ??= new Intl.PluralRules(locale()));
  const forms = PLURALS[what][settings.lang] as Forms;
  return (forms[rule.select(count)] ?? forms.other).replace("{n}", number(count));
}
