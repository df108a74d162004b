//! Any bytes as a file of any form. The first byte chooses the form.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 10] =
    ["x", "x.txt", "x.html", "x.json", "x.jsonl", "x.xml", "x.csv", "x.tsv", "x.warc", "x.warc.gz"];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    for got in intake::parts::read(NAMES[usize::from(*first) % NAMES.len()], rest) {
        match got {
            Ok(prepared) => assert!(prepared.document.source.is_some()),
            Err(skip) => assert!(!skip.to_string().is_empty()),
        }
    }
});
