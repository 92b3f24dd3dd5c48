//! A chunk told as what it takes from another one and what is new: that is what makes a commit cost what changed.
//!
//! A delta is a sequence of instructions, each a varint `length * 2 + kind`: kind 0 is followed by a varint offset and copies so many
//! bytes of the base from there; kind 1 is followed by the new bytes themselves.

/// A delta being written, line by line.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    delta: Vec<u8>,
    copy: Option<(usize, usize)>,
    new: Vec<u8>,
}

impl Writer {
    /// The next bytes of the target are those of the base from `start` on.
    pub fn copy(&mut self, start: usize, length: usize) {
        match &mut self.copy {
            Some((from, copied)) if *from + *copied == start => *copied += length,
            _ => {
                self.put_copy();
                self.put_new();
                self.copy = Some((start, length));
            }
        }
    }

    /// The next bytes of the target are these.
    pub fn new_bytes(&mut self, bytes: &[u8]) {
        self.put_copy();
        self.new.extend_from_slice(bytes);
    }

    /// The delta.
    pub fn finish(mut self) -> Vec<u8> {
        self.put_copy();
        self.put_new();
        self.delta
    }

    fn put_copy(&mut self) {
        if let Some((start, length)) = self.copy.take() {
            put_varint(&mut self.delta, (length as u64) << 1);
            put_varint(&mut self.delta, start as u64);
        }
    }

    fn put_new(&mut self) {
        if !self.new.is_empty() {
            put_varint(&mut self.delta, (self.new.len() as u64) << 1 | 1);
            self.delta.append(&mut self.new);
        }
    }
}

/// One instruction of a delta.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instruction<'a> {
    /// So many bytes of the base from an offset.
    Copy { start: usize, length: usize },
    /// These bytes.
    New(&'a [u8]),
}

/// Reads a delta's instructions; `None` once for what is none.
pub(crate) fn instructions(mut delta: &[u8]) -> impl Iterator<Item = Option<Instruction<'_>>> {
    let mut broken = false;
    std::iter::from_fn(move || {
        if delta.is_empty() || broken {
            return None;
        }
        let instruction = read_instruction(&mut delta);
        broken = instruction.is_none();
        Some(instruction)
    })
}

fn read_instruction<'a>(delta: &mut &'a [u8]) -> Option<Instruction<'a>> {
    let head = take_varint(delta)?;
    let length = usize::try_from(head >> 1).ok()?;
    if head & 1 == 0 {
        return Some(Instruction::Copy { start: usize::try_from(take_varint(delta)?).ok()?, length });
    }
    let (new, rest) = delta.split_at_checked(length)?;
    *delta = rest;
    Some(Instruction::New(new))
}

/// Makes the target of `size` bytes from its base; `None` for a delta that does not fit.
pub(crate) fn apply(base: &[u8], delta: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut target = Vec::with_capacity(size);
    for instruction in instructions(delta) {
        let part = match instruction? {
            Instruction::Copy { start, length } => base.get(start..start.checked_add(length)?)?,
            Instruction::New(new) => new,
        };
        if target.len() + part.len() > size {
            return None;
        }
        target.extend_from_slice(part);
    }
    (target.len() == size).then_some(target)
}

fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        #[allow(clippy::cast_possible_truncation)] // Seven bits at a time.
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    #[allow(clippy::cast_possible_truncation)] // Below 128.
    bytes.push(value as u8);
}

fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_that_go_on_are_one() {
        let base = b"one\ntwo\nthree\n";
        let mut writer = Writer::default();
        writer.copy(0, 4);
        writer.copy(4, 4);
        writer.new_bytes(b"new\n");
        writer.new_bytes(b"newer\n");
        writer.copy(8, 6);
        writer.copy(0, 4);
        let delta = writer.finish();
        assert_eq!(delta.len(), 2 + 1 + 10 + 2 + 2);
        let target = b"one\ntwo\nnew\nnewer\nthree\none\n";
        assert_eq!(apply(base, &delta, target.len()).as_deref(), Some(&target[..]));
        assert_eq!(apply(b"", &Writer::default().finish(), 0), Some(Vec::new()));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let base = b"0123456789\n";
        for (delta, size) in [
            (vec![0x14, 0x05], 10), // ten bytes from the fifth of eleven
            (vec![0x08, 0x00], 5),  // too short
            (vec![0x08, 0x00], 3),  // too long
            (vec![0x09, b'a'], 4),  // cut
            (vec![0x80; 12], 4),
            (vec![0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x01], 4),
        ] {
            assert_eq!(apply(base, &delta, size), None, "{delta:?}");
        }
    }
}
