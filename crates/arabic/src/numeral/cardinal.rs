use super::Amount;
use super::digits::{self, Digits};
use super::prefix::Particle;
use super::words::{Form, NumWord, Role, scale_value};
use crate::letter::{Class, class};
use crate::{Kind as TokenKind, Tokens};

/// Where the parser finds the class of each token.
pub(crate) trait Words {
    /// The class of token `i`, which may lie past the end.
    fn word(&self, i: usize) -> Option<NumWord>;
}

impl Words for &[Option<NumWord>] {
    fn word(&self, i: usize) -> Option<NumWord> {
        self.get(i).copied().flatten()
    }
}

/// A cardinal as far as its own words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cardinal {
    /// First token.
    pub(crate) first: usize,
    /// Last token.
    pub(crate) last: usize,
    /// None for vague plurals (عشرات الآلاف).
    pub(crate) amount: Option<Amount>,
    /// The last group without its scale (5 in خمسة آلاف).
    pub(crate) coefficient: Amount,
    /// The scale of the last group; 1 where none is written.
    pub(crate) scale: u64,
    /// How many groups were added up.
    pub(crate) groups: u8,
    /// Whether it is written in digits throughout.
    pub(crate) in_digits: bool,
}

/// Parses cardinals and ordinals at given tokens.
pub(crate) struct Parser<'t, 'a, W> {
    pub(crate) tokens: &'t Tokens<'a>,
    pub(crate) words: W,
    /// One past the last token that may be read.
    pub(crate) end: usize,
}

struct Group {
    coefficient: Amount,
    scale: u64,
    next: usize,
    /// Whether something counts the scale.
    counted: bool,
    in_digits: bool,
}

impl<W: Words> Parser<'_, '_, W> {
    /// The class of token `i`, unless it begins a line or lies beyond the end.
    fn inside(&self, i: usize) -> Option<NumWord> {
        if i >= self.end || self.tokens.all().get(i)?.line_start {
            return None;
        }
        self.words.word(i)
    }

    /// A word that follows without و or a preposition.
    fn plain(&self, i: usize) -> Option<NumWord> {
        self.inside(i).filter(|w| w.prefix.bare())
    }

    /// The word joined with و at token `i`: its index.
    fn joined(&self, i: usize) -> Option<(usize, NumWord)> {
        let w = self.inside(i)?;
        if w.role == Role::And {
            let next = self.inside(i + 1)?;
            return (next.prefix.bare() && next.role != Role::And).then_some((i + 1, next));
        }
        if w.prefix.and && w.prefix.particle == Particle::None {
            return Some((i, w));
        }
        // `وأحد عشر` folds like `واحد عشر`
        if self.is_and_one(i) {
            return Some((i, NumWord { role: Role::Front(1), ..w }));
        }
        None
    }

    /// Whether token `i` is واحد that may be وأحد: before عشر or before tens.
    fn is_and_one(&self, i: usize) -> bool {
        self.tokens.norm(i) == "واحد"
            && (self.plain(i + 1).is_some_and(|n| n.role == Role::Ten)
                || matches!(self.inside(i + 1), Some(NumWord { role: Role::Tens(_), prefix }) if prefix.and)
                || (self.inside(i + 1).is_some_and(|n| n.role == Role::And)
                    && matches!(self.inside(i + 2).map(|n| n.role), Some(Role::Tens(_)))))
    }

    fn below_hundred(&self, i: usize, w: NumWord) -> Option<(u64, usize)> {
        match w.role {
            Role::Unit(u) | Role::Front(u) => {
                if u > 0 && self.plain(i + 1).is_some_and(|n| n.role == Role::Ten) {
                    return Some((10 + u64::from(u), i + 2));
                }
                let front = matches!(w.role, Role::Front(_));
                if u > 0
                    && !(front && (u != 1 || w.prefix.definite))
                    && let Some((at, NumWord { role: Role::Tens(t), .. })) = self.joined(i + 1)
                {
                    return Some((u64::from(t) * 10 + u64::from(u), at + 1));
                }
                (!front).then_some((u64::from(u), i + 1))
            }
            Role::Accusative(u) => match self.joined(i + 1)? {
                (at, NumWord { role: Role::Tens(t), .. }) => Some((u64::from(t) * 10 + u64::from(u), at + 1)),
                _ => None,
            },
            Role::Ten => Some((10, i + 1)),
            Role::Tens(t) => Some((u64::from(t) * 10, i + 1)),
            _ => None,
        }
    }

    fn below_thousand(&self, i: usize, w: NumWord) -> Option<(u64, usize)> {
        let hundred = |k| self.plain(k).is_some_and(|n| n.role == Role::Hundred) && !self.is_percent_word(k);
        let (hundreds, next) = match w.role {
            Role::Hundred => (1, i + 1),
            Role::Hundreds(h) => (h, i + 1),
            Role::Unit(u @ 3..=9) if hundred(i + 1) => (u, i + 2),
            _ => return self.below_hundred(i, w),
        };
        let base = u64::from(hundreds) * 100;
        if let Some((at, rest)) = self.joined(next) {
            let tail = match rest.role {
                Role::Digits => {
                    self.digits(at).filter(|(_, n)| *n == at + 1).and_then(|(d, n)| Some((d.amount.exact()?, n)))
                }
                _ => self.below_hundred(at, rest),
            };
            if let Some((value, after)) = tail
                && (1..100).contains(&value)
                && !hundred(after)
            {
                return Some((base + value, after));
            }
        }
        Some((base, next))
    }

    /// المئة after في is the hundred of a percentage.
    fn is_percent_word(&self, i: usize) -> bool {
        i > 0 && self.tokens.norm(i - 1) == "في"
    }

    /// Digits at token `i`, with the groups of three that follow after single spaces (`10 000`).
    fn digits(&self, i: usize) -> Option<(Digits, usize)> {
        let mut read = digits::parse(self.tokens.norm(i))?;
        let mut next = i + 1;
        if read.can_lead_spaced_group && read.amount > Amount::whole(0) {
            let all = self.tokens.all();
            while next < self.end
                && let Some(token) = all.get(next)
                && token.kind == TokenKind::Number
                && !token.line_start
                && token.span.len() == 3
                && token.span.start == all[next - 1].span.end + 1
                && self.words.word(next).is_some()
                && let Ok(group) = self.tokens.norm(next).parse::<u64>()
                && let Some(amount) = read.amount.times(1000).and_then(|a| a.plus(Amount::whole(group)))
                && amount <= Amount::whole(999_999_999_999_999_999)
            {
                read.amount = amount;
                next += 1;
            }
        }
        Some((read, next))
    }

    /// Digits on both sides of a decimal letter (`2ر5`), and the token behind. Some papers set the whole before the letter,
    /// some behind it: no amount where neither side tells by its zeros which one it is (`0ر5` and `5ر0` are a half).
    pub(crate) fn lettered(&self, i: usize) -> Option<(Option<Amount>, usize)> {
        let all = self.tokens.all();
        let (letter, last) = (all.get(i + 1)?, all.get(i + 2)?);
        let joined = self.tokens.norm(i + 1) == "ر"
            && !letter.spaced
            && !last.spaced
            && last.kind == TokenKind::Number
            && i + 2 < self.end;
        if !joined {
            return None;
        }
        let (before, after) = (self.tokens.norm(i), self.tokens.norm(i + 2));
        // a whole number does not begin with a zero that more digits follow, nor does a part of one stop at a zero
        let part_only = |s: &str| s.len() > 1 && s.starts_with('0');
        let amount = if before == "0" || part_only(after) {
            digits::decimal(before, after)
        } else if after == "0" || part_only(before) {
            digits::decimal(after, before)
        } else {
            None
        };
        Some((amount, i + 3))
    }

    /// The decimals behind `فاصلة` at token `i`, and the token behind them.
    fn decimals(&self, i: usize) -> Option<(Amount, usize)> {
        let comma = self.tokens.all().get(i).is_some_and(|t| !t.line_start) && i < self.end;
        if !(comma && self.tokens.norm(i) == "فاصله") {
            return None;
        }
        let (value, next) = match self.plain(i + 1)? {
            NumWord { role: Role::Digits, .. } => {
                let (read, next) = self.digits(i + 1)?;
                (read.amount.exact()?, next)
            }
            word => self.below_thousand(i + 1, word)?,
        };
        let mut parts = 10;
        while parts <= value {
            parts = parts.checked_mul(10)?;
        }
        Some((Amount::whole(value).divided(parts), next))
    }

    /// How many parts make a whole, where token `i` is a plural of such parts (أرباع).
    fn parts_at(&self, i: usize) -> Option<u64> {
        let on_line = i < self.end && self.tokens.all().get(i).is_some_and(|t| !t.line_start);
        let parts = on_line.then(|| self.tokens.norm(i).trim_start_matches("ال"))?;
        Some(match parts {
            "اثلاث" => 3,
            "ارباع" => 4,
            "اخماس" => 5,
            "اسداس" => 6,
            "اسباع" => 7,
            "اثمان" => 8,
            "اتساع" => 9,
            "اعشار" => 10,
            _ => return None,
        })
    }

    fn scale_at(&self, i: usize) -> Option<(u8, Form)> {
        match self.plain(i)?.role {
            Role::Scale(power, form) => Some((power, form)),
            _ => None,
        }
    }

    fn group(&self, i: usize, w: NumWord) -> Option<Group> {
        let mut group = match w.role {
            Role::Digits => {
                if let Some((amount, next)) = self.lettered(i) {
                    return self.scaled(Group { coefficient: amount?, scale: 1, next, counted: true, in_digits: true });
                }
                let (read, next) = self.digits(i)?;
                let next = if self.scale_at(next + 1).is_some() && self.is_quoted(i, next) { next + 1 } else { next };
                let decides = self.scale_at(next).is_some()
                    || super::units::unit_at(self.tokens, next).is_some_and(|u| u.0 == super::units::Unit::Percent);
                let coefficient = if decides { read.decimal.unwrap_or(read.amount) } else { read.amount };
                Group { coefficient, scale: 1, next, counted: true, in_digits: true }
            }
            Role::Fraction(fraction) => {
                let (power, form) = self.scale_at(i + 1)?;
                if form != Form::Singular {
                    return None;
                }
                let coefficient = Amount::whole(1).divided(fraction.parts());
                return Some(Group {
                    coefficient,
                    scale: scale_value(power),
                    next: i + 2,
                    counted: true,
                    in_digits: false,
                });
            }
            Role::Scale(power, form) => {
                let count = match form {
                    Form::Singular => 1,
                    Form::Alef => self.alef(i)?,
                    Form::Dual => 2,
                    Form::Plural => return None,
                };
                let coefficient = Amount::whole(count);
                Group { coefficient, scale: scale_value(power), next: i + 1, counted: count == 2, in_digits: false }
            }
            _ => {
                let (value, next) = self.below_thousand(i, w)?;
                // three quarters, and of a million
                match self.parts_at(next).filter(|parts| next == i + 1 && value < *parts) {
                    Some(parts) => {
                        let coefficient = Amount::whole(value).divided(parts);
                        Group { coefficient, scale: 1, next: next + 1, counted: true, in_digits: false }
                    }
                    None => {
                        Group { coefficient: Amount::whole(value), scale: 1, next, counted: true, in_digits: false }
                    }
                }
            }
        };
        if group.scale == 1
            && let Some((part, next)) = self.decimals(group.next)
        {
            group.coefficient = group.coefficient.plus(part)?;
            group.next = next;
        }
        self.scaled(group)
    }

    /// The group with the scales that follow it.
    fn scaled(&self, mut group: Group) -> Option<Group> {
        while let Some((power, form)) = self.scale_at(group.next) {
            let scale = scale_value(power);
            if form == Form::Dual || scale <= group.scale {
                break;
            }
            // a thousand millions: the lower scale becomes part of what is counted
            group.coefficient = group.coefficient.times(group.scale)?;
            group.scale = scale;
            group.next += 1;
            group.counted = true;
            group.in_digits = false;
        }
        Some(group)
    }

    /// Whether the mark at `end` closes a quotation that opens right before token `first` (`«3» آلاف`).
    fn is_quoted(&self, first: usize, end: usize) -> bool {
        let mark = |i: usize| self.tokens.all().get(i).map_or("", |_| self.tokens.norm(i));
        first
            .checked_sub(1)
            .is_some_and(|i| matches!((mark(i), mark(end)), ("«", "»") | ("\"", "\"") | ("“", "”") | ("(", ")")))
    }

    /// What an uncounted ألفا counts: with its tanwin one, else the dual before its noun.
    fn alef(&self, i: usize) -> Option<u64> {
        if self.tokens.surface(i).contains('\u{064B}') {
            return Some(1);
        }
        let noun = self.tokens.all().get(i + 1)?;
        (noun.kind == TokenKind::Arabic && !noun.line_start).then_some(2)
    }

    /// The cardinal that begins at token `i`.
    pub(crate) fn cardinal(&self, i: usize) -> Option<Cardinal> {
        let mut word = self.words.word(i).filter(|_| i < self.end)?;
        if self.is_and_one(i) {
            word.role = Role::Front(1);
        }
        if let Some(last) = self.vague(i, word) {
            return Some(Cardinal {
                first: i,
                last,
                amount: None,
                coefficient: Amount::whole(1),
                scale: 1,
                groups: 1,
                in_digits: false,
            });
        }
        let first = self.group(i, word)?;
        let mut total = first.coefficient.times(first.scale)?;
        let mut out = Cardinal {
            first: i,
            last: first.next - 1,
            amount: None,
            coefficient: first.coefficient,
            scale: first.scale,
            groups: 1,
            in_digits: first.in_digits,
        };
        let mut last_scale = first.scale;
        loop {
            let next = out.last + 1;
            let Some((at, word)) = self.joined(next) else { break };
            if let Role::Fraction(fraction) = word.role {
                let part = Amount::whole(last_scale).divided(fraction.parts());
                total = total.plus(part)?;
                let repeats =
                    matches!(self.scale_at(at + 1), Some((p, Form::Singular)) if scale_value(p) == last_scale);
                out.last = at + usize::from(repeats);
                out.coefficient = total.divided(last_scale);
                break;
            }
            if last_scale == 1 {
                break;
            }
            let Some(group) = self.group(at, word) else { break };
            let value = group.coefficient.times(group.scale)?;
            if value < Amount::whole(last_scale) {
                total = total.plus(value)?;
            } else if last_scale == 1000
                && group.scale >= 1_000_000
                && group.counted
                && group.coefficient < Amount::whole(1000)
            {
                // ألف ومئتا مليون: all of it counts the millions
                total = total.plus(group.coefficient)?.times(group.scale)?;
            } else {
                break;
            }
            last_scale = group.scale;
            out.coefficient = group.coefficient;
            out.scale = group.scale;
            out.last = group.next - 1;
            out.groups += 1;
            out.in_digits &= group.in_digits;
        }
        out.amount = Some(total);
        Some(out)
    }

    /// The last token of a vague plural that begins at `i`.
    fn vague(&self, i: usize, word: NumWord) -> Option<usize> {
        let is_vague = |w: NumWord| matches!(w.role, Role::Vague | Role::Scale(_, Form::Plural));
        let mut last = match word.role {
            Role::Few => {
                let next = self.plain(i + 1)?;
                if !(is_vague(next) || next.role == Role::Ten) {
                    return None;
                }
                i + 1
            }
            _ if is_vague(word) => i,
            _ => return None,
        };
        while self
            .plain(last + 1)
            .is_some_and(|w| is_vague(w) || matches!(w.role, Role::Scale(_, Form::Singular)) && w.prefix.definite)
        {
            last += 1;
        }
        Some(last)
    }

    /// The ordinal that begins at token `i`: its value and its last token.
    pub(crate) fn ordinal(&self, i: usize) -> Option<(u64, usize)> {
        let word = self.words.word(i).filter(|_| i < self.end)?;
        let unit = match word.role {
            Role::Ordinal(n) => u64::from(n),
            Role::First if written_alef_maqsura(self.tokens.surface(i)) => 1,
            Role::Eleventh => 1,
            _ => return None,
        };
        if unit < 10 && self.plain(i + 1).is_some_and(|n| n.role == Role::Ten) {
            return Some((10 + unit, i + 1));
        }
        if unit < 10
            && word.prefix.definite
            && let Some((at, NumWord { role: Role::Tens(t), prefix })) = self.joined(i + 1)
            && prefix.definite
        {
            return Some((u64::from(t) * 10 + unit, at));
        }
        (word.role != Role::Eleventh).then_some((unit, i))
    }
}

/// Whether the word ends in ى (أولى), not ي (أولي "preliminary").
fn written_alef_maqsura(surface: &str) -> bool {
    surface.chars().rev().find(|&c| class(c) != Class::Mark).is_some_and(|c| c == 'ى')
}
