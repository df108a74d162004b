use model::{Bound, Span};

use super::bounds;
use super::cardinal::Cardinal;
use super::units::{self, Unit};
use super::words::{Form, NumWord, Role, scale_value, word_class};
use super::{Amount, Parser, Particle, start_after_letters};
use crate::{Kind as TokenKind, Tokens};

/// What a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A count.
    Cardinal,
    /// A place in an order.
    Ordinal,
    /// Parts of a hundred; the value is as written (5 for `5%`).
    Percent,
    /// An amount of money; the unit is an ISO 4217 code where the country is known.
    Money,
    /// A measured amount; the unit is a UCUM code.
    Measure,
    /// From `low` to `high`.
    Range,
}

impl Kind {
    /// The code used in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cardinal => "cardinal",
            Self::Ordinal => "ordinal",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Measure => "measure",
            Self::Range => "range",
        }
    }
}

/// A number read from the text, with its unit and bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// The number words with their unit, less an attached و ف ب ل ك.
    pub span: Span,
    /// `span` and the words that bound it (نحو، على الأقل).
    pub outer: Span,
    /// First token of `span`.
    pub first_token: usize,
    /// Last token of `span`.
    pub last_token: usize,
    /// What it says.
    pub kind: Kind,
    /// The value; none for ranges and for vague plurals (عشرات).
    pub value: Option<f64>,
    /// The value where it is whole: exact beyond 2^53 too.
    pub exact: Option<u64>,
    /// Least value of a range.
    pub low: Option<f64>,
    /// Greatest value of a range.
    pub high: Option<f64>,
    /// How the number bounds the true count.
    pub bound: Bound,
    /// ISO 4217 code of money, UCUM code of a measure, `%` of a percentage.
    pub unit: Option<&'static str>,
}

/// Reads the numbers of a text, classifying every token anew: for tests and single sentences.
pub fn read(tokens: &Tokens) -> Vec<Number> {
    let classes: Vec<_> = (0..tokens.len()).map(|i| word_class(tokens.norm(i))).collect();
    numbers(tokens, &classes)
}

/// Reads the numbers of a text from the class of each token. Dates are read as the numbers they hold:
/// see [`numbers_excluding`].
pub fn numbers(tokens: &Tokens, classes: &[Option<NumWord>]) -> Vec<Number> {
    let count = tokens.len().min(classes.len());
    let reader = Reader { parser: Parser { tokens, words: &classes[..count], end: count } };
    let mut out = Vec::new();
    let (mut i, mut floor) = (0, 0);
    while i < count {
        let Some(word) = classes[i] else {
            i += 1;
            continue;
        };
        match reader.number(i, word, floor) {
            Step::Number(number) => {
                i = number.last_token + 1;
                floor = i;
                out.push(number);
            }
            Step::Skip(next) => i = next,
        }
    }
    out
}

/// Reads the numbers of a text outside `taken` (spans in text order, as of [`crate::time::times`]).
pub fn numbers_excluding(tokens: &Tokens, classes: &[Option<NumWord>], taken: &[Span]) -> Vec<Number> {
    if taken.is_empty() {
        return numbers(tokens, classes);
    }
    let mut open = classes.to_vec();
    let mut spans = taken.iter().copied().peekable();
    for (token, class) in tokens.all().iter().zip(open.iter_mut()) {
        while spans.next_if(|s| s.end <= token.span.start).is_some() {}
        if spans.peek().is_some_and(|s| s.overlaps(token.span)) {
            *class = None;
        }
    }
    numbers(tokens, &open)
}

/// The two that the noun in the dual at token `at` tells (`شخصان على الأقل`, `كيلومترين`), which may be a unit; which words are
/// such nouns is for the caller to know. Looks at a few words around.
pub fn dual(tokens: &Tokens, at: usize) -> Number {
    let unit = units::dual_at(tokens, at);
    let last = unit.map_or(at, |u| u.1);
    let found = bounds::of_dual(tokens, at, last, unit.is_some());
    let quantity = Quantity { cardinal: two(at), unit: unit.map(|u| u.0), first: at, last };
    let reader = Reader { parser: Parser { tokens, words: &[], end: 0 } };
    reader.assemble(&quantity, found.bound, (found.first, found.last))
}

/// Two, told by the form of the noun at token `at`.
fn two(at: usize) -> Cardinal {
    let amount = Amount::whole(2);
    Cardinal { first: at, last: at, amount: Some(amount), coefficient: amount, scale: 1, groups: 1, in_digits: false }
}

enum Step {
    Number(Number),
    /// No number; go on at this token.
    Skip(usize),
}

/// A cardinal and its unit.
#[derive(Clone, Copy)]
struct Quantity {
    cardinal: Cardinal,
    unit: Option<Unit>,
    first: usize,
    last: usize,
}

/// Names of weapons and diseases that a number of model follows after a space.
const DESIGNATORS: [&str; 18] = [
    "ميغ",
    "ميج",
    "سوخوي",
    "سو",
    "كوفيد",
    "اف",
    "تي",
    "اس",
    "توبوليف",
    "ايرباص",
    "بوينغ",
    "بوينج",
    "انتونوف",
    "اليوشن",
    "ميراج",
    "اباتشي",
    "سي",
    "بي",
];

/// Ranks of two steps, which «أول» and «ثان» tell apart.
const RANKS: [&str; 9] = ["فريق", "ملازم", "رقيب", "عريف", "جندي", "مساعد", "سكرتير", "وكيل", "ضابط"];

/// Nouns after which a definite round number is a place in an order (الذكرى الخمسون).
const ORDERED: [&str; 10] =
    ["الذكري", "المرتبه", "المركز", "الدوره", "القرن", "الدقيقه", "الماده", "اليوم", "النسخه", "المرحله"];

struct Reader<'t, 'a, 'c> {
    parser: Parser<'t, 'a, &'c [Option<NumWord>]>,
}

impl Reader<'_, '_, '_> {
    fn tokens(&self) -> &Tokens<'_> {
        self.parser.tokens
    }

    /// The folded word `back` places before `i` on the same line.
    fn word_before(&self, i: usize, back: usize) -> &str {
        let tokens = self.parser.tokens;
        match i.checked_sub(back) {
            Some(k) if (k + 1..=i).all(|t| !tokens.all()[t].line_start) => tokens.norm(k),
            _ => "",
        }
    }

    fn word_after(&self, i: usize) -> &str {
        let tokens = self.parser.tokens;
        match tokens.all().get(i + 1) {
            Some(t) if !t.line_start => tokens.norm(i + 1),
            _ => "",
        }
    }

    /// Reads at token `i`; tokens before `floor` belong to the number before.
    fn number(&self, i: usize, word: NumWord, floor: usize) -> Step {
        match word.role {
            Role::And | Role::Article | Role::Particle => return Step::Skip(i + 1),
            Role::Ordinal(_) | Role::First | Role::Eleventh => {
                return self.ordinal(i, word).map_or(Step::Skip(i + 1), Step::Number);
            }
            Role::Digits if self.joins_dashed_chain(i) => return Step::Skip(self.after_chain(i)),
            // `224ر2`: a decimal letter whose direction no one can tell, and the scale that it counts
            Role::Digits => {
                if let Some((None, next)) = self.parser.lettered(i) {
                    return Step::Skip(self.after_scales(next));
                }
            }
            _ => {}
        }
        if word.role == Role::Digits && self.is_designation(i) {
            return Step::Skip(i + 1);
        }
        let Some(mut quantity) = self.quantity(i, floor) else { return Step::Skip(i + 1) };
        if self.is_no_number(i, word, &quantity) {
            return Step::Skip(quantity.last + 1);
        }
        if let Some(range) = self.range(&quantity).or_else(|| self.range_from_dual(&quantity, floor)) {
            return Step::Number(range);
        }
        self.add_fraction(&mut quantity);
        Step::Number(self.plain(&quantity, word))
    }

    fn quantity(&self, i: usize, floor: usize) -> Option<Quantity> {
        let tokens = self.tokens();
        let cardinal = self.parser.cardinal(i)?;
        let mut out = Quantity { cardinal, unit: None, first: i, last: cardinal.last };
        // a unit's word may be part of a covered time or of the next number
        if let Some((unit, last)) = units::unit_at(tokens, cardinal.last + 1) {
            out.unit = Some(unit);
            out.last = last;
        } else if i > floor
            && tokens.all()[i].kind == TokenKind::Number
            && !tokens.all()[i].spaced
            && let Some(unit) = units::sign(tokens.norm(i - 1))
            && !(i > 1 && tokens.all()[i - 2].kind == TokenKind::Number && !tokens.all()[i - 1].spaced)
        {
            out.unit = Some(unit);
            out.first = i - 1;
        }
        Some(out)
    }

    /// Adds a part of the scale that is told behind what is counted (`مليونا ناخب ونصف المليون`).
    fn add_fraction(&self, q: &mut Quantity) {
        let word = |i: usize| self.parser.words.get(i).copied().flatten();
        let c = &q.cardinal;
        let (noun, part, scale) = (c.last + 1, c.last + 2, c.last + 3);
        let on_line =
            |i: usize| self.tokens().all().get(i).is_some_and(|t| t.kind == TokenKind::Arabic && !t.line_start);
        if q.unit.is_none()
            && (noun..=scale).all(on_line)
            && word(noun).is_none()
            && let Some(NumWord { role: Role::Fraction(fraction), prefix }) = word(part)
            && prefix.and
            && let Some(NumWord { role: Role::Scale(power, Form::Singular), prefix }) = word(scale)
            && prefix.bare()
            && scale_value(power) == c.scale
            && let Some(total) = c.amount.and_then(|a| a.plus(Amount::whole(c.scale).divided(fraction.parts())))
        {
            q.cardinal.amount = Some(total);
            q.cardinal.last = scale;
            q.last = scale;
        }
    }

    /// A number of model (`إف-16`, `ميغ 29`) or one grown onto a word.
    fn is_designation(&self, i: usize) -> bool {
        let tokens = self.tokens();
        let all = tokens.all();
        if i == 0 {
            return false;
        }
        let before = &all[i - 1];
        // `5+1`, `#8221`
        let plus = |k: usize| all.get(k).is_some_and(|t| !t.spaced) && tokens.norm(k) == "+";
        if plus(i + 1) && all.get(i + 2).is_some_and(|t| !t.spaced) {
            return true;
        }
        if !all[i].spaced && matches!(tokens.norm(i - 1), "+" | "#") {
            return true;
        }
        if !all[i].spaced {
            if matches!(before.kind, TokenKind::Arabic | TokenKind::Latin) {
                let clitic = matches!(
                    self.parser.words.get(i - 1).copied().flatten().map(|w| w.role),
                    Some(Role::And | Role::Article | Role::Particle)
                );
                return !clitic && !matches!(tokens.norm(i - 1), "ف" | "من" | "في");
            }
            if is_dash(tokens.norm(i - 1))
                && !before.spaced
                && i > 1
                && matches!(all[i - 2].kind, TokenKind::Arabic | TokenKind::Latin)
            {
                return true;
            }
        }
        bounds::is_any(self.word_before(i, 1), &DESIGNATORS)
    }

    /// Whether digits at `i` begin a chain of three or more joined by dashes: a date, a telephone.
    fn joins_dashed_chain(&self, i: usize) -> bool {
        self.dashed(i).and_then(|k| self.dashed(k)).is_some()
    }

    /// The digits after an unspaced dash after `i`.
    fn dashed(&self, i: usize) -> Option<usize> {
        let all = self.tokens().all();
        let (dash, next) = (all.get(i + 1)?, all.get(i + 2)?);
        let joined =
            !dash.spaced && !next.spaced && next.kind == TokenKind::Number && is_dash(self.tokens().norm(i + 1));
        joined.then_some(i + 2)
    }

    /// The first token from `i` that is no scale word of the number before.
    fn after_scales(&self, mut i: usize) -> usize {
        let scale = |w: &NumWord| matches!(w.role, Role::Scale(..)) && w.prefix.bare();
        while self.parser.words.get(i).and_then(Option::as_ref).is_some_and(scale) {
            i += 1;
        }
        i
    }

    fn after_chain(&self, mut i: usize) -> usize {
        while let Some(next) = self.dashed(i) {
            i = next;
        }
        i + 1
    }

    /// Words that look like a number and are none.
    fn is_no_number(&self, i: usize, word: NumWord, q: &Quantity) -> bool {
        let single = q.cardinal.last == i;
        let (before, after) = (self.word_before(i, 1), self.word_after(q.cardinal.last));
        match word.role {
            Role::Unit(1) if single => {
                word.prefix.definite
                    || bounds::is_any(before, &["ان", "كل", "اي", "غير"])
                    || matches!(after, "من" | "منهم" | "منها" | "منهما" | "منا" | "تلو" | "مثل" | "بعد")
            }
            Role::Unit(0) if single => word.prefix.definite,
            Role::Unit(6) if single && self.tokens().norm(i) == "لست" => !after.ends_with("ات"),
            Role::Unit(_) | Role::Tens(_) if single && word.prefix.definite => {
                matches!(before, "مجموعه" | "قمه" | "لمجموعه")
            }
            Role::Hundred if single && word.prefix.definite => {
                before == "في" || self.tokens().norm(i).starts_with("بال")
            }
            Role::Scale(1, Form::Singular) if single => {
                // the verb, whose subject is definite where what a thousand counts is not: «ألف الباحث كتابا»; «ألّف», «الإلف»
                let verb = !word.prefix.definite
                    && word.prefix.particle == Particle::None
                    && after.strip_prefix("ال").is_some_and(|noun| noun.chars().count() > 2)
                    && crate::time::word_class(after).is_none();
                verb || matches!(before, "حرف" | "الحرف") || self.tokens().surface(i).contains(['إ', 'آ', '\u{0651}'])
            }
            _ => false,
        }
    }

    fn ordinal(&self, i: usize, word: NumWord) -> Option<Number> {
        let (value, last) = self.parser.ordinal(i)?;
        let (before, after) = (self.word_before(i, 1), self.word_after(last));
        if bounds::is_any(before, &["كانون", "تشرين", "ربيع", "جمادي", "جمادا"]) {
            return None;
        }
        if last == i {
            let norm = self.tokens().norm(i);
            let indefinite = !word.prefix.definite;
            let no_place = match word.role {
                // «الفريق أول», «ملازم ثان»: part of a rank
                Role::Ordinal(1 | 2) if indefinite && bounds::is_any(before.trim_start_matches("ال"), &RANKS) => true,
                Role::Ordinal(1) => {
                    indefinite && matches!(after, "امس" | "من" | "ما" | "باول") || before == "الوزير" || before == "امس"
                }
                Role::First => indefinite && after != "في" && !matches!(before, "مره" | "خطوه" | "مرحله" | "دفعه"),
                Role::Ordinal(2) => {
                    indefinite && (norm.ends_with("ثانيه") || after == "اكسيد" || before == "ال")
                        || norm.ends_with("الثانيه") && before == "في"
                }
                _ => false,
            };
            if no_place {
                return None;
            }
        }
        let quantity = Quantity {
            cardinal: Cardinal {
                first: i,
                last,
                amount: Some(Amount::whole(value)),
                coefficient: Amount::whole(value),
                scale: 1,
                groups: 1,
                in_digits: false,
            },
            unit: None,
            first: i,
            last,
        };
        Some(Number { kind: Kind::Ordinal, ..self.assemble(&quantity, Bound::Exact, (i, last)) })
    }

    fn plain(&self, q: &Quantity, word: NumWord) -> Number {
        let found = bounds::find(self.tokens(), q.first, q.last);
        let vague = q.cardinal.amount.is_none();
        let bound = if vague && found.bound == Bound::Exact { Bound::About } else { found.bound };
        let mut number = self.assemble(q, bound, (found.first, found.last));
        let (word_before, article) = match word.role {
            // «الدورة الـ68»
            Role::Digits => (self.word_before(q.first, 2), self.word_before(q.first, 1) == "ال"),
            Role::Tens(_) | Role::Hundred => (self.word_before(q.first, 1), word.prefix.definite),
            _ => ("", false),
        };
        let ordered = article && q.unit.is_none() && ORDERED.contains(&word_before);
        if ordered {
            number.kind = Kind::Ordinal;
        }
        number
    }

    fn assemble(&self, q: &Quantity, bound: Bound, outer: (usize, usize)) -> Number {
        let tokens = self.tokens();
        let letters = if q.first == q.cardinal.first { self.attached_letters(q.first) } else { 0 };
        let span = start_after_letters(tokens, q.first, q.last, letters);
        let outer = if outer.0 < q.first {
            tokens.span(outer.0, outer.1.max(q.last))
        } else {
            tokens.span(outer.0, outer.1).join(span)
        };
        let (kind, unit) = match q.unit {
            None => (Kind::Cardinal, None),
            Some(Unit::Percent) => (Kind::Percent, Some("%")),
            Some(Unit::Money(code)) => (Kind::Money, code),
            Some(Unit::Measure(code)) => (Kind::Measure, Some(code)),
        };
        Number {
            span,
            outer: if outer.start < span.start && outer.end == span.end && bound == Bound::Exact {
                span
            } else {
                outer
            },
            first_token: q.first,
            last_token: q.last,
            kind,
            value: q.cardinal.amount.map(Amount::value),
            exact: q.cardinal.amount.and_then(Amount::exact),
            low: None,
            high: None,
            bound,
            unit,
        }
    }

    /// How many letters of و ف ب ل ك are written onto token `i`.
    fn attached_letters(&self, i: usize) -> u8 {
        let tokens = self.tokens();
        match self.parser.words.get(i).copied().flatten() {
            Some(w) if w.role == Role::Unit(1) && tokens.surface(i).starts_with("وأ") => 1,
            Some(w) => w.prefix.letters,
            None => 0,
        }
    }

    /// A range that begins with the quantity `low`.
    fn range(&self, low: &Quantity) -> Option<Number> {
        low.cardinal.amount?;
        let tokens = self.tokens();
        let opener = self.opener(low.first);
        let next = low.last + 1;
        if let Some(high) = self.dashed_high(low) {
            return self.combine(low, &high, None);
        }
        if tokens.all().get(next).is_some_and(|t| !t.line_start) {
            let connector = tokens.norm(next);
            let from = matches!(opener, Some((_, Opener::From | Opener::Between)));
            // «خمسة أو ستة»; a unit between parts two measures, four digits are years
            let or = connector == "او" && low.unit.is_none() && low.cardinal.amount < Some(Amount::whole(1000));
            if or
                && let Some(high) = self.quantity_on_line(next + 1)
                && high.cardinal.in_digits == low.cardinal.in_digits
                && let Some(range) = self.combine(low, &high, None)
            {
                return Some(range);
            }
            if connector == "الي" || from && matches!(connector, "حتي" | "وحتي" | "والي") {
                let at = if bounds::is_any(self.word_after(next), &["نحو", "حوالي", "قرابه"]) {
                    next + 2
                } else {
                    next + 1
                };
                if let Some(range) = self.quantity_on_line(at).and_then(|high| self.combine(low, &high, opener)) {
                    return Some(range);
                }
            }
        }
        if !matches!(opener, Some((_, Opener::Between))) {
            return None;
        }
        if let Some(at) = self.joined_at(next)
            && let Some(high) = self.quantity_on_line(at)
            && let Some(range) = self.combine(low, &high, opener)
        {
            return Some(range);
        }
        self.split(low, opener)
    }

    /// A range from a unit in the dual to `high`: `من كيلومترين إلى ثلاثة كيلومترات`.
    fn range_from_dual(&self, high: &Quantity, floor: usize) -> Option<Number> {
        if self.word_before(high.first, 1) != "الي" {
            return None;
        }
        let at = high.first.checked_sub(2).filter(|at| *at >= floor)?;
        let (unit, last) = units::dual_at(self.tokens(), at).filter(|(_, last)| last + 2 == high.first)?;
        let low = Quantity { cardinal: two(at), unit: Some(unit), first: at, last };
        if high.unit == low.unit { self.combine(&low, high, self.opener(at)) } else { None }
    }

    fn quantity_on_line(&self, at: usize) -> Option<Quantity> {
        let on_line = self.tokens().all().get(at).is_some_and(|t| !t.line_start);
        if on_line { self.quantity(at, at) } else { None }
    }

    /// The first token of a number joined with و at `i`.
    fn joined_at(&self, i: usize) -> Option<usize> {
        let word = self.parser.words.get(i).copied().flatten()?;
        match word.role {
            Role::And => Some(i + 1),
            _ => word.prefix.and.then_some(i),
        }
    }

    /// `5-10`, `5 – 10`: digits on both sides.
    fn dashed_high(&self, low: &Quantity) -> Option<Quantity> {
        let tokens = self.tokens();
        let (dash, next) = (tokens.all().get(low.last + 1)?, tokens.all().get(low.last + 2)?);
        let shape = is_dash(tokens.norm(low.last + 1))
            && next.kind == TokenKind::Number
            && dash.spaced == next.spaced
            && !dash.line_start
            && !next.line_start
            && low.cardinal.in_digits;
        if shape { self.quantity(low.last + 2, low.last + 2) } else { None }
    }

    /// بين خمسة وعشرين: one number by its form, two by its preposition.
    fn split(&self, whole: &Quantity, opener: Option<(usize, Opener)>) -> Option<Number> {
        let (first, last) = (whole.cardinal.first, whole.cardinal.last);
        (first + 1..=last).rev().find_map(|at| {
            let start = self.joined_at(at)?;
            let parser = Parser { tokens: self.tokens(), words: self.parser.words, end: at };
            let low = parser.cardinal(first).filter(|c| c.last + 1 == at)?;
            let high = self.quantity(start, start).filter(|q| q.cardinal.last == last)?;
            self.combine(&Quantity { cardinal: low, unit: None, first: whole.first, last: low.last }, &high, opener)
        })
    }

    fn combine(&self, low: &Quantity, high: &Quantity, opener: Option<(usize, Opener)>) -> Option<Number> {
        let (mut least, greatest) = (low.cardinal.amount?, high.cardinal.amount?);
        let units_differ = low.unit.is_some() && high.unit.is_some() && low.unit != high.unit;
        let bare = low.cardinal.scale == 1 && low.cardinal.groups == 1 && low.unit.is_none();
        // بين 3 و5 ملايين: the scale belongs to both
        if bare && high.cardinal.groups == 1 && high.cardinal.scale > 1 && least < high.cardinal.coefficient {
            least = least.times(high.cardinal.scale)?;
        }
        let mixed = bare && high.cardinal.scale >= 1_000_000 && low.cardinal.amount? >= high.cardinal.coefficient;
        if least >= greatest || units_differ || mixed && low.cardinal.in_digits {
            return None;
        }
        let unit = high.unit.or(low.unit);
        let whole = Quantity { unit, last: high.last, ..*low };
        let mut found = bounds::find(self.tokens(), opener.map_or(low.first, |o| o.0), high.last);
        if found.bound == Bound::Exact {
            found.bound = bounds::find(self.tokens(), low.first, high.last).bound;
        }
        let first = opener.map_or(found.first, |o| o.0.min(found.first));
        let mut number = self.assemble(&whole, found.bound, (first, found.last));
        number.outer = self.tokens().span(first, found.last.max(high.last)).join(number.span);
        number.kind = Kind::Range;
        number.value = None;
        number.exact = None;
        number.low = Some(least.value());
        number.high = Some(greatest.value());
        Some(number)
    }

    /// The word that opens a range before token `i`.
    fn opener(&self, i: usize) -> Option<(usize, Opener)> {
        let mut at = i;
        let clitic = |s: &str| matches!(s, "ب" | "ل" | "ال");
        while at > 0
            && (clitic(self.word_before(at, 1)) || bounds::is_any(self.word_before(at, 1), &["نحو", "حوالي", "قرابه"]))
        {
            at -= 1;
        }
        let before = self.word_before(at, 1);
        if bounds::is_any(before, &["بين", "مابين"]) {
            let from = if bounds::is_any(self.word_before(at, 2), &["ما"]) { at - 2 } else { at - 1 };
            return Some((from, Opener::Between));
        }
        bounds::is_any(before, &["من"]).then(|| (at - 1, Opener::From))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opener {
    From,
    Between,
}

/// Whether the mark is a hyphen or dash.
pub(crate) fn is_dash(norm: &str) -> bool {
    matches!(norm, "-" | "–" | "—" | "−" | "‑" | "‐")
}

/// Nouns that a number in digits counts, where a year in its place would stand alone.
const COUNTED: [&str; 24] = [
    "شخص",
    "شخصا",
    "جندي",
    "جنديا",
    "مدني",
    "قتيل",
    "قتيلا",
    "مدينه",
    "قريه",
    "منطقه",
    "موقع",
    "مدرسه",
    "حاله",
    "نقطه",
    "عائله",
    "اسره",
    "مقاتل",
    "مقاتلا",
    "مبني",
    "منزل",
    "وحده",
    "مركز",
    "دائره",
    "صاروخ",
];

/// Whether digits at token `i` count something or are bounded, so that they are no year.
pub(crate) fn is_count(tokens: &Tokens, i: usize) -> bool {
    let bounded = tokens.norm(i.saturating_sub(1)) != "حتي" && bounds::find(tokens, i, i).bound != Bound::Exact;
    let next = match tokens.all().get(i + 1) {
        Some(t) if !t.line_start => tokens.norm(i + 1),
        _ => "",
    };
    bounded
        || COUNTED.contains(&next)
        || units::unit_at(tokens, i + 1).is_some()
        || word_class(next).is_some_and(|w| matches!(w.role, Role::Scale(..)) && w.prefix.bare())
}
