//! What a PLOVER type and mode comes to in older codes: CAMEO, quad class, a conflict–cooperation scale.
//!
//! The table is `codes.tsv`; its head names the sources and says when a code is stated.

use std::sync::LazyLock;

use model::EventType;

static TABLE: &str = include_str!("codes.tsv");

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    kind: EventType,
    mode: Option<&'static str>,
    cameo: Option<&'static str>,
    scale: Option<f64>,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| TABLE.lines().filter_map(line).collect());

fn line(line: &'static str) -> Option<Line> {
    let mut columns = line.split('\t');
    let kind = EventType::from_code(columns.next()?)?;
    let mut value = || columns.next().filter(|c| *c != "-");
    Some(Line { kind, mode: value(), cameo: value(), scale: value().and_then(|s| s.parse().ok()) })
}

fn of(kind: EventType, mode: Option<&str>) -> Option<&'static Line> {
    LINES.iter().find(|l| l.kind == kind && l.mode == mode)
}

/// The one CAMEO code with this meaning; none where PLOVER's conversion has several, or a wider one.
pub fn cameo(kind: EventType, mode: Option<&str>) -> Option<&'static str> {
    of(kind, mode)?.cameo
}

/// A conflict–cooperation scale, -10 (conflict) to +10 (cooperation), after Goldstein. It ranks types of events, it does not
/// measure what happened. A mode that PLOVER does not know counts as none.
pub fn scale(kind: EventType, mode: Option<&str>) -> Option<f64> {
    of(kind, mode).or_else(|| of(kind, None))?.scale
}

/// PLOVER's quad class: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
pub const fn quad(kind: EventType) -> u8 {
    match kind {
        EventType::Agree | EventType::Consult | EventType::Support | EventType::Concede => 1,
        EventType::Cooperate | EventType::Aid | EventType::Retreat => 2,
        EventType::Request | EventType::Accuse | EventType::Reject | EventType::Threaten => 3,
        EventType::Protest | EventType::Sanction | EventType::Mobilize | EventType::Coerce | EventType::Assault => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_and_mode_stands_once_and_nothing_else_does() {
        let mut want = 0;
        for kind in EventType::ALL {
            for mode in std::iter::once(None).chain(kind.modes().iter().map(|m| Some(*m))) {
                let found = LINES.iter().filter(|l| l.kind == *kind && l.mode == mode).count();
                assert_eq!(found, 1, "{} {mode:?}", kind.code());
                want += 1;
            }
        }
        assert_eq!(LINES.len(), want);
        assert_eq!(TABLE.lines().filter(|l| !l.starts_with('#')).count(), want, "a line that cannot be read");
    }

    #[test]
    fn the_scale_has_the_sign_of_its_quad_class() {
        for l in LINES.iter() {
            let Some(scale) = l.scale else {
                assert_eq!(l.kind, EventType::Request);
                continue;
            };
            assert!((-10.0..=10.0).contains(&scale));
            assert_eq!(scale > 0.0, quad(l.kind) <= 2, "{l:?}");
        }
    }

    #[test]
    fn codes_are_stated_only_where_one_has_the_meaning() {
        assert_eq!(cameo(EventType::Consult, Some("phone")), Some("041"));
        assert_eq!(cameo(EventType::Protest, Some("demo")), Some("141"));
        assert_eq!(cameo(EventType::Assault, None), None);
        assert_eq!(cameo(EventType::Retreat, Some("withdraw")), None, "0872 is narrower");
        assert_eq!(cameo(EventType::Consult, Some("no such mode")), None);
        assert_eq!(scale(EventType::Consult, Some("no such mode")), Some(1.0));
        for l in LINES.iter() {
            let digits = |c: &str| (3..=4).contains(&c.len()) && c.bytes().all(|b| b.is_ascii_digit());
            assert!(l.cameo.is_none_or(digits), "{l:?}");
        }
    }
}
