//! The few tar that exports are made of: plain files with short names, every other field fixed. What reads it takes exactly what was
//! written and nothing else, so that no feature of the format can be turned against it.

/// Bytes of a block.
pub(crate) const BLOCK: u64 = 512;
/// Zero blocks at the end.
pub(crate) const END: u64 = 2 * BLOCK;

/// A file's header (POSIX ustar; sizes from 8 GiB on as GNU tar writes them).
pub(crate) fn header(name: &str, bytes: u64) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, &name.as_bytes()[..name.len().min(100)]);
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    if bytes < 1 << 33 {
        put(124, format!("{bytes:011o}\0").as_bytes());
    } else {
        put(124, &[0x80]);
        put(128, &bytes.to_be_bytes());
    }
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// Says why a block is not the header that should stand there.
pub(crate) fn complaint(block: &[u8; 512], expected: &str) -> String {
    let end = block[..100].iter().position(|byte| *byte == 0).unwrap_or(100);
    let name = String::from_utf8_lossy(&block[..end]);
    let kind = match block[156] {
        b'0' | 0 => "",
        b'1' => "a hard link ",
        b'2' => "a symbolic link ",
        b'3' | b'4' => "a device ",
        b'5' => "a folder ",
        b'6' => "a pipe ",
        _ => "an extension of tar ",
    };
    if block.iter().all(|byte| *byte == 0) {
        format!("it ends where {expected} should be")
    } else if kind.is_empty() && name == expected {
        format!("the header of {expected} is not as it was written")
    } else {
        format!("{kind}{name:?} where {expected} should be")
    }
}

/// Bytes that a file of so many takes, filled up to whole blocks.
pub(crate) fn padded(bytes: u64) -> Option<u64> {
    bytes.checked_next_multiple_of(BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_that_of_python() {
        // tarfile.TarInfo("name") with size 5 and mode 0o644, tobuf(tarfile.USTAR_FORMAT), Python 3.13.
        let block = header("name", 5);
        assert_eq!(&block[124..136], b"00000000005\0");
        assert_eq!(&block[148..156], b"006603\0 ");
        assert_eq!(&block[257..265], b"ustar\x0000");
        let large = header("name", 1 << 40);
        assert_eq!(large[124..136], [0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let mut link = header("/etc/passwd", 0);
        link[156] = b'2';
        assert_eq!(complaint(&link, "packs/a"), "a symbolic link \"/etc/passwd\" where packs/a should be");
        assert_eq!(complaint(&[0; 512], "packs/a"), "it ends where packs/a should be");
        assert!(complaint(&header("packs/a", 1), "packs/a").contains("not as it was written"));
    }
}
