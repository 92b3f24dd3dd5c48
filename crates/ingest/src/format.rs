//! What format a file has: by its content first, its name second.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use contract::source::Format;
use contract::{CallError, ErrorCode};

use crate::limits::SAMPLE;

/// The beginning of a file.
pub struct Head {
    /// The first bytes, at most [`SAMPLE`].
    pub bytes: Vec<u8>,
    /// Whether that is the whole file.
    pub whole: bool,
    /// The file's size.
    pub size: u64,
}

/// Reads the beginning of a file; says clearly what can't be read.
pub fn read_head(path: &Path) -> Result<Head, CallError> {
    let io_error = |error: std::io::Error| CallError::from_io(&error, path.display(), false);
    let metadata = std::fs::metadata(path).map_err(io_error)?;
    if metadata.is_dir() {
        return Err(CallError::new(ErrorCode::FileIsDirectory).in_file(path.display()));
    }
    if !metadata.is_file() {
        // A pipe or a device would block or never end.
        return Err(CallError::new(ErrorCode::FormatUnknown).in_file(path.display()));
    }
    if metadata.len() == 0 {
        return Err(CallError::new(ErrorCode::FileEmpty).in_file(path.display()));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(SAMPLE as u64).read_to_end(&mut bytes)).map_err(io_error)?;
    Ok(Head { whole: bytes.len() as u64 == metadata.len(), bytes, size: metadata.len() })
}

/// The format of a file, from its beginning and its name.
pub fn detect(path: &Path, head: &Head) -> Result<Format, CallError> {
    let extension = path.extension().and_then(|ext| ext.to_str()).unwrap_or_default().to_lowercase();
    let bytes = &head.bytes[..];
    if bytes.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let ods = extension == "ods" || contains(&bytes[..bytes.len().min(200)], b"opendocument.spreadsheet");
        return Ok(if ods { Format::Ods } else { Format::Xlsx });
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        // A workbook with a password is packed into this container as well.
        if contains(bytes, &utf16("EncryptedPackage")) {
            return Err(CallError::new(ErrorCode::FileProtected).in_file(path.display()));
        }
        return Ok(Format::Xls);
    }
    let mismatch = |format: &str| {
        CallError::new(ErrorCode::FormatMismatch).with("format", format).in_file(path.display())
    };
    match extension.as_str() {
        "parquet" | "pq" => return Err(mismatch("Parquet")),
        "xlsx" | "xlsm" => return Err(mismatch("XLSX")),
        "xls" => return Err(mismatch("XLS")),
        "ods" => return Err(mismatch("ODS")),
        "jsonl" | "ndjson" => return Ok(Format::Jsonl),
        "csv" | "tsv" | "tab" => return Ok(Format::Csv),
        _ => {}
    }
    if is_binary(bytes) {
        return Err(CallError::new(ErrorCode::FormatUnknown).in_file(path.display()));
    }
    let text = crate::encoding::decode_head(head);
    let start = text.trim_start();
    if extension == "json" || start.starts_with('{') || start.starts_with('[') {
        return Ok(if looks_like_jsonl(start) { Format::Jsonl } else { Format::Json });
    }
    Ok(Format::Csv)
}

/// Two lines that are each a whole JSON object.
fn looks_like_jsonl(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = |line: Option<&str>| {
        line.is_some_and(|line| line.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok())
    };
    whole(lines.next()) && whole(lines.next())
}

/// Control characters that no text in any encoding has in such numbers.
fn is_binary(bytes: &[u8]) -> bool {
    if crate::encoding::utf16_without_mark(bytes).is_some() || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return false;
    }
    let control = bytes.iter().filter(|&&byte| byte < 9 || (byte > 13 && byte < 32 && byte != 0x1B)).count();
    control * 50 > bytes.len()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
