// The invented world of the mock server: states, bodies, outlets, places. None of them exists.
export const name = (ar, en) => ({ ar, en });

const actor = (key, type, country, sector, ar, en) => [key, { key, type, country, sector, name: name(ar, en) }];
export const ACTORS = new Map([
  actor("country:XNA", "GPE", "XNA", "GOV", "جمهورية نوران", "Republic of Nawran"),
  actor("country:XSA", "GPE", "XSA", "GOV", "مملكة سهلان", "Kingdom of Sahlan"),
  actor("country:XDA", "GPE", "XDA", "GOV", "ديحان", "Dayhan"),
  actor("country:XKA", "GPE", "XKA", "GOV", "اتحاد كسمارة", "Kasmara Union"),
  actor("actor:Dayhan Interior Ministry", "ORG", "XDA", "GOV", "وزارة الداخلية الديحانية", "Dayhan Interior Ministry"),
  actor("actor:Dayhan Interior Minister", "PER", "XDA", "GOV", "وزير الداخلية الديحاني", "Dayhan's interior minister"),
  actor("actor:Hills Front", "MIL", "XDA", "REB", "جبهة التلال", "Hills Front"),
  actor("actor:Hills Front Spokesman", "PER", "XDA", "REB", "المتحدث باسم جبهة التلال", "Hills Front spokesman"),
  actor("actor:Nawran Foreign Ministry", "ORG", "XNA", "GOV", "وزارة الخارجية النورانية", "Nawran Foreign Ministry"),
  actor("actor:Western diplomats", "PER", null, null, "دبلوماسيون غربيون", "Western diplomats"),
  actor("actor:Council of the Strait", "ORG", "INT", "IGO", "مجلس دول المضيق", "Council of the Strait"),
  actor("actor:Kasmara Guard", "MIL", "XKA", "MIL", "حرس كسمارة", "Kasmara Guard"),
  actor("actor:Sahlan Royal Army", "MIL", "XSA", "MIL", "الجيش الملكي السهلاني", "Sahlan Royal Army"),
  actor("actor:Plain Brigades", "MIL", "XSA", "REB", "كتائب السهل", "Plain Brigades"),
]);
export const party = (key) => {
  const a = ACTORS.get(key);
  return a ? { key, name: a.name } : null;
};

const outlet = (key, country, owner, ar, en) => [key, { key, country, owner, name: name(ar, en) }];
export const OUTLETS = new Map([
  outlet("outlet:almadar", "XDA", name("مؤسسة المدار", "Al-Madar Foundation"), "وكالة المدار", "Al-Madar Agency"),
  outlet("outlet:difaf", "XDA", null, "صحيفة الضفاف", "Al-Difaf"),
  outlet("outlet:shira", "XSA", name("شركة الشراع للإعلام", "Al-Shira Media"), "قناة الشراع", "Al-Shira TV"),
  outlet("outlet:nawran-today", "XNA", name("حكومة نوران", "Government of Nawran"), "نوران اليوم", "Nawran Today"),
  outlet("outlet:sahlan-net", "XSA", null, "شبكة سهلان", "Sahlan Network"),
  outlet("outlet:hills-voice", "XDA", name("جبهة التلال", "Hills Front"), "صوت التلال", "Voice of the Hills"),
  outlet("outlet:port-gate", "XKA", null, "بوابة الميناء", "Port Gate"),
  outlet("outlet:marfa", "XKA", null, "جريدة المرفأ", "Al-Marfa"),
]);
export const outletRef = (key) => {
  const o = OUTLETS.get(key);
  return o ? { key, name: o.name } : null;
};

const place = (key, level, lat, lon, ar, en) => [key, { key, name: name(ar, en), location: lat === null ? null : { latitude: lat, longitude: lon, level } }];
export const PLACES = new Map([
  place("place:Sadaf Port", "port", 16.9, 43.1, "ميناء الصدف", "Sadaf Port"),
  place("place:Tallin Heights", "adm1", 21.5, 24.2, "مرتفعات التلال", "The Hills"),
  place("place:Wadi Asfar", "town", 24.1, 32.6, "وادي أصفر", "Wadi Asfar"),
  place("place:Qasr Nur", "city", 33.4, 51.2, "قصر نور", "Qasr Nur"),
  place("place:Barq", "base", 30.9, 12.4, "قاعدة برق", "Barq base"),
  place("place:Sahl City", "city", 35.7, 3.9, "مدينة السهل", "Sahl City"),
  place("place:Kasmara", "country", 41.2, 64.1, "كسمارة", "Kasmara"),
  place("place:Marsa Lulu", "village", 11.2, 49.8, "مرسى لولو", "Marsa Lulu"),
  place("place:Jisr", "adm2", 35.2, 38.8, "الجسر", "Jisr"),
  place("place:Old Mill", null, null, null, "الطاحونة القديمة", "the old mill"),
  place("place:North Checkpoint", null, null, null, "الحاجز الشمالي", "the northern checkpoint"),
]);
