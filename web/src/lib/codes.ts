// PLOVER's event types and modes in words.
import type { EventType } from "../api/types";
import { settings } from "./settings.svelte";

type Both = [en: string, ar: string];
const TYPES: Record<EventType, Both> = {
  AGREE: ["Agree", "اتفاق"], CONSULT: ["Consult", "تشاور"], SUPPORT: ["Support", "تأييد"], CONCEDE: ["Concede", "تنازل"],
  COOPERATE: ["Cooperate", "تعاون"], AID: ["Aid", "تقديم عون"], RETREAT: ["Retreat", "تراجع"], REQUEST: ["Request", "مطالبة"],
  ACCUSE: ["Accuse", "اتهام"], REJECT: ["Reject", "رفض"], THREATEN: ["Threaten", "تهديد"], PROTEST: ["Protest", "احتجاج"],
  SANCTION: ["Sanction", "عقوبات"], MOBILIZE: ["Mobilize", "حشد"], COERCE: ["Coerce", "إكراه"], ASSAULT: ["Assault", "اعتداء"],
};
const MODES: Record<string, Both> = {
  visit: ["visit", "زيارة"], "third-party": ["third party", "طرف ثالث"], multilateral: ["multilateral", "متعدد الأطراف"], phone: ["phone", "هاتفي"],
  withdraw: ["withdraw", "انسحاب"], release: ["release", "إفراج"], disarm: ["disarm", "نزع سلاح"], ceasefire: ["ceasefire", "وقف إطلاق نار"], access: ["access", "إتاحة وصول"], resign: ["resign", "استقالة"],
  assist: ["assist", "مساعدة"], change: ["change", "تغيير"], yield: ["yield", "رضوخ"], meet: ["meet", "لقاء"],
  disapprove: ["disapprove", "استنكار"], investigate: ["investigate", "تحقيق"], allege: ["allege", "ادعاء"],
  restrict: ["restrict", "تقييد"], arrest: ["arrest", "اعتقال"], relations: ["relations", "علاقات"], expel: ["expel", "طرد"], territory: ["territory", "سيطرة على أرض"], violence: ["violence", "عنف"],
  demo: ["demonstration", "مظاهرة"], riot: ["riot", "شغب"], strike: ["strike", "إضراب"], hunger: ["hunger strike", "إضراب عن الطعام"], boycott: ["boycott", "مقاطعة"], obstruct: ["obstruct", "عرقلة"],
  convict: ["convict", "إدانة"], discontinue: ["discontinue", "وقف"],
  troops: ["troops", "قوات"], weapons: ["weapons", "أسلحة"], police: ["police", "شرطة"], militia: ["militia", "ميليشيا"],
  seize: ["seize", "استيلاء"], censor: ["censor", "رقابة"], curfew: ["curfew", "حظر تجول"], "martial-law": ["martial law", "أحكام عرفية"], deport: ["deport", "ترحيل"], withhold: ["withhold", "حجب"], misinformation: ["misinformation", "تضليل"], cyber: ["cyber", "سيبراني"],
  abduct: ["abduct", "خطف"], beat: ["beat", "ضرب"], torture: ["torture", "تعذيب"], sexual: ["sexual", "جنسي"], targeted: ["targeted", "اغتيال"], destroy: ["destroy", "تدمير"], primitive: ["primitive", "أدوات بدائية"], firearms: ["firearms", "أسلحة نارية"], explosives: ["explosives", "متفجرات"], "suicide-attack": ["suicide attack", "هجوم انتحاري"], aerial: ["aerial", "جوي"], drone: ["drone", "طائرة مسيّرة"], "heavy-weapons": ["heavy weapons", "أسلحة ثقيلة"], "crowd-control": ["crowd control", "تفريق حشود"], unconventional: ["unconventional", "غير تقليدي"],
};
export const EVENT_TYPES = Object.keys(TYPES) as EventType[];
export const MODE_CODES = Object.keys(MODES);
export const STATUSES = ["actual", "planned", "possible", "wanted", "conditional", "question"] as const;
export const FRAMINGS = ["pejorative", "laudatory", "delegitimising", "victim"] as const;
export const CLASSES = ["aircraft", "helicopter", "drone", "missile", "rocket", "air-defence", "armour", "artillery", "small-arms", "ammunition", "explosive", "ship", "submarine", "vehicle", "electronic", "chemical", "nuclear", "other"] as const;

const pick = (b: Both | undefined, code: string): string => (b ? b[settings.lang === "ar" ? 1 : 0] : code);
export const typeName = (type: string): string => pick(TYPES[type as EventType], type);
export const modeName = (mode: string): string => pick(MODES[mode], mode);
/** «Aid», «Assault · aerial» */
export const kindName = (type: string, mode: string | null): string => (mode ? `${typeName(type)} · ${modeName(mode)}` : typeName(type));
