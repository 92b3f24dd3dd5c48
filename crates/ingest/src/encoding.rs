//! Encodings: detection, and decoding as a stream.

use std::io::{self, Read};

use contract::{CallError, ErrorCode};
use encoding_rs::{Decoder, DecoderResult, Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use crate::format::Head;
use crate::russian;

/// What a byte that is no text becomes in the decoded stream: never valid in UTF-8, so that the row that holds it is
/// found when its cells are checked.
const INVALID: u8 = 0xFF;

/// The encoding of a file, and whether a byte order mark says so.
pub fn detect(head: &Head) -> (&'static Encoding, bool) {
    if let Some((encoding, _)) = Encoding::for_bom(&head.bytes) {
        return (encoding, true);
    }
    if let Some(encoding) = utf16_without_mark(&head.bytes) {
        return (encoding, false);
    }
    (without_mark(&head.bytes, head.whole), false)
}

/// The encoding that a person named.
pub fn by_name(name: &str) -> Result<&'static Encoding, CallError> {
    let label = name.trim().to_lowercase().replace('_', "-");
    let label = match label.as_str() {
        "cp866" | "866" | "dos" => "ibm866",
        "cp1251" | "1251" | "win1251" | "win-1251" => "windows-1251",
        "koi8r" | "koi-8" => "koi8-r",
        "utf8" => "utf-8",
        "utf-16" | "utf16" | "utf16le" => "utf-16le",
        "utf16be" => "utf-16be",
        other => other,
    };
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| CallError::new(ErrorCode::EncodingUnknown).with("encoding", name))
}

/// The name shown for an encoding, in small letters.
pub fn name(encoding: &'static Encoding) -> String {
    encoding.name().to_lowercase()
}

/// Whether a decoded cell betrays bytes of another encoding: a control character of the C1 block, which stands for a byte
/// that means nothing in a single-byte encoding, or letters whose bytes are UTF-8. (Russian in a single-byte encoding is
/// never valid UTF-8 by chance: that would take a letter of `РС` before every character outside the alphabet.)
pub fn is_foreign(text: &str, encoding: &'static Encoding) -> bool {
    if encoding == UTF_8 || text.is_ascii() {
        return false;
    }
    if text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')) {
        return true;
    }
    if !encoding.is_single_byte() {
        return false;
    }
    let (bytes, _, unmappable) = encoding.encode(text);
    !unmappable && std::str::from_utf8(&bytes).is_ok_and(|utf8| utf8.chars().filter(|c| !c.is_ascii()).count() > 1)
}

/// The beginning as text, for a look at it.
pub fn decode_head(head: &Head) -> String {
    let (encoding, _) = detect(head);
    encoding.decode(&head.bytes).0.into_owned()
}

/// UTF-16 without a mark: every other byte is the high half of Latin, punctuation or Cyrillic.
pub fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 8 {
        return None;
    }
    let high = |byte: u8| byte == 0 || byte == 4;
    let count = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&byte| high(byte)).count();
    let (even, odd, half) = (count(0), count(1), sample.len() / 2);
    let encoding = if odd * 10 > half * 8 && even * 10 < half * 4 {
        UTF_16LE
    } else if even * 10 > half * 8 && odd * 10 < half * 4 {
        UTF_16BE
    } else {
        return None;
    };
    // Ten spaces of NULs are not text.
    (!encoding.decode_without_bom_handling(sample).0.contains('\0')).then_some(encoding)
}

fn without_mark(bytes: &[u8], whole: bool) -> &'static Encoding {
    match std::str::from_utf8(bytes) {
        Ok(_) => return UTF_8,
        // The sample may end inside a character.
        Err(error) if !whole && error.error_len().is_none() => return UTF_8,
        Err(_) => {}
    }
    // Mostly UTF-8 with a few foreign bytes is a file with mixed encodings, not one of another encoding.
    let lossy = String::from_utf8_lossy(bytes);
    let wrong = lossy.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER).count();
    let right = lossy.chars().filter(|&c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER).count();
    if right > wrong * 4 {
        return UTF_8;
    }
    if let Some(encoding) = russian::most_likely(bytes, &[WINDOWS_1251, KOI8_R, IBM866]) {
        return encoding;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, whole);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}

/// Decodes a stream to UTF-8; what is no text becomes [`INVALID`], so that nothing is replaced silently.
pub struct DecodingReader<R> {
    inner: R,
    /// `None`: the stream is UTF-8 and passes through.
    decoder: Option<Decoder>,
    input: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
    pending: Vec<u8>,
}

impl<R: Read> DecodingReader<R> {
    /// Decodes `inner` from `encoding`. A byte order mark at the beginning is dropped.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        let input = if decoder.is_some() { vec![0; 64 << 10] } else { Vec::new() };
        Self { inner, decoder, input, start: 0, end: 0, finished: false, pending: Vec::new() }
    }
}

impl<R: Read> Read for DecodingReader<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else { return self.inner.read(output) };
        if !self.pending.is_empty() {
            let count = self.pending.len().min(output.len());
            output[..count].copy_from_slice(&self.pending[..count]);
            self.pending.drain(..count);
            return Ok(count);
        }
        loop {
            if self.start == self.end && !self.finished {
                self.end = self.inner.read(&mut self.input)?;
                self.start = 0;
                self.finished = self.end == 0;
            }
            // The decoder wants room for at least one character.
            let mut small = [0; 16];
            let direct = output.len() >= small.len();
            let target = if direct { &mut *output } else { &mut small[..] };
            let room = target.len() - 1;
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(
                &self.input[self.start..self.end],
                &mut target[..room],
                self.finished,
            );
            self.start += read;
            let mut written = written;
            if let DecoderResult::Malformed(..) = result {
                target[written] = INVALID;
                written += 1;
            }
            let over = self.finished && matches!(result, DecoderResult::InputEmpty);
            if !direct && written > 0 {
                self.pending.extend_from_slice(&small[..written]);
                let count = written.min(output.len());
                output[..count].copy_from_slice(&self.pending[..count]);
                self.pending.drain(..count);
                return Ok(count);
            }
            if written > 0 || over {
                if over {
                    self.decoder_is_over();
                }
                return Ok(written);
            }
        }
    }
}

impl<R> DecodingReader<R> {
    /// A decoder must not be used after its end: what follows passes the (ended) stream through.
    fn decoder_is_over(&mut self) {
        self.decoder = None;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "текст;метка\nКак поменять ПИН-код карты?;смена\nГде моя карта, она не пришла;доставка\n";

    fn head(bytes: Vec<u8>) -> Head {
        Head { size: bytes.len() as u64, whole: true, bytes }
    }

    #[test]
    fn short_russian_texts_are_told_apart() {
        for encoding in [WINDOWS_1251, KOI8_R, IBM866, UTF_8] {
            let (bytes, _, unmappable) = encoding.encode(TEXT);
            assert!(!unmappable);
            assert_eq!(detect(&head(bytes.into_owned())).0, encoding, "{}", encoding.name());
        }
        let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(detect(&head(utf16)).0, UTF_16LE);
        let utf16: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect(&head(utf16)).0, UTF_16BE);
    }

    #[test]
    fn decoding_in_small_steps_equals_decoding_at_once() {
        for encoding in [WINDOWS_1251, KOI8_R, IBM866] {
            let (bytes, ..) = encoding.encode(TEXT);
            for step in [1, 3, 16, 17, 1000] {
                let mut reader = DecodingReader::new(&bytes[..], encoding);
                let (mut decoded, mut buffer) = (Vec::new(), vec![0; step]);
                loop {
                    let count = reader.read(&mut buffer).unwrap();
                    if count == 0 {
                        break;
                    }
                    decoded.extend_from_slice(&buffer[..count]);
                }
                assert_eq!(String::from_utf8(decoded).unwrap(), TEXT, "{} by {step}", encoding.name());
            }
        }
    }

    #[test]
    fn what_is_no_text_is_marked_not_replaced() {
        let bytes = [0x61, 0, 0x00, 0xD8, 0x62, 0];
        let mut reader = DecodingReader::new(&bytes[..], UTF_16LE);
        let mut decoded = Vec::new();
        reader.read_to_end(&mut decoded).unwrap();
        assert_eq!(decoded, b"a\xFFb");
    }

    #[test]
    fn letters_of_another_encoding_are_noticed() {
        let mojibake = WINDOWS_1251.decode("Моя карта".as_bytes()).0.into_owned();
        assert!(is_foreign(&mojibake, WINDOWS_1251), "{mojibake}");
        assert!(is_foreign("a\u{98}b", WINDOWS_1251));
        for text in ["Моя карта", "РСФСР", "«Ёж» — №1", "", "abc"] {
            assert!(!is_foreign(text, WINDOWS_1251), "{text}");
        }
    }
}
