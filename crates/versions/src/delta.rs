//! A chunk told as what it takes from another one and what is new: that is what makes a commit cost what changed.
//!
//! A delta is a sequence of instructions, each a varint `length * 2 + kind`: kind 0 is followed by a varint offset and copies so many
//! bytes of the base from there; kind 1 is followed by the new bytes themselves.

use std::collections::HashMap;

use crate::line::{self, lines};

/// Tells `target` by `base`. Whole lines are taken over where the base has the same line.
pub(crate) fn encode(base: &[u8], target: &[u8]) -> Vec<u8> {
    let mut places: HashMap<u128, (usize, usize)> = HashMap::new();
    let mut offset = 0;
    for text in lines(base) {
        places.entry(line::fingerprint(text)).or_insert((offset, text.len()));
        offset += text.len();
    }
    let mut delta = Vec::new();
    let (mut copy, mut new): (Option<(usize, usize)>, Vec<u8>) = (None, Vec::new());
    for text in lines(target) {
        // Where the base goes on with the same line, so does the copy.
        if let Some((start, length)) = &mut copy
            && base[*start + *length..].starts_with(text)
        {
            *length += text.len();
            continue;
        }
        put_copy(&mut delta, copy.take());
        // A fingerprint is no proof; the bytes are.
        let same = places.get(&line::fingerprint(text)).filter(|(start, length)| &base[*start..start + length] == text);
        if let Some(same) = same {
            put_new(&mut delta, &mut new);
            copy = Some(*same);
        } else {
            new.extend_from_slice(text);
        }
    }
    put_copy(&mut delta, copy);
    put_new(&mut delta, &mut new);
    delta
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

fn put_copy(delta: &mut Vec<u8>, copy: Option<(usize, usize)>) {
    if let Some((start, length)) = copy {
        put_varint(delta, (length as u64) << 1);
        put_varint(delta, start as u64);
    }
}

fn put_new(delta: &mut Vec<u8>, new: &mut Vec<u8>) {
    if !new.is_empty() {
        put_varint(delta, (new.len() as u64) << 1 | 1);
        delta.append(new);
    }
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

    fn round_trip(base: &str, target: &str) -> usize {
        let delta = encode(base.as_bytes(), target.as_bytes());
        assert_eq!(
            apply(base.as_bytes(), &delta, target.len()).as_deref(),
            Some(target.as_bytes()),
            "{base:?} {target:?}"
        );
        delta.len()
    }

    #[test]
    fn a_changed_line_costs_itself() {
        let base: String = (0..500).map(|number| format!("{{\"id\":\"{number}\",\"text\":\"same\"}}\n")).collect();
        let target = base.replace("\"250\",\"text\":\"same\"", "\"250\",\"text\":\"other\"");
        assert!(round_trip(&base, &target) < 60);
        assert!(round_trip(&base, &base) < 8);
    }

    #[test]
    fn odd_ones_come_back() {
        for (base, target) in [
            ("", ""),
            ("", "a\n"),
            ("a\n", ""),
            ("a\nb\na\nb\n", "b\na\na\nb\n"),
            ("a\nb", "b\na"),
            ("x\n", "x\nx\nx\n"),
            ("\n\n", "\n"),
        ] {
            round_trip(base, target);
        }
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
