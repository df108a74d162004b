//! Any text through the reader of dates in EDTF: the first day is not after the last, and a single day has the highest
//! precision.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let days = export::dates::Days::of(text);
    if let (Some(start), Some(end)) = (days.start, days.end) {
        assert!(start <= end, "{text:?}: {days:?}");
    }
    assert_eq!(days.day().is_some(), days.precision() == Some(1), "{text:?}: {days:?}");
});
