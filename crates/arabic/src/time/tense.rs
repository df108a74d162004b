use super::scan::Scanner;
use super::words::{Role, Tie};

/// Where a date lies that says neither, by the words before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// The last such date.
    #[default]
    Behind,
    /// The verb is in the present and of something that has its hour (يبدأ, يجتمع): the next weekday, the nearest day of
    /// the year.
    Near,
    /// A word announces it (من المقرر, سيعقد): the next such date.
    Ahead,
}

/// What a word says of the time of its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tense {
    /// A perfect verb, or a pronoun that opens a clause of its own.
    Past,
    Present,
    /// A verb in the present of what has its hour.
    Planned,
    Coming,
    /// دعا: to come is only what it calls for.
    Call,
    /// تأجيل: to come is only what it puts off to.
    Delay,
}

/// Words that announce what follows as to come.
const ANNOUNCING: [&str; 50] = [
    "سوف",
    "سيتم",
    "ستتم",
    "سيصل",
    "ستصل",
    "سيقع",
    "ستقع",
    "سيحل",
    "ستحل",
    "المقرر",
    "المقرره",
    "مقرر",
    "مقررا",
    "مقرره",
    "المزمع",
    "المزمعه",
    "المرتقب",
    "المرتقبه",
    "المنتظر",
    "المنتظره",
    "المتوقع",
    "المتوقعه",
    "متوقع",
    "المفترض",
    "المرجح",
    "يعتزم",
    "تعتزم",
    "يعتزمون",
    "اعتزام",
    "اعتزامه",
    "اعتزامها",
    "اعتزامهم",
    "عزمه",
    "عزمها",
    "عزمهم",
    "ينوي",
    "تنوي",
    "ينوون",
    "نيته",
    "نيتها",
    "نيتهم",
    "عازم",
    "عازمه",
    "تمهيدا",
    "موعد",
    "اقصاه",
    "اقصاها",
    "يستعد",
    "تستعد",
    "يستعدون",
];

/// Verbs that announce with أن after them.
const EXPECTING: [&str; 8] = ["ينتظر", "يتوقع", "يرتقب", "يفترض", "يرجح", "يؤمل", "يتعين", "ينبغي"];

/// Verbs of what has its hour, less the ي or ت of their present.
const PLANNED: [&str; 69] = [
    "بدا",
    "نتهي",
    "عقد",
    "نعقد",
    "جتمع",
    "لتقي",
    "لتئم",
    "ستقبل",
    "ستانف",
    "ستضيف",
    "صوت",
    "فتتح",
    "ختتم",
    "نطلق",
    "زور",
    "غادر",
    "صل",
    "توجه",
    "شارك",
    "جري",
    "قام",
    "عود",
    "بحث",
    "ناقش",
    "دوم",
    "ستمر",
    "سافر",
    "خوض",
    "ستهل",
    "تظاهر",
    "حتفل",
    "نظر",
    "دشن",
    "ودع",
    "لعب",
    "واجه",
    "لاقي",
    "تواجه",
    "تسلم",
    "تولي",
    "نظم",
    "حل",
    "تنافس",
    "قترع",
    "دلي",
    "نتخب",
    "ستكمل",
    "سري",
    "نقضي",
    "صادف",
    "قيم",
    "طلق",
    "غلق",
    "فتح",
    "حاكم",
    "بث",
    "بت",
    "حسم",
    "ختار",
    "تراس",
    "ستجوب",
    "ستمع",
    "نشر",
    "تفقد",
    "رعي",
    "حط",
    "قلع",
    "بحر",
    "تجه",
];

/// The same, with ي only: with ت they are other words as well (تدخل, تلقى, توقع).
const PLANNED_WITH_YA: [&str; 7] = ["دخل", "عرض", "صدر", "لقي", "وقع", "قرر", "حضر"];

/// Words that put something off, or give time until then (أمام البرلمان حتى الأحد).
const DELAYING: [&str; 37] = [
    "تاجيل",
    "بتاجيل",
    "لتاجيل",
    "تاجيلها",
    "تاجيله",
    "ارجاء",
    "بارجاء",
    "ارجات",
    "ارجا",
    "ارجئ",
    "ارجئت",
    "اجلت",
    "تاجلت",
    "تاجل",
    "يؤجل",
    "تؤجل",
    "تمديد",
    "بتمديد",
    "لتمديد",
    "تمديدها",
    "تمديده",
    "مدد",
    "مددت",
    "يمدد",
    "تمدد",
    "امهل",
    "امهلت",
    "مهله",
    "امام",
    "امامه",
    "امامها",
    "امامهم",
    "لدي",
    "لديه",
    "لديها",
    "لديهم",
    "اجل",
];

/// Words that call for something.
const CALLING: [&str; 12] =
    ["دعا", "دعت", "دعوا", "يدعو", "تدعو", "يدعون", "دعوه", "الدعوه", "دعوات", "الدعوات", "دعوته", "دعوتها"];

/// What is called for on a day.
const CALLED: [&str; 21] = [
    "تظاهر",
    "تظاهره",
    "تظاهرات",
    "مظاهره",
    "مظاهرات",
    "مسيره",
    "مسيرات",
    "اضراب",
    "اعتصام",
    "اجتماع",
    "جلسه",
    "مؤتمر",
    "انتخابات",
    "استفتاء",
    "تجمع",
    "احتجاج",
    "احتجاجات",
    "حداد",
    "وقفه",
    "عصيان",
    "هدنه",
];

/// Perfect verbs common in the news that are nothing else, and pronouns that open a clause.
const PAST: [&str; 44] = [
    "الذي",
    "التي",
    "الذين",
    "اللذين",
    "اللذان",
    "اللتين",
    "اللتان",
    "اللواتي",
    "قال",
    "قالا",
    "قالوا",
    "اعلن",
    "اعلنوا",
    "اكد",
    "اكدوا",
    "اضاف",
    "اوضح",
    "اشار",
    "افاد",
    "صرح",
    "ذكر",
    "حذر",
    "كان",
    "كانوا",
    "وصل",
    "زار",
    "التقي",
    "انتهي",
    "اجتمع",
    "شهد",
    "قرر",
    "قرروا",
    "اتفق",
    "اصدر",
    "سيطر",
    "هاجم",
    "استهدف",
    "نفذ",
    "اطلق",
    "اعتقل",
    "نجح",
    "اعتبر",
    "بعدما",
    "اثر",
];

/// Words in ت that are no verbs.
const NO_PERFECT: [&str; 8] = ["بيروت", "حضرموت", "كبريت", "صوت", "زيت", "انترنت", "روبرت", "البرت"];

/// Beginnings of words in سي and ست that are no verbs, and of the perfect سيطر.
const NO_FUTURE: [&str; 55] = [
    "سيطر",
    "سياس",
    "سيار",
    "سياد",
    "سياق",
    "سياح",
    "سياج",
    "سيناء",
    "سيناتور",
    "سيناري",
    "سينما",
    "سيدات",
    "سيراليون",
    "سيرته",
    "سيرتها",
    "سيرغي",
    "سيرجي",
    "سيبيري",
    "سيباست",
    "سيدني",
    "سيمون",
    "سيلف",
    "سيليكون",
    "سيغم",
    "سيغول",
    "سيوله",
    "ستوكهولم",
    "ستيف",
    "ستين",
    "ستاد",
    "ستائر",
    "ستريت",
    "ستراتيج",
    "ستمئ",
    "سيدت",
    "سيئ",
    "سيلته",
    "سيطين",
    "سيرين",
    "سيستاني",
    "سيهات",
    "سيمنز",
    "سيترو",
    "سيريا",
    "سيكولوج",
    "سيمفون",
    "سيجار",
    "سيغار",
    "ستار",
    "ستانه",
    "ستاند",
    "ستالي",
    "ستوني",
    "ستيوا",
    "ستودي",
];

/// Nouns and names in ي.
const NO_PRESENT: [&str; 34] = [
    "يناير",
    "يونيو",
    "يونيه",
    "يوليو",
    "يوليه",
    "يوليوز",
    "يوما",
    "يومي",
    "يومين",
    "يومان",
    "يوميا",
    "يوميه",
    "ياسر",
    "ياسين",
    "يوسف",
    "يونس",
    "يحيي",
    "يعقوب",
    "يمين",
    "يميني",
    "يمينيه",
    "يسار",
    "يساري",
    "يساريه",
    "يهود",
    "يهودي",
    "يهوديه",
    "يمني",
    "يمنيه",
    "يورو",
    "يونان",
    "يوناني",
    "يونانيه",
    "يزيد",
];

/// What has happened when it is named by its day (هجوم الجمعة).
const AFFAIRS: [&str; 22] = [
    "هجوم",
    "هجمات",
    "تفجير",
    "تفجيري",
    "تفجيرات",
    "احداث",
    "اعتداء",
    "اعتداءات",
    "مجزره",
    "غاره",
    "غارات",
    "قصف",
    "انفجار",
    "انفجاري",
    "حادث",
    "حادثه",
    "معركه",
    "معارك",
    "انقلاب",
    "مذبحه",
    "زلزال",
    "كارثه",
];

/// How far before a date the word may stand that tells its tense.
const REACH: usize = 12;

fn present(word: &str) -> Option<&str> {
    word.strip_prefix('ي').or_else(|| word.strip_prefix('ت'))
}

fn is_planned(word: &str) -> bool {
    let Some(stem) = present(word) else { return false };
    let known = |s: &str| PLANNED.contains(&s) || word.starts_with('ي') && PLANNED_WITH_YA.contains(&s);
    known(stem) || ["ون", "ان", "وا", "ها", "ه", "هم"].iter().any(|end| stem.strip_suffix(end).is_some_and(known))
}

fn is_future(word: &str) -> bool {
    (word.starts_with("سي") || word.starts_with("ست"))
        && word.chars().nth(4).is_some()
        && !NO_FUTURE.iter().any(|w| word.starts_with(w))
}

/// The feminine of a perfect verb, by its form.
fn is_perfect(word: &str) -> bool {
    let noun = |w: &str| ["ال", "ب", "ل"].iter().any(|p| w.starts_with(p)) || NO_PERFECT.contains(&w);
    word.ends_with('ت')
        && !word.ends_with("ات")
        && word.chars().nth(3).is_some()
        && !word.starts_with(['ت', 'ي'])
        && !noun(word)
        && !word.strip_prefix(['و', 'ف']).is_some_and(noun)
}

fn tense(norm: &str) -> Option<Tense> {
    let told = |word: &str| {
        Some(if ANNOUNCING.contains(&word) || is_future(word) {
            Tense::Coming
        } else if DELAYING.contains(&word) {
            Tense::Delay
        } else if CALLING.contains(&word) {
            Tense::Call
        } else if is_planned(word) {
            Tense::Planned
        } else if PAST.contains(&word) || is_perfect(word) {
            Tense::Past
        } else if word.starts_with('ي') && word.chars().nth(3).is_some() && !NO_PRESENT.contains(&word) {
            Tense::Present
        } else {
            return None;
        })
    };
    told(norm).or_else(|| told(norm.strip_prefix(['و', 'ف'])?))
}

impl Scanner<'_, '_, '_> {
    /// Where an expression from `first` to `last` lies: the nearest word before it that tells decides.
    pub(crate) fn outlook(&self, first: usize, last: usize) -> Outlook {
        let before = self.any_before(first);
        let since = first.checked_sub(1).and_then(|k| self.classes[k]).is_some_and(|w| w.role == Role::Tie(Tie::Since));
        if since || AFFAIRS.contains(&before) {
            return Outlook::Behind;
        }
        // the month of a contract to come: تسليم أيلول
        if matches!(before, "تسليم" | "لتسليم") {
            return Outlook::Near;
        }
        // الجمعة سيجتمع, الجمعة موعدا للجلسة
        if is_future(self.norm(last + 1)) || self.norm(last + 1) == "موعدا" {
            return Outlook::Ahead;
        }
        let until = matches!(before, "الي" | "حتي" | "وحتي");
        let mut called = false;
        for k in self.clause(first) {
            let norm = self.tokens.norm(k);
            match self.tense_at(k) {
                Some(Tense::Past) => return Outlook::Behind,
                Some(Tense::Coming) => return Outlook::Ahead,
                Some(Tense::Planned) => return Outlook::Near,
                Some(Tense::Delay) if until => return Outlook::Near,
                Some(Tense::Call) => return if called { Outlook::Near } else { Outlook::Behind },
                Some(Tense::Present | Tense::Delay) | None => {}
            }
            let noun = |p: &str| norm.strip_prefix(p).is_some_and(|n| CALLED.contains(&n));
            called |= noun("لل") || noun("ل") || self.any_before(k) == "الي" && (noun("ال") || noun(""));
        }
        Outlook::Behind
    }

    /// Whether the clause before `first` is in the present or the future.
    pub(crate) fn is_to_come(&self, first: usize, last: usize) -> bool {
        let told = |k| self.tense_at(k).filter(|t| *t != Tense::Delay);
        let nearest = || self.clause(first).find_map(told);
        is_future(self.norm(last + 1)) || !matches!(nearest(), None | Some(Tense::Past | Tense::Call))
    }

    /// The tokens shortly before `first` in its sentence, the nearest first.
    fn clause(&self, first: usize) -> impl Iterator<Item = usize> {
        let all = self.tokens.all();
        (first.saturating_sub(REACH)..first)
            .rev()
            .take_while(move |k| !all[k + 1].line_start && !matches!(self.tokens.norm(*k), "." | "؟" | "!" | "؛"))
    }

    /// What token `k` says of the time of its clause; a present after لم or كان is a past.
    fn tense_at(&self, k: usize) -> Option<Tense> {
        let norm = self.tokens.norm(k);
        if self.norm(k + 1) == "ان" && EXPECTING.contains(&norm.trim_start_matches('و')) {
            return Some(Tense::Coming);
        }
        // بعد أن wants a perfect; تدخل is also an intervention, but not حيز التنفيذ
        if self.norm(k + 1) == "ان" && norm == "بعد" {
            return Some(Tense::Past);
        }
        if matches!(norm, "تدخل" | "وتدخل") && (k + 1..k + 5).any(|j| self.norm(j) == "حيز") {
            return Some(Tense::Planned);
        }
        let told = tense(norm)?;
        let past = |w: &str| matches!(w.trim_start_matches(['و', 'ف']), "لم" | "كان" | "كانت" | "كانوا" | "كانتا");
        let was = matches!(told, Tense::Planned | Tense::Present)
            && self.clause(k).take(3).any(|j| past(self.tokens.norm(j)));
        Some(if was { Tense::Past } else { told })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tense_of_single_words() {
        for word in ["سيتظاهر", "وستعقد", "ستستمر", "المقررة"] {
            let norm = word.replace('ة', "ه");
            assert_eq!(tense(&norm), Some(Tense::Coming), "{word}");
        }
        for word in ["يجتمع", "تبدا", "ويزورها", "يلتقيان"] {
            assert_eq!(tense(word), Some(Tense::Planned), "{word}");
        }
        for word in [
            "والكويت",
            "وبيروت",
            "وسيلتها",
            "سيدتي",
            "سيطره",
            "سياسيه",
            "سته",
            "سيناء",
            "ستين",
            "توجه",
            "بيروت",
            "يناير",
        ] {
            assert_eq!(tense(word), None, "{word}");
        }
        assert_eq!(tense("سيطرت"), Some(Tense::Past));
        assert_eq!(tense("واعلنت"), Some(Tense::Past));
    }
}
