//! Happenings over time and on the map, aggregated.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Look, iso};
use crate::index::Happening;
use crate::types::{Bucket, MapCluster, MapView, PlaceCount, Timeline};

/// Most buckets of a timeline.
const MOST: i64 = 1000;
/// Most buckets where the unit is left to us.
const FIT: i64 = 80;
/// Pixels within which places share a cluster.
const NEAR: f64 = 48.0;
/// Places without coordinates that are told.
const UNPLACED: usize = 200;

/// Units of a timeline, the finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// A day.
    Day,
    /// From Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// By its name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|u| u.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Number of the bucket that a day falls into.
    fn bucket(self, day: i32) -> i64 {
        let day = i64::from(day);
        match self {
            Self::Day => day,
            // 1 January 1970 was a Thursday
            Self::Week => (day + 3).div_euclid(7),
            Self::Month | Self::Year => {
                let date = date(day);
                let year = i64::from(date.year());
                if self == Self::Year { year } else { year * 12 + i64::from(date.month()) - 1 }
            }
        }
    }

    /// First day of a bucket.
    fn start(self, bucket: i64) -> i64 {
        let number = |d: Date| i64::from((d - Date::constant(1970, 1, 1)).get_days());
        let of = |y: i64, m: i64| Date::new(y as i16, m as i8, 1).map_or(i64::MAX / 2, number);
        match self {
            Self::Day => bucket,
            Self::Week => bucket * 7 - 3,
            Self::Month => of(bucket.div_euclid(12), bucket.rem_euclid(12) + 1),
            Self::Year => of(bucket, 1),
        }
    }
}

fn date(day: i64) -> Date {
    Date::constant(1970, 1, 1)
        .checked_add(jiff::Span::new().days(day.clamp(-3_000_000, 2_900_000)))
        .unwrap_or(Date::MAX)
}

impl Look<'_> {
    /// Happenings over time.
    pub fn timeline(&self, rows: &[u32], unit: Option<Unit>, revision: i64) -> Timeline {
        let (mut dated, mut undated) = (Vec::with_capacity(rows.len()), 0);
        for h in rows.iter().filter_map(|r| self.index.happenings[*r as usize].as_ref()) {
            match h.day {
                Some(d) => dated.push((d, h)),
                None => undated += 1,
            }
        }
        let ends = dated.iter().map(|d| d.0).min().zip(dated.iter().map(|d| d.0).max());
        let Some((first, last)) = ends else {
            return Timeline { unit: unit.unwrap_or(Unit::Day).name().into(), buckets: Vec::new(), undated, revision };
        };
        let count = |u: Unit| u.bucket(last) - u.bucket(first) + 1;
        let most = if unit.is_some() { MOST } else { FIT };
        let fits = |u: &Unit| count(*u) <= most && unit.is_none_or(|asked| *u >= asked);
        let unit = Unit::ALL.into_iter().find(fits).unwrap_or(Unit::Year);
        let from = unit.bucket(first);
        let mut buckets: Vec<Bucket> = (0..count(unit).min(MOST))
            .map(|i| Bucket {
                start: iso(unit.start(from + i) as i32).unwrap_or_default(),
                end: iso(unit.start(from + i + 1) as i32 - 1).unwrap_or_default(),
                happenings: 0,
                claims: 0,
                by_type: BTreeMap::new(),
                one_origin: 0,
            })
            .collect();
        for (day, h) in dated {
            let Some(b) = buckets.get_mut((unit.bucket(day) - from) as usize) else {
                undated += 1;
                continue;
            };
            b.happenings += 1;
            b.claims += h.claims.len() as u64;
            *b.by_type.entry(h.kind.code().into()).or_default() += 1;
            b.one_origin += u64::from(h.roots.len() == 1);
        }
        Timeline { unit: unit.name().into(), buckets, undated, revision }
    }

    /// Happenings on the map.
    pub fn map(&self, rows: &[u32], bbox: [f64; 4], zoom: u8, revision: i64) -> MapView {
        struct Cluster<'h> {
            places: BTreeMap<u32, u64>,
            happenings: BTreeMap<u32, &'h Happening>,
        }
        let scale = 256.0 * 2f64.powi(i32::from(zoom)) / NEAR;
        let mut cells: BTreeMap<(i64, i64), Cluster<'_>> = BTreeMap::new();
        let mut unplaced: BTreeMap<u32, u64> = BTreeMap::new();
        let mut nowhere = 0;
        for row in rows {
            let Some(h) = self.index.happenings[*row as usize].as_ref() else { continue };
            nowhere += u64::from(h.places.is_empty());
            for place in h.places.iter().copied() {
                let Some(at) = &self.index.entities[place as usize].location else {
                    *unplaced.entry(place).or_default() += 1;
                    continue;
                };
                let (lat, lon) = (f64::from(at.latitude), f64::from(at.longitude));
                if lon < bbox[0] || lon > bbox[2] || lat < bbox[1] || lat > bbox[3] {
                    continue;
                }
                let cluster = cells
                    .entry(cell(lat, lon, scale))
                    .or_insert_with(|| Cluster { places: BTreeMap::new(), happenings: BTreeMap::new() });
                *cluster.places.entry(place).or_default() += 1;
                cluster.happenings.insert(*row, h);
            }
        }
        let counted = |counts: BTreeMap<u32, u64>, most: usize| -> Vec<PlaceCount> {
            let mut all: Vec<(u32, u64)> = counts.into_iter().collect();
            all.sort_by_key(|(p, n)| (std::cmp::Reverse(*n), self.index.entities[*p as usize].key.clone()));
            all.truncate(most);
            all.into_iter().map(|(p, n)| PlaceCount { place: self.place(p), happenings: n }).collect()
        };
        let clusters = (cells.into_values())
            .map(|c| {
                let points: Vec<(f64, f64, &str)> = (c.places.keys())
                    .filter_map(|p| self.index.entities[*p as usize].location.as_ref())
                    .map(|l| (f64::from(l.latitude), f64::from(l.longitude), l.level.as_str()))
                    .collect();
                let n = points.len().max(1) as f64;
                let ends = |f: fn(&(f64, f64, &str)) -> f64| {
                    let low = points.iter().map(f).fold(f64::INFINITY, f64::min);
                    (low, points.iter().map(f).fold(f64::NEG_INFINITY, f64::max))
                };
                let ((south, north), (west, east)) = (ends(|p| p.0), ends(|p| p.1));
                let mut by_type = BTreeMap::new();
                for h in c.happenings.values() {
                    *by_type.entry(h.kind.code().to_string()).or_default() += 1;
                }
                MapCluster {
                    latitude: points.iter().map(|p| p.0).sum::<f64>() / n,
                    longitude: points.iter().map(|p| p.1).sum::<f64>() / n,
                    bbox: [west, south, east, north],
                    happenings: c.happenings.len() as u64,
                    claims: c.happenings.values().map(|h| h.claims.len() as u64).sum(),
                    level: points.iter().map(|p| p.2).min_by_key(|l| (coarseness(l), *l)).unwrap_or_default().into(),
                    places: counted(c.places, 5),
                    by_type,
                }
            })
            .collect();
        MapView { clusters, unplaced: counted(unplaced, UNPLACED), nowhere, revision }
    }

    /// Distinct origins over happenings, for counts of groups.
    pub fn origins(&self, rows: impl Iterator<Item = u32>) -> u64 {
        let mut all: BTreeSet<u64> = BTreeSet::new();
        for h in rows.filter_map(|r| self.index.happenings[r as usize].as_ref()) {
            all.extend(h.roots.iter());
        }
        all.len() as u64
    }
}

fn coarseness(level: &str) -> usize {
    let order = ["country", "adm1", "adm2", "city", "town", "village"];
    order.iter().position(|l| *l == level).unwrap_or(order.len())
}

/// The square of a web map that a point falls into.
fn cell(lat: f64, lon: f64, scale: f64) -> (i64, i64) {
    let lat = lat.clamp(-85.051_128, 85.051_128).to_radians();
    let y = (1.0 - (lat.tan() + 1.0 / lat.cos()).ln() / std::f64::consts::PI) / 2.0;
    (((lon + 180.0) / 360.0 * scale).floor() as i64, (y * scale).floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_the_calendar() {
        let day = |s: &str| trace::dates::day(s).unwrap();
        assert_eq!(iso(Unit::Week.start(Unit::Week.bucket(day("2031-03-05"))) as i32).unwrap(), "2031-03-03");
        assert_eq!(iso(Unit::Month.start(Unit::Month.bucket(day("2028-02-29")) + 1) as i32).unwrap(), "2028-03-01");
        assert_eq!(iso(Unit::Year.start(Unit::Year.bucket(day("1969-12-31"))) as i32).unwrap(), "1969-01-01");
        for d in [-800_000, -1, 0, 1, 19_000, 2_000_000] {
            for unit in Unit::ALL {
                let b = unit.bucket(d);
                assert!(unit.start(b) <= i64::from(d) && i64::from(d) < unit.start(b + 1), "{unit:?} {d}");
            }
        }
    }

    #[test]
    fn places_far_apart_are_never_in_one_cell() {
        assert_ne!(cell(32.9, 13.2, 1024.0), cell(36.8, 10.2, 1024.0));
        assert_eq!(cell(32.9, 13.2, 5.0), cell(32.8, 13.1, 5.0));
    }
}
