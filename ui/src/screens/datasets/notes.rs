//! What a person should know of a split, in few lines.

use contract::dataset::SplitNote;

use crate::state::Domains;
use crate::text::{Text, lang};

/// How many domains that were left out are named one by one.
const NAMED: usize = 3;

/// The notes; many domains left out make one line.
pub fn lines(notes: &[SplitNote], domains: Domains) -> Vec<String> {
    let left_out = notes.iter().filter(|note| matches!(note, SplitNote::DomainLeftOut { .. })).count();
    let mut lines = Vec::new();
    let mut summed = false;
    for note in notes {
        match note {
            SplitNote::DomainLeftOut { domain, available, needed } if left_out <= NAMED => {
                let name = domains.name(domain);
                let named = SplitNote::DomainLeftOut { domain: name, available: *available, needed: *needed };
                lines.push(catalogue::split_note(lang(), &named));
            }
            SplitNote::GroupTooLarge { domain, asked, used, largest } => {
                let domain = domains.name(domain);
                let named = SplitNote::GroupTooLarge { domain, asked: *asked, used: *used, largest: *largest };
                lines.push(catalogue::split_note(lang(), &named));
            }
            SplitNote::DomainLeftOut { needed, .. } => {
                if !summed {
                    lines.push(Text::split_domains_left_out(lang(), left_out as u64, *needed));
                    summed = true;
                }
            }
            _ => lines.push(catalogue::split_note(lang(), note)),
        }
    }
    lines
}
