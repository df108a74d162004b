//! Columns of whatever Arrow type holds text, dates or numbers, read as text.
//!
//! Strings are taken as bytes and checked here, since what comes over Arrow's C interfaces was checked by nobody.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray};
use arrow_schema::{DataType, TimeUnit};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// A column of a batch.
pub(super) struct Column {
    name: String,
    kind: Kind,
}

enum Kind {
    Bytes(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    /// Values by number, where a row has one.
    Coded(Vec<Option<usize>>, Box<Kind>),
    /// Made into text beforehand: numbers and dates are few bytes.
    Made(Vec<Option<String>>),
    Null,
}

impl Column {
    /// Opens a column, or says that its type cannot be text.
    pub(super) fn open(name: &str, array: &ArrayRef) -> Result<Self, String> {
        let kind = Kind::open(array).ok_or_else(|| {
            format!("column {name:?} is of type {}, not text; cast it to string first", array.data_type())
        })?;
        Ok(Self { name: name.into(), kind })
    }

    /// The value of a row; none where it is null.
    pub(super) fn get(&self, row: usize) -> Result<Option<Cow<'_, str>>, String> {
        self.kind.get(row).map_err(|at| format!("{:?} is not UTF-8 (at byte {at}); decode it first", self.name))
    }
}

impl Kind {
    fn open(array: &ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Null => Self::Null,
            DataType::Utf8 => Self::Bytes(array.as_string::<i32>().clone().into()),
            DataType::LargeUtf8 => Self::Large(array.as_string::<i64>().clone().into()),
            DataType::Utf8View => Self::View(array.as_string_view().clone().to_binary_view()),
            DataType::Binary => Self::Bytes(array.as_binary::<i32>().clone()),
            DataType::LargeBinary => Self::Large(array.as_binary::<i64>().clone()),
            DataType::BinaryView => Self::View(array.as_binary_view().clone()),
            DataType::Dictionary(..) => {
                let coded = array.as_any_dictionary();
                let values = Self::open(coded.values())?;
                let count = coded.values().len();
                if count == 0 {
                    return Some(Self::Null);
                }
                let keys = coded.normalized_keys().into_iter().enumerate();
                Self::Coded(
                    keys.map(|(row, k)| (coded.is_valid(row) && k < count).then_some(k)).collect(),
                    Box::new(values),
                )
            }
            DataType::Int32 => made(array, |i| Some(array.as_primitive::<Int32Type>().value(i).to_string())),
            DataType::Int64 => made(array, |i| Some(array.as_primitive::<Int64Type>().value(i).to_string())),
            DataType::UInt32 => made(array, |i| Some(array.as_primitive::<UInt32Type>().value(i).to_string())),
            DataType::UInt64 => made(array, |i| Some(array.as_primitive::<UInt64Type>().value(i).to_string())),
            DataType::Date32 => made(array, |i| {
                let days = i64::from(array.as_primitive::<Date32Type>().value(i));
                Date::constant(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok().map(|d| d.to_string())
            }),
            DataType::Timestamp(unit, zone) => made(array, |i| {
                let at = instant(array, *unit, i)?;
                // without a zone it is a reading of a clock somewhere
                let clock = || TimeZone::UTC.to_datetime(at).to_string();
                Some(if zone.is_some() { at.to_string() } else { clock() })
            }),
            _ => return None,
        })
    }

    /// The text, or the byte at which it is not UTF-8.
    fn get(&self, row: usize) -> Result<Option<Cow<'_, str>>, usize> {
        let bytes = match self {
            Self::Bytes(a) => a.is_valid(row).then(|| a.value(row)),
            Self::Large(a) => a.is_valid(row).then(|| a.value(row)),
            Self::View(a) => a.is_valid(row).then(|| a.value(row)),
            Self::Coded(keys, values) => return keys[row].map_or(Ok(None), |k| values.get(k)),
            Self::Made(texts) => return Ok(texts[row].as_deref().map(Cow::from)),
            Self::Null => None,
        };
        let text = bytes.map(|b| std::str::from_utf8(b).map_err(|e| e.valid_up_to())).transpose()?;
        Ok(text.map(Cow::from))
    }
}

fn made(array: &ArrayRef, text: impl Fn(usize) -> Option<String>) -> Kind {
    Kind::Made((0..array.len()).map(|i| if array.is_valid(i) { text(i) } else { None }).collect())
}

fn instant(array: &ArrayRef, unit: TimeUnit, row: usize) -> Option<Timestamp> {
    match unit {
        TimeUnit::Second => Timestamp::from_second(array.as_primitive::<TimestampSecondType>().value(row)),
        TimeUnit::Millisecond => {
            Timestamp::from_millisecond(array.as_primitive::<TimestampMillisecondType>().value(row))
        }
        TimeUnit::Microsecond => {
            Timestamp::from_microsecond(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        TimeUnit::Nanosecond => {
            Timestamp::from_nanosecond(array.as_primitive::<TimestampNanosecondType>().value(row).into())
        }
    }
    .ok()
}
