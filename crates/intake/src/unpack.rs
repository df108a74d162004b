//! Compressed bytes: gzip, zstd and brotli as streams that name their damage and refuse to explode.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Size up to which anything may grow.
const FREE: u64 = 64 << 20;
/// Beyond it, the most a stream may grow to, times what went in. Text shrinks to a fifth; repeated text to a hundredth.
const RATIO: u64 = 500;
/// Largest zstd window accepted, as a power of two: 128 MiB, what the `zstd` program takes without being asked.
const WINDOW: u32 = 27;

/// A stream grew more than so many times: carried inside an [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("grows more than {0} times")]
pub struct Bomb(pub u64);

/// A decompressor failed: carried inside an [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("{what}: {error}")]
pub struct Damage {
    /// Name of the compression.
    pub what: &'static str,
    /// What the decompressor said.
    pub error: String,
}

/// A compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip, any number of members.
    Gzip,
    /// zstd, any number of frames.
    Zstd,
    /// brotli, which has no mark and must be told.
    Brotli,
    /// deflate, with or without its zlib frame, which must be told.
    Deflate,
}

impl Packing {
    /// The compression that these first bytes are of.
    pub fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The compression that an HTTP header names.
    pub fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "zstd" => Some(Self::Zstd),
            "br" => Some(Self::Brotli),
            "deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Brotli => "brotli",
            Self::Deflate => "deflate",
        }
    }
}

/// Counts what goes in.
struct Counted<R> {
    inner: R,
    passed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.passed.set(self.passed.get() + n as u64);
        Ok(n)
    }
}

/// Watches what comes out.
struct Watched<D> {
    decoder: D,
    packing: Packing,
    went_in: Rc<Cell<u64>>,
    came_out: u64,
}

impl<D: Read> Read for Watched<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = match self.decoder.read(buffer) {
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => return Err(e),
            Err(e) => {
                let damage = Damage { what: self.packing.name(), error: e.to_string() };
                return Err(io::Error::new(io::ErrorKind::InvalidData, damage));
            }
        };
        self.came_out += n as u64;
        if self.came_out > FREE && self.came_out > RATIO * self.went_in.get() {
            return Err(io::Error::other(Bomb(RATIO)));
        }
        Ok(n)
    }
}

/// The unpacked stream. Damage and bombs come as errors that [`crate::Fault`] tells apart.
pub fn unpack<'a>(reader: impl Read + 'a, packing: Packing) -> io::Result<Box<dyn BufRead + 'a>> {
    let went_in = Rc::new(Cell::new(0));
    let counted = BufReader::with_capacity(1 << 16, Counted { inner: reader, passed: Rc::clone(&went_in) });
    let decoder: Box<dyn Read + 'a> = match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(counted)),
        Packing::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)?;
            decoder.window_log_max(WINDOW)?;
            Box::new(decoder)
        }
        Packing::Brotli => Box::new(brotli_decompressor::Decompressor::new(counted, 1 << 14)),
        Packing::Deflate => {
            let mut counted = counted;
            // "deflate" means the zlib frame; some servers send it bare
            let head = counted.fill_buf()?;
            let framed = matches!(head, [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0);
            if framed { Box::new(ZlibDecoder::new(counted)) } else { Box::new(DeflateDecoder::new(counted)) }
        }
    };
    Ok(Box::new(BufReader::with_capacity(1 << 16, Watched { decoder, packing, went_in, came_out: 0 })))
}

/// What reading a stream to a limit gave.
#[derive(Debug)]
pub struct Taken {
    /// The bytes, at most as many as asked for.
    pub bytes: Vec<u8>,
    /// What ended it before its end.
    pub error: Option<io::Error>,
    /// Whether there was more.
    pub more: bool,
}

/// Reads at most `most` bytes.
pub fn take(reader: impl Read, most: usize) -> Taken {
    let mut bytes = Vec::new();
    let error = reader.take(most as u64 + 1).read_to_end(&mut bytes).err();
    let more = bytes.len() > most;
    bytes.truncate(most);
    Taken { bytes, error, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn all_packings_are_unpacked() {
        let text = b"text and text and text".repeat(50);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&text).unwrap();
        let mut bare = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        bare.write_all(&text).unwrap();
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        zlib.write_all(&text).unwrap();
        let zs = zstd::stream::encode_all(&text[..], 1).unwrap();
        for (packing, bytes) in [
            (Packing::Gzip, gz.finish().unwrap()),
            (Packing::Deflate, bare.finish().unwrap()),
            (Packing::Deflate, zlib.finish().unwrap()),
            (Packing::Zstd, [zs.clone(), zs].concat()),
        ] {
            let taken = take(unpack(&bytes[..], packing).unwrap(), 1 << 20);
            assert!(taken.bytes.starts_with(&text) && taken.error.is_none(), "{packing:?}");
            let cut = take(unpack(&bytes[..bytes.len() - 9], packing).unwrap(), 1 << 20);
            let fault = crate::Fault::from(cut.error.unwrap());
            assert!(matches!(fault, crate::Fault::Damaged { .. }), "{packing:?} {fault}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_memory() {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..200 {
            gz.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
        let bytes = gz.finish().unwrap();
        let taken = take(unpack(&bytes[..], Packing::Gzip).unwrap(), usize::MAX >> 1);
        assert!(taken.bytes.len() as u64 <= FREE + (1 << 17));
        assert!(matches!(crate::Fault::from(taken.error.unwrap()), crate::Fault::Bomb(_)));
    }
}
