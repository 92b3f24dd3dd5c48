//! What format a file has: by its content first, its name second.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
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
        return in_archive(path, &extension, bytes);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return in_compound_file(path, bytes);
    }
    let mismatch =
        |format: &str| CallError::new(ErrorCode::FormatMismatch).with("format", format).in_file(path.display());
    match extension.as_str() {
        "parquet" | "pq" => return Err(mismatch("Parquet")),
        "xlsx" | "xlsm" => return Err(mismatch("XLSX")),
        "xls" => return Err(mismatch("XLS")),
        "ods" => return Err(mismatch("ODS")),
        _ => {}
    }
    if is_binary(bytes) {
        return Err(match extension.as_str() {
            "csv" | "tsv" | "tab" | "jsonl" | "ndjson" | "json" => mismatch(&extension.to_uppercase()),
            _ => CallError::new(ErrorCode::FormatUnknown).in_file(path.display()),
        });
    }
    match extension.as_str() {
        "jsonl" | "ndjson" => return Ok(Format::Jsonl),
        "csv" | "tsv" | "tab" => return Ok(Format::Csv),
        _ => {}
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

/// What a ZIP archive holds: a workbook or something else. One that is cut off can't list its parts, so its name or its
/// first parts tell.
fn in_archive(path: &Path, extension: &str, bytes: &[u8]) -> Result<Format, CallError> {
    let begins = |part: &[u8]| contains(&bytes[..bytes.len().min(8192)], part);
    let file = File::open(path).map_err(|error| CallError::from_io(&error, path.display(), false))?;
    let Ok(archive) = zip::ZipArchive::new(std::io::BufReader::new(file)) else {
        return if extension == "ods" || begins(b"opendocument.spreadsheet") {
            Ok(Format::Ods)
        } else if matches!(extension, "xlsx" | "xlsm") || begins(b"xl/") || begins(b"[Content_Types].xml") {
            Ok(Format::Xlsx)
        } else {
            Err(CallError::new(ErrorCode::FormatUnknown).in_file(path.display()))
        };
    };
    if archive.index_for_name("xl/workbook.xml").is_some() {
        Ok(Format::Xlsx)
    } else if archive.index_for_name("content.xml").is_some() && begins(b"opendocument.spreadsheet") {
        Ok(Format::Ods)
    } else {
        Err(CallError::new(ErrorCode::FormatUnknown).in_file(path.display()))
    }
}

/// What an OLE compound file holds: an old workbook, or an encrypted new one, or something else. The names of its parts
/// stand in UTF-16 in its directory, whose first sector the header tells (MS-CFB, section 2.2).
fn in_compound_file(path: &Path, bytes: &[u8]) -> Result<Format, CallError> {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_le_bytes);
    let sector = 1_u64 << (word(30) & 0xFFFF).clamp(7, 16);
    let mut directory = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start((u64::from(word(48)) + 1) * sector))?;
        file.take(8192).read_to_end(&mut directory)
    });
    read.map_err(|error| CallError::from_io(&error, path.display(), false))?;
    let has = |name: &str| contains(&directory, &utf16(name)) || contains(bytes, &utf16(name));
    if has("EncryptedPackage") {
        Err(CallError::new(ErrorCode::FileProtected).in_file(path.display()))
    } else if has("WordDocument") || has("PowerPoint Document") {
        Err(CallError::new(ErrorCode::FormatUnknown).in_file(path.display()))
    } else {
        Ok(Format::Xls)
    }
}

/// Files of other kinds that begin like this.
const MAGICS: &[&[u8]] = &[
    b"%PDF",
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"\x1F\x8B",
    b"BZh",
    b"\xFD7zXZ",
    b"\x28\xB5\x2F\xFD",
    b"7z\xBC\xAF",
    b"Rar!",
    b"\x7FELF",
    b"MZ\x90",
    b"SQLite format 3",
    b"GGUF",
    b"RIFF",
    b"ORC",
    b"Obj\x01",
    b"ARROW1",
];

/// Another kind of file, or control characters that no text in any encoding has in such numbers. NUL bytes don't count:
/// they are a defect of rows.
fn is_binary(bytes: &[u8]) -> bool {
    if MAGICS.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    if bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"\xFE\xFF")
        || crate::encoding::utf16_without_mark(bytes).is_some()
    {
        return false;
    }
    let control = bytes.iter().filter(|&&byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count();
    let nul = bytes.iter().filter(|&&byte| byte == 0).count();
    control * 50 > bytes.len() || nul == bytes.len()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
