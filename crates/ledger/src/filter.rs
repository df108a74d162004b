//! What a question asks for, and the SQL of it.

use model::{EventType, Polarity, Stance, Status};

use crate::backend::Backend;
use crate::days;
use crate::error::{LedgerError, Result};
use crate::flat::{brief, letter, role};
use crate::identity::DocumentId;
use crate::schema::WITHIN;
use crate::value::Value;
use crate::write::fold_words;

/// What the claims asked for have in common. Everything given must hold; of several values of one field, one.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// PLOVER types.
    pub types: Vec<EventType>,
    /// PLOVER modes.
    pub modes: Vec<String>,
    /// Who does it: a name in any language that was read, a key (`actor:…`), or a country's code (`RUS`).
    pub actors: Vec<String>,
    /// To whom; named as actors are.
    pub recipients: Vec<String>,
    /// ISO 3166 alpha-3 codes, or names, of the country of an actor, recipient or place.
    pub countries: Vec<String>,
    /// Where.
    pub place: Option<Near>,
    /// First day (`2020-05-27`, `2020-05`, `2020`).
    pub from: Option<String>,
    /// Last day.
    pub to: Option<String>,
    /// Which date counts.
    pub dated: Dated,
    /// Outlets that carried the document, by name or a word of it.
    pub outlets: Vec<String>,
    /// Who said it first; `outlet` is the outlet's own voice.
    pub origins: Vec<String>,
    /// Who passed it on.
    pub vias: Vec<String>,
    /// How the text holds it.
    pub statuses: Vec<Status>,
    /// Said to happen or not to.
    pub polarity: Option<Polarity>,
    /// How the saying takes its content.
    pub stances: Vec<Stance>,
    /// A kind of loaded word about an actor, recipient or place of it in the same article; `any` is all kinds.
    pub loaded: Option<String>,
    /// Class, family, model or English name of a thing.
    pub things: Vec<String>,
    /// Only of this document.
    pub document: Option<DocumentId>,
    /// Only events with things (the transfers).
    pub with_things: bool,
}

/// A place, or what lies around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    /// Its name, or `latitude,longitude` in decimal degrees.
    pub name: String,
    /// How far around it, in kilometres; none is the place itself.
    pub radius_km: Option<f64>,
}

/// Which date a question means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dated {
    /// That of the event where the text states one, else that of publication.
    #[default]
    Either,
    /// That of the event; what states none is left out.
    Event,
    /// That of publication.
    Publication,
}

/// Conditions, their values, and what a user should know about how they were taken.
#[derive(Debug, Default)]
pub struct Conditions {
    parts: Vec<String>,
    /// Values of `?1`, `?2`, …
    pub values: Vec<Value>,
    /// Names that nothing in the ledger bears.
    pub notes: Vec<String>,
}

impl Conditions {
    /// Conditions of a statement whose first parameters are these.
    pub fn after(values: Vec<Value>) -> Self {
        Self { values, ..Self::default() }
    }

    /// No conditions yet, with the values and notes so far.
    pub fn restart(self) -> Self {
        Self { parts: Vec::new(), ..self }
    }

    /// Another condition.
    pub fn add(&mut self, part: impl Into<String>) {
        self.parts.push(part.into());
    }

    /// The place of another value.
    pub fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts.len()
    }

    /// All of them.
    pub fn sql(&self) -> String {
        if self.parts.is_empty() { "1 = 1".into() } else { self.parts.join(" AND ") }
    }

    fn among<'a>(&mut self, column: &str, values: impl Iterator<Item = &'a str>) {
        let places: Vec<String> = values.map(|v| self.value(Value::text(v))).collect();
        if !places.is_empty() {
            self.add(format!("{column} IN ({})", places.join(", ")));
        }
    }
}

/// Numbers as SQL lists them; where there are none, one that nothing has.
pub fn list(ids: &[i64]) -> String {
    if ids.is_empty() {
        return "-1".into();
    }
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

impl Filter {
    /// Whether anything is asked of the events themselves, beyond their document and who says them.
    pub fn narrows_events(&self) -> bool {
        !(self.types.is_empty()
            && self.modes.is_empty()
            && self.actors.is_empty()
            && self.recipients.is_empty()
            && self.countries.is_empty()
            && self.statuses.is_empty()
            && self.things.is_empty())
            || self.place.is_some()
            || self.polarity.is_some()
            || self.loaded.is_some()
            || self.with_things
    }

    /// Whether anything is asked of claims, who says them and when included.
    pub fn narrows_claims(&self) -> bool {
        self.narrows_events()
            || !self.origins.is_empty()
            || !self.vias.is_empty()
            || !self.stances.is_empty()
            || self.from.is_some()
            || self.to.is_some()
    }

    /// Conditions on a document `d`.
    pub fn documents(&self, db: &mut dyn Backend, c: &mut Conditions) -> Result<()> {
        if let Some(id) = self.document {
            let id = c.value(Value::Blob(id.bytes().to_vec()));
            c.add(format!("d.hash = {id}"));
        }
        if !self.outlets.is_empty() {
            let ids = outlets(db, &self.outlets, &mut c.notes)?;
            c.add(sighted_in(&ids));
        }
        Ok(())
    }

    /// Conditions on the publication of a document `d`.
    pub fn published(&self, c: &mut Conditions) -> Result<()> {
        let (from, to) = self.days()?;
        if let Some(day) = from {
            c.add(format!("d.published >= {day}"));
        }
        if let Some(day) = to {
            c.add(format!("d.published <= {day}"));
        }
        Ok(())
    }

    /// Conditions on who says something: on a column that holds a statement's number.
    pub fn sayings(&self, column: &str, db: &mut dyn Backend, c: &mut Conditions) -> Result<()> {
        for (names, what, role) in [(&self.origins, "origin", role::ORIGIN), (&self.vias, "via", role::VIA)] {
            if names.is_empty() {
                continue;
            }
            let own = role == role::ORIGIN && names.iter().any(|n| n == "outlet");
            let named: Vec<String> = names.iter().filter(|n| !own || *n != "outlet").cloned().collect();
            let ids = entities(db, &named, what, &mut c.notes)?;
            let said = format!(
                "{column} IN (SELECT l.statement FROM link l WHERE l.role = '{role}' AND l.entity IN ({}))",
                list(&ids)
            );
            c.add(if own { format!("({column} IS NULL OR {said})") } else { said });
        }
        if !self.stances.is_empty() {
            let places: Vec<String> = self.stances.iter().map(|s| c.value(s.code().into())).collect();
            c.add(format!("{column} IN (SELECT s.id FROM statement s WHERE s.stance IN ({}))", places.join(", ")));
        }
        Ok(())
    }

    /// Conditions on an event `e` of a document `d`.
    pub fn events(&self, db: &mut dyn Backend, c: &mut Conditions) -> Result<()> {
        self.documents(db, c)?;
        self.sayings("e.statement", db, c)?;
        c.among("e.type", self.types.iter().map(|t| letter(*t)));
        c.among("e.mode", self.modes.iter().map(String::as_str));
        c.among("e.status", self.statuses.iter().map(|s| brief(s.code())));
        c.among("e.polarity", self.polarity.iter().map(|p| brief(p.code())));
        for (names, what, role) in
            [(&self.actors, "actor", role::ACTOR), (&self.recipients, "recipient", role::RECIPIENT)]
        {
            if !names.is_empty() {
                let ids = entities(db, names, what, &mut c.notes)?;
                c.add(takes_part(&ids, &format!(" AND p.role = '{role}'")));
            }
        }
        if !self.countries.is_empty() {
            let ids = of_countries(db, &self.countries, &mut c.notes)?;
            c.add(takes_part(&ids, ""));
        }
        if let Some(near) = &self.place {
            let ids = near.entities(db, &mut c.notes)?;
            c.add(takes_part(&ids, &format!(" AND p.role = '{}'", role::PLACE)));
        }
        if let Some(kind) = &self.loaded {
            let of_kind =
                if kind == "any" { String::new() } else { format!(" AND l.kind = {}", c.value(Value::text(kind))) };
            c.add(format!(
                "EXISTS (SELECT 1 FROM loaded l JOIN participant p ON p.entity = l.entity \
                 WHERE l.document = e.document AND p.event = e.id{of_kind})"
            ));
        }
        if !self.things.is_empty() {
            let mut any = Vec::new();
            for thing in &self.things {
                let v = c.value(Value::text(&thing.to_lowercase()));
                any.push(format!(
                    "lower(t.what) = {v} OR lower(t.class) = {v} OR lower(t.family) = {v} OR lower(t.model) = {v}"
                ));
            }
            c.add(format!("e.id IN (SELECT t.event FROM thing t WHERE {})", any.join(" OR ")));
        }
        if self.with_things {
            c.add("EXISTS (SELECT 1 FROM thing t WHERE t.event = e.id)");
        }
        let (first, last) = match self.dated {
            Dated::Either => ("coalesce(e.first_day, d.published)", "coalesce(e.last_day, d.published)"),
            Dated::Event => ("e.first_day", "e.last_day"),
            Dated::Publication => ("d.published", "d.published"),
        };
        let (from, to) = self.days()?;
        if let Some(day) = from {
            c.add(format!("{last} >= {day}"));
        }
        if let Some(day) = to {
            c.add(format!("{first} <= {day}"));
        }
        Ok(())
    }

    fn days(&self) -> Result<(Option<i64>, Option<i64>)> {
        let read = |date: &Option<String>| {
            date.as_deref()
                .map(|d| {
                    days::range(d).ok_or_else(|| {
                        LedgerError::Question(format!(
                            "{d:?} is no date\n  a date is 2020-05-27, 2020-05, 2020 or 2020-W21"
                        ))
                    })
                })
                .transpose()
        };
        Ok((read(&self.from)?.map(|r| r.0), read(&self.to)?.map(|r| r.1)))
    }
}

fn takes_part(ids: &[i64], role: &str) -> String {
    format!("e.id IN (SELECT p.event FROM participant p WHERE p.entity IN ({}){role})", list(ids))
}

/// A condition on a document `d`: seen in one of these outlets.
pub fn sighted_in(ids: &[i64]) -> String {
    format!("EXISTS (SELECT 1 FROM sighting g WHERE g.document = d.id AND g.outlet IN ({}))", list(ids))
}

fn ids_of(db: &mut dyn Backend, sql: &str, values: &[Value]) -> Result<Vec<i64>> {
    Ok(db.query(sql, values)?.into_iter().filter_map(|mut r| r.int()).collect())
}

/// Numbers of the outlets of these names; of those that have the words of it in their name where none is called so.
pub fn outlets(db: &mut dyn Backend, names: &[String], notes: &mut Vec<String>) -> Result<Vec<i64>> {
    let mut out = Vec::new();
    for name in names {
        let folded = fold_words(name);
        let mut ids = ids_of(
            db,
            "SELECT id FROM outlet WHERE name = ?1 OR folded = ?2",
            &[Value::text(name.trim()), Value::text(&folded)],
        )?;
        if ids.is_empty() && folded.trim() != "" {
            ids = ids_of(db, "SELECT id FROM outlet WHERE folded LIKE ?1", &[Value::text(&format!("%{folded}%"))])?;
        }
        if ids.is_empty() {
            notes.push(format!("no outlet here is called {name:?}"));
        }
        out.extend(ids);
    }
    Ok(out)
}

/// Numbers of the entities of these names: by key, country code, name or any spelling that was read; of those whose
/// names hold the words where none is called so.
pub fn entities(db: &mut dyn Backend, names: &[String], what: &str, notes: &mut Vec<String>) -> Result<Vec<i64>> {
    let mut out = Vec::new();
    for name in names {
        let name = name.trim();
        let mut ids = ids_of(
            db,
            "SELECT id FROM entity WHERE key = ?1 OR key = ?2",
            &[Value::text(name), Value::text(&format!("country:{}", name.to_uppercase()))],
        )?;
        let folded = fold_words(name);
        if ids.is_empty() && folded.trim() != "" {
            for (operator, pattern) in [("=", folded.clone()), ("LIKE", format!("%{folded}%"))] {
                ids = ids_of(
                    db,
                    &format!(
                        "SELECT id FROM entity WHERE folded {operator} ?1 \
                         UNION SELECT entity FROM alias WHERE folded {operator} ?1"
                    ),
                    &[Value::text(&pattern)],
                )?;
                if !ids.is_empty() {
                    break;
                }
            }
        }
        if ids.is_empty() {
            notes.push(format!("nobody and nothing here is called {name:?} ({what})"));
        }
        out.extend(ids);
    }
    Ok(out)
}

/// Numbers of all entities of these countries, themselves included.
fn of_countries(db: &mut dyn Backend, names: &[String], notes: &mut Vec<String>) -> Result<Vec<i64>> {
    let mut out = Vec::new();
    for name in names {
        let mut codes = vec![name.trim().to_uppercase()];
        if name.trim().len() != 3 {
            let folded = fold_words(name);
            let rows = db.query(
                "SELECT country FROM entity WHERE key LIKE 'country:%' AND (folded = ?1 OR id IN \
                 (SELECT entity FROM alias WHERE folded = ?1))",
                &[Value::text(&folded)],
            )?;
            codes = rows.into_iter().filter_map(|mut r| r.text()).collect();
        }
        let mut found = false;
        for code in codes {
            let ids = ids_of(db, "SELECT id FROM entity WHERE country = ?1", &[Value::text(&code)])?;
            found |= !ids.is_empty();
            out.extend(ids);
        }
        if !found {
            notes.push(format!("nothing here belongs to a country {name:?} (give its name or its code, like LBY)"));
        }
    }
    Ok(out)
}

impl Near {
    /// Numbers of the places meant. With a radius those whose point lies within it; points that stand for a whole
    /// country lie nowhere.
    fn entities(&self, db: &mut dyn Backend, notes: &mut Vec<String>) -> Result<Vec<i64>> {
        let Some(radius) = self.radius_km else {
            return entities(db, std::slice::from_ref(&self.name), "place", notes);
        };
        if !(radius.is_finite() && radius >= 0.0) {
            return Err(LedgerError::Question("a radius is a number of kilometres, 0 or more".into()));
        }
        let centres = if let Some(point) = point(&self.name) {
            vec![point]
        } else {
            let ids = entities(db, std::slice::from_ref(&self.name), "place", notes)?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let sql =
                format!("SELECT latitude, longitude FROM entity WHERE latitude IS NOT NULL AND id IN ({})", list(&ids));
            let rows = db.query(&sql, &[])?;
            rows.into_iter().filter_map(|mut r| Some((r.real()?, r.real()?))).collect()
        };
        if centres.is_empty() {
            notes.push(format!("where {:?} lies is not known; give LATITUDE,LONGITUDE instead", self.name));
            return Ok(Vec::new());
        }
        let rows = db.query(
            "SELECT id, latitude, longitude FROM entity WHERE latitude IS NOT NULL AND level <> 'country'",
            &[],
        )?;
        let mut out = Vec::new();
        for mut r in rows {
            if let (Some(id), Some(lat), Some(lon)) = (r.int(), r.real(), r.real())
                && centres.iter().any(|c| kilometres(*c, (lat, lon)) <= radius)
            {
                out.push(id);
            }
        }
        Ok(out)
    }
}

fn point(text: &str) -> Option<(f64, f64)> {
    let (lat, lon) = text.split_once(',')?;
    let (lat, lon): (f64, f64) = (lat.trim().parse().ok()?, lon.trim().parse().ok()?);
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some((lat, lon))
}

/// Great-circle distance of two points in degrees, in kilometres.
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (la, lb) = (a.0.to_radians(), b.0.to_radians());
    let (dla, dlo) = ((lb - la) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let h = dla.sin().powi(2) + la.cos() * lb.cos() * dlo.sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

/// First number of a document's events or statements.
pub fn first_of(document: i64) -> i64 {
    document << WITHIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_globe() {
        // a degree of latitude, and once round the date line
        assert!((kilometres((0.0, 0.0), (1.0, 0.0)) - 111.2).abs() < 0.1);
        assert!(kilometres((10.0, 179.9), (10.0, -179.9)) < 22.0);
        assert_eq!(point("32.9, 13.2"), Some((32.9, 13.2)));
        assert_eq!(point("طرابلس، ليبيا"), None);
        assert_eq!(point("95,13"), None);
    }
}
