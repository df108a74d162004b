//! Web archives, whole and damaged: every document that can be had, every fault named with its record.

use std::io::Write;

use intake::parts;
use model::SourceKind;

const TEXT: &str = "أعلنت قيادة القوات تسلمها دفعة جديدة من المدرعات، وقالت إنها وصلت عبر الميناء صباح الثلاثاء.";

fn page(n: usize) -> String {
    format!(
        "<html><head><title>خبر رقم {n}</title></head><body><article><h1>خبر رقم {n}</h1><p>{TEXT}</p><p>{n} {TEXT}</p></article></body></html>"
    )
}

fn record(kind: &str, headers: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{:032}>\r\nWARC-Date: 2021-03-09T08:30:00Z\r\n{headers}Content-Length: {}\r\n\r\n",
        block.len(),
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn response(n: usize, headers: &str, body: &[u8]) -> Vec<u8> {
    let block =
        [format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{headers}\r\n").as_bytes(), body]
            .concat();
    record(
        "response",
        &format!("WARC-Target-URI: http://a.example/{n}\r\nContent-Type: application/http; msgtype=response\r\n"),
        &block,
    )
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    e.write_all(bytes).unwrap();
    e.finish().unwrap()
}

/// Records with a page, and what was told, as `item: …`.
fn read(name: &str, bytes: &[u8]) -> (Vec<u64>, Vec<String>) {
    let (mut items, mut told) = (Vec::new(), Vec::new());
    for got in parts::read(name, bytes) {
        match got {
            Ok(p) => {
                let source = p.document.source.as_ref().unwrap();
                assert_eq!(source.kind, SourceKind::Warc);
                assert!(p.document.text.contains("تسلمها") || !p.flaws.is_empty(), "{:?}", p.document);
                items.push(source.item);
                told.extend(p.flaws.iter().map(|f| format!("{}: {}", f.item.unwrap(), f.fault)));
            }
            Err(e) => told.push(format!("{}: {}", e.item.map_or_else(|| "-".into(), |n| n.to_string()), e.fault)),
        }
    }
    (items, told)
}

fn has(told: &[String], part: &str) {
    assert!(told.iter().any(|t| t.contains(part)), "{part:?} is missing in {told:#?}");
}

fn sample() -> Vec<Vec<u8>> {
    let chunked: Vec<u8> = page(5)
        .as_bytes()
        .chunks(100)
        .flat_map(|c| [format!("{:x}\r\n", c.len()).as_bytes(), c, b"\r\n"].concat())
        .chain(*b"0\r\n\r\n")
        .collect();
    vec![
        record("warcinfo", "", b"software: x\r\n"),
        record("request", "WARC-Target-URI: http://a.example/1\r\n", b"GET / HTTP/1.1\r\n\r\n"),
        response(1, "", page(1).as_bytes()),
        response(2, "Content-Encoding: gzip\r\n", &gz(page(2).as_bytes())),
        record(
            "response",
            "WARC-Target-URI: http://a.example/i\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG",
        ),
        response(5, "Transfer-Encoding: chunked\r\n", &chunked),
        record(
            "response",
            "WARC-Target-URI: http://a.example/gone\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>x".as_bytes(),
        ),
        record("conversion", "WARC-Target-URI: http://a.example/7\r\nContent-Type: text/plain\r\n", TEXT.as_bytes()),
    ]
}

#[test]
fn whole_archives_in_every_packing() {
    let plain: Vec<u8> = sample().concat();
    let members: Vec<u8> = sample().iter().flat_map(|r| gz(r)).collect();
    let frames: Vec<u8> = sample().iter().flat_map(|r| zstd::stream::encode_all(&r[..], 3).unwrap()).collect();
    for (name, bytes) in [
        ("a.warc", plain.clone()),
        ("a.warc.gz", members.clone()),
        ("a.warc.gz", gz(&plain)),
        ("a.warc.zst", frames),
        ("stdin", members),
        ("stdin", plain),
    ] {
        let (items, told) = read(name, &bytes);
        assert_eq!(items, [2, 3, 5, 7], "{name} {told:?}");
        assert!(told.is_empty(), "{name} {told:?}");
    }
}

#[test]
fn zstd_with_its_dictionary() {
    let dictionary = response(0, "", page(0).as_bytes());
    let mut bytes = vec![0x5d, 0x2a, 0x4d, 0x18];
    bytes.extend((dictionary.len() as u32).to_le_bytes());
    bytes.extend(&dictionary);
    for r in sample() {
        let mut e = zstd::stream::write::Encoder::with_dictionary(Vec::new(), 3, &dictionary).unwrap();
        e.write_all(&r).unwrap();
        bytes.extend(e.finish().unwrap());
    }
    assert_eq!(read("a.warc.zst", &bytes), (vec![2, 3, 5, 7], vec![]));
}

#[test]
fn damage_is_named_and_passed_over() {
    let parts = sample();
    // cut short
    let mut cut = parts.concat();
    cut.truncate(parts[..2].concat().len() + 500);
    let (_, told) = read("a.warc", &cut);
    has(&told, "2: declares");
    let (_, told) = read("a.warc.gz", &gz(&parts[2])[..200]);
    has(&told, "0: the gzip data are damaged or cut short");
    // garbage between records
    let garbage = [&parts[0][..], b"garbage\r\nmore garbage\r\n", &parts[2][..]].concat();
    let (items, told) = read("a.warc", &garbage);
    assert_eq!(items, [1]);
    has(&told, "bytes that belong to no record");
    let garbage = [gz(&parts[0]), b"\x1f\x8b\x08garbage between members".to_vec(), gz(&parts[2])].concat();
    let (items, told) = read("a.warc.gz", &garbage);
    assert_eq!(items.len(), 1, "{told:?}");
    assert!(!told.is_empty());
    // a damaged member
    let mut bad = gz(&parts[2]);
    let middle = bad.len() / 2;
    bad[middle] ^= 0xff;
    bad[middle + 1] ^= 0x55;
    let (items, told) = read("a.warc.gz", &[gz(&parts[0]), bad, gz(&parts[3])].concat());
    assert_eq!(items.last(), Some(&2), "{told:?}");
    has(&told, "1: ");
}

#[test]
fn false_lengths_do_not_swallow_the_next_record() {
    let good = response(9, "", page(9).as_bytes());
    let lying = |length: &str| {
        let text = String::from_utf8(response(1, "", page(1).as_bytes())).unwrap();
        let at = text.find("Content-Length: ").unwrap();
        let end = at + text[at..].find("\r\n").unwrap();
        format!("{}Content-Length: {length}{}", &text[..at], &text[end..]).into_bytes()
    };
    for length in ["300", "1400", "999999999999999999", "18446744073709551615", "20000000"] {
        let (items, told) = read("a.warc", &[lying(length), good.clone()].concat());
        assert_eq!(items.last(), Some(&1), "{length}: {told:?}");
        has(&told, "0: ");
        let (items, told) = read("a.warc.gz", &[gz(&lying(length)), gz(&good)].concat());
        assert_eq!(items.last(), Some(&1), "{length}: {told:?}");
        has(&told, "0: ");
    }
    for length in ["", "many", "-5", "99999999999999999999999"] {
        let (items, told) = read("a.warc", &[lying(length), good.clone()].concat());
        assert_eq!(items, [1], "{length}: {told:?}");
        has(&told, "is no number");
    }
}

#[test]
fn labels_that_lie() {
    let uri = "WARC-Target-URI: http://a.example/1\r\nContent-Type: application/http; msgtype=response\r\n";
    let (items, told) = read("a.warc", &record("response", uri, page(1).as_bytes()));
    assert_eq!(items, [0]);
    has(&told, "has no HTTP head");
    let pdf = record("response", uri, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%PDF-1.4 xxxx");
    let (items, told) = read("a.warc", &pdf);
    assert!(items.is_empty());
    has(&told, "0: is a PDF file");
    let digest = format!(
        "{uri}WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nWARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
    );
    let block = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", page(1).as_bytes()].concat();
    let (items, told) = read("a.warc", &record("response", &digest, &block));
    assert_eq!((items.len(), told.len()), (1, 2), "{told:?}");
    has(&told, "does not have the digest that it declares");
    let (_, told) = read("a.warc", b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n");
    has(&told, "lacks warc-type, warc-record-id, warc-date");
    let (_, told) = read("a.warc", b"filedesc://x.arc 0.0.0.0 20210309 text/plain 76\n1 0 x\n");
    has(&told, "is an ARC file");
    let (_, told) = read("a.warc", b"");
    has(&told, "holds no WARC record");
    let (_, told) = read("a.warc", &[b"WARC/1.0\r\n".to_vec(), b"X: y\r\n".repeat(20_000)].concat());
    has(&told, "its header does not end");
}

#[test]
fn digests_of_records_without_documents_are_checked_too() {
    let request = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
    let wrong = "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    // of nothing, and of the request: of each a digest that holds
    let empty = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";
    let declares = |name: &str, digest: &str| record("request", &format!("{name}: {digest}\r\n"), request);
    let archive = [
        declares("WARC-Payload-Digest", wrong),
        declares("WARC-Payload-Digest", empty),
        declares("WARC-Block-Digest", wrong),
        declares("WARC-Block-Digest", "sha9:ABC"),
        record("revisit", &format!("WARC-Payload-Digest: {wrong}\r\n"), b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ]
    .concat();
    let (items, told) = read("a.warc", &archive);
    assert!(items.is_empty());
    has(&told, "0: its payload does not have the digest");
    has(&told, "2: its block does not have the digest");
    has(&told, "3: declares a digest of no known kind (sha9:ABC)");
    assert_eq!(told.len(), 3, "{told:#?}");
}

#[test]
fn odd_versions_segments_and_forerunners_are_told() {
    let odd = String::from_utf8(response(1, "", page(1).as_bytes())).unwrap().replace("WARC/1.0", "WARC/2.7");
    let (items, told) = read("a.warc", odd.as_bytes());
    assert_eq!((items, told.len()), (vec![0], 1));
    has(&told, "0: is of WARC 2.7, which is not known");
    let first = String::from_utf8(response(1, "", page(1).as_bytes())).unwrap();
    let first = first.replace("WARC-Date", "WARC-Segment-Number: 1\r\nWARC-Date");
    let rest = record("continuation", "WARC-Segment-Number: 2\r\n", b"the rest");
    let (items, told) = read("a.warc", &[first.as_bytes(), &rest].concat());
    assert_eq!(items, [0]);
    has(&told, "0: is the first of several segments");
    has(&told, "1: continues another record");
    let arc = b"filedesc://a.arc 0.0.0.0 20060301000000 text/plain 10\n1 0 x\n\n";
    for bytes in [arc.to_vec(), gz(arc)] {
        let (items, told) = read("a", &bytes);
        assert!(items.is_empty());
        has(&told, "is an ARC file");
    }
}
