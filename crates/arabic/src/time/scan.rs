use std::cell::Cell;

use jiff::civil::Date;

use super::calendar::Partial;
use super::clock::Clock;
use super::tense::Outlook;
use super::words::{Part, Role, TimeWord};
use super::{Kind, Time};
use crate::numeral::{self, NumWord, Parser, Words, start_after_letters};
use crate::{Kind as TokenKind, Tokens};

/// Numerals seen through the classes of time words.
#[derive(Clone, Copy)]
pub(crate) struct Numerals<'c>(&'c [Option<TimeWord>]);

impl Words for Numerals<'_> {
    fn word(&self, i: usize) -> Option<NumWord> {
        match self.0.get(i).copied().flatten()? {
            TimeWord { role: Role::Number(role), prefix } => Some(NumWord { role, prefix }),
            _ => None,
        }
    }
}

/// What an expression says, before it is resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    None,
    Text(String),
    Date(Partial),
    Clock(Clock),
    /// A date with its time of day.
    Both(Partial, Clock),
}

/// How an expression names its day; different ways side by side name one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// أمس
    Offset,
    /// الاثنين
    Weekday,
    /// 27 أيار
    Day,
    /// أيار 2020, عام 2020
    Larger,
    /// 4 شوال 1441
    Hijri,
    Clock,
    Other,
}

/// An expression found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) first: usize,
    pub(crate) last: usize,
    pub(crate) kind: Kind,
    pub(crate) value: Value,
    pub(crate) way: Way,
    pub(crate) hijri: Option<String>,
    /// The part of the day that was named.
    pub(crate) part: Option<Part>,
    /// Whether the words before it speak of what is to come.
    pub(crate) outlook: Outlook,
}

impl Found {
    pub(crate) fn new(first: usize, last: usize, kind: Kind, value: Value, way: Way) -> Self {
        Self { first, last, kind, value, way, hijri: None, part: None, outlook: Outlook::Behind }
    }

    pub(crate) fn date(first: usize, last: usize, partial: Partial, way: Way) -> Self {
        Self::new(first, last, Kind::Date, Value::Date(partial), way)
    }

    pub(crate) fn text(first: usize, last: usize, kind: Kind, text: impl Into<String>) -> Self {
        Self::new(first, last, kind, Value::Text(text.into()), Way::Other)
    }

    pub(crate) fn vague(first: usize, last: usize, kind: Kind) -> Self {
        Self::new(first, last, kind, Value::None, Way::Other)
    }
}

/// How far behind a year may lie that العام نفسه takes up, in tokens.
const YEAR_REACH: usize = 30;

/// Walks the classes and reads one expression after the other.
pub(crate) struct Scanner<'t, 'a, 'c> {
    pub(crate) tokens: &'t Tokens<'a>,
    pub(crate) classes: &'c [Option<TimeWord>],
    pub(crate) reference: Option<Date>,
    pub(crate) parser: Parser<'t, 'a, Numerals<'c>>,
    /// One past the last token of the expression before.
    floor: Cell<usize>,
    /// The last year named, and the token it ends with.
    named: Cell<Option<(usize, i16)>>,
}

impl<'t, 'a, 'c> Scanner<'t, 'a, 'c> {
    pub(crate) fn new(tokens: &'t Tokens<'a>, classes: &'c [Option<TimeWord>], reference: Option<Date>) -> Self {
        let parser = Parser { tokens, words: Numerals(classes), end: classes.len() };
        Self { tokens, classes, reference, parser, floor: Cell::new(0), named: Cell::new(None) }
    }

    /// All expressions in order, before neighbours are joined.
    pub(crate) fn scan(&self) -> Vec<Found> {
        let mut out = Vec::new();
        let mut i = 0;
        while i < self.classes.len() {
            let Some(word) = self.classes[i] else {
                i += 1;
                continue;
            };
            match self.expression(i, word) {
                Ok(mut found) => {
                    if matches!(found.value, Value::Date(_)) {
                        found.outlook = self.outlook(found.first, found.last);
                    }
                    i = found.last + 1;
                    self.floor.set(i);
                    if let Value::Date(Partial { year: Some(year), .. }) = found.value {
                        self.named.set(Some((found.last, year)));
                    }
                    out.push(found);
                }
                Err(next) => i = next.max(i + 1),
            }
        }
        out
    }

    /// The expression around token `i`, or where to go on.
    fn expression(&self, i: usize, word: TimeWord) -> Result<Found, usize> {
        let found = match word.role {
            Role::Number(role) => return self.number_at(i, role),
            Role::Month(..) | Role::Hijri(..) | Role::Head(_) => self.month_at(i),
            Role::Weekday(_) => self.weekday_at(i),
            Role::Unit(..) => self.unit_at(i, word),
            Role::Offset(_) => self.offset_at(i),
            Role::Part(_) => self.part_at(i),
            Role::Vague | Role::Span => self.vague_at(i, word),
            Role::Often(unit) => Some(Found::text(i, i, Kind::Set, super::duration::iso(1, unit))),
            Role::Season(_) => self.season_at(i),
            Role::Decade(_) => self.decade_at(i),
            Role::At(_) | Role::Edge | Role::Tie(_) | Role::Relative(_) | Role::Latest => None,
        };
        found.ok_or(i + 1)
    }

    fn number_at(&self, i: usize, role: numeral::Role) -> Result<Found, usize> {
        if matches!(role, numeral::Role::And | numeral::Role::Article | numeral::Role::Particle) {
            return Err(i + 1);
        }
        if role == numeral::Role::Digits
            && let Some(found) = self.numeric(i)
        {
            return Ok(found);
        }
        if let Some(found) = self.day_and_month(i) {
            return if self.is_name(&found) { Err(found.last + 1) } else { Ok(found) };
        }
        if let Some(found) = self.clock_at(i) {
            return Ok(found);
        }
        match role {
            numeral::Role::Ordinal(1) => return self.before_yesterday(i).ok_or(i + 1),
            numeral::Role::Fraction(_) => {
                return self.part_of_year(i).or_else(|| self.counted(i).ok()).ok_or(i + 1);
            }
            _ => {}
        }
        self.counted(i)
    }

    /// The class of token `i` on the line of the token before it.
    pub(crate) fn class(&self, i: usize) -> Option<TimeWord> {
        if self.tokens.all().get(i)?.line_start { None } else { self.classes.get(i).copied().flatten() }
    }

    /// The role of token `i`, where it follows without clitics.
    pub(crate) fn role(&self, i: usize) -> Option<Role> {
        self.class(i).filter(|w| w.prefix.bare()).map(|w| w.role)
    }

    /// The folded word at `i` on the line of the token before it; empty past the end.
    pub(crate) fn norm(&self, i: usize) -> &'t str {
        match self.tokens.all().get(i) {
            Some(t) if !t.line_start => self.tokens.norm(i),
            _ => "",
        }
    }

    /// The token before `i`, unless it lies on another line or in the expression before.
    pub(crate) fn back(&self, i: usize) -> Option<usize> {
        if i > self.floor.get() && !self.tokens.all().get(i)?.line_start { Some(i - 1) } else { None }
    }

    /// The folded word before `i`; empty where there is none.
    pub(crate) fn before(&self, i: usize) -> &'t str {
        self.back(i).map_or("", |k| self.tokens.norm(k))
    }

    /// The folded word before `i`, even where the expression before ends there.
    pub(crate) fn any_before(&self, i: usize) -> &'t str {
        match i.checked_sub(1) {
            Some(k) if !self.tokens.all()[i].line_start => self.tokens.norm(k),
            _ => "",
        }
    }

    /// The role of the token before `i`, with clitics or without.
    pub(crate) fn role_before(&self, i: usize) -> Option<Role> {
        self.classes.get(self.back(i)?).copied().flatten().map(|w| w.role)
    }

    pub(crate) fn is_number_token(&self, i: usize) -> bool {
        self.tokens.all().get(i).is_some_and(|t| t.kind == TokenKind::Number)
    }

    /// Letters of و ف ب ل ك written onto token `i`.
    fn letters(&self, i: usize) -> u8 {
        self.classes.get(i).copied().flatten().map_or(0, |w| w.prefix.letters)
    }

    /// What العام نفسه means at `i`: the year named shortly before.
    pub(crate) fn same_year(&self, i: usize) -> Option<i16> {
        self.named.get().filter(|(at, _)| i.saturating_sub(*at) <= YEAR_REACH).map(|(_, year)| year)
    }

    /// Whether the word at `i` makes a definite year, month or week one that was spoken of, not the present one; and whether
    /// it is the same or another.
    pub(crate) fn points_back(&self, i: usize) -> Option<bool> {
        match self.norm(i) {
            "نفسه" | "نفسها" | "ذاته" | "ذاتها" | "عينه" | "عينها" | "المذكور" | "المذكوره" => {
                Some(true)
            }
            "التالي" | "التاليه" | "السابق" | "السابقه" | "اللاحق" | "اللاحقه" => {
                Some(false)
            }
            _ => None,
        }
    }

    /// Resolves an expression.
    pub(crate) fn finish(&self, found: Found) -> Time {
        let reference = self.reference;
        let value = match &found.value {
            Value::None => None,
            Value::Text(text) => Some(text.clone()),
            Value::Date(partial) => partial.resolve(reference, found.outlook).map(super::calendar::Point::edtf),
            Value::Clock(clock) => Some(match reference {
                Some(day) => format!("{day}{}", clock.iso()),
                None => clock.iso(),
            }),
            Value::Both(partial, clock) => {
                let day =
                    partial.resolve(reference, found.outlook).map_or_else(String::new, super::calendar::Point::edtf);
                Some(format!("{day}{}", clock.iso()))
            }
        };
        Time {
            span: start_after_letters(self.tokens, found.first, found.last, self.letters(found.first)),
            first_token: found.first,
            last_token: found.last,
            kind: found.kind,
            value,
            hijri: found.hijri,
        }
    }
}
