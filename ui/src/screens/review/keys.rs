//! Which domains a card offers, and which key chooses which.

use contract::review::ReviewCard;
use contract::schema::Domain;

/// How many domains are offered.
const OFFERED: usize = 10;
/// Keys by position.
const POSITIONS: [char; 10] = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'];

/// A domain that a card offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The domain's id.
    pub domain: String,
    /// Its probability, where the model gave one.
    pub probability: Option<f32>,
    /// Whether the item came with this label.
    pub is_label: bool,
    /// The keys that choose it: its position's, then its own.
    pub keys: Vec<String>,
}

/// The domains that a card offers: the model's candidates, most probable first; then the label that the item came
/// with; then others of the schema, as far as there is room.
///
/// A domain's own key goes before a position's key; where a domain has no key of its own, it has its position's.
pub fn offers(card: &ReviewCard, schema: &[Domain]) -> Vec<Offer> {
    let candidates = card.prediction.iter().flat_map(|prediction| &prediction.candidates);
    let mut list: Vec<(String, Option<f32>)> =
        candidates.map(|candidate| (candidate.domain.clone(), Some(candidate.probability))).collect();
    if let Some(prediction) = &card.prediction
        && list.is_empty()
    {
        list.push((prediction.domain.clone(), Some(prediction.confidence)));
    }
    list.truncate(OFFERED);
    let label = card.label.as_deref().filter(|label| schema.iter().any(|domain| domain.id == **label));
    if let Some(label) = label
        && !list.iter().any(|(domain, _)| domain == label)
    {
        list.truncate(OFFERED - 1);
        list.push((label.to_owned(), None));
    }
    for domain in schema {
        if list.len() >= OFFERED {
            break;
        }
        if !list.iter().any(|(known, _)| *known == domain.id) {
            list.push((domain.id.clone(), None));
        }
    }
    let taken: Vec<String> = schema.iter().filter_map(hotkey).collect();
    let free = |key: &String| !taken.contains(key);
    let mut offers: Vec<Offer> = list
        .into_iter()
        .enumerate()
        .map(|(at, (domain, probability))| {
            let own = schema.iter().find(|known| known.id == domain).and_then(hotkey);
            let by_position = Some(POSITIONS[at].to_string()).filter(free);
            let is_label = card.label.as_deref() == Some(domain.as_str());
            Offer { domain, probability, is_label, keys: by_position.into_iter().chain(own).collect() }
        })
        .collect();
    // Where another domain has the position's key, the next digit that nothing else needs serves.
    for at in 0..offers.len() {
        if offers[at].keys.is_empty() {
            let used = |key: &String| offers.iter().any(|offer| offer.keys.contains(key));
            let spare = POSITIONS.iter().map(char::to_string).find(|key| free(key) && !used(key));
            offers[at].keys.extend(spare);
        }
    }
    offers
}

/// The key of a domain as shortcuts name it.
pub fn hotkey(domain: &Domain) -> Option<String> {
    let key = domain.hotkey.trim().to_lowercase();
    (!key.is_empty()).then_some(key)
}

/// The keys of an action: its letter, unless a domain has it, and always Shift with its letter.
pub fn action_keys(letter: char, schema: &[Domain]) -> Vec<String> {
    let plain = letter.to_string();
    let taken = schema.iter().filter_map(hotkey).any(|key| key == plain);
    let shifted = format!("Shift+{letter}");
    if taken { vec![shifted] } else { vec![plain, shifted] }
}

#[cfg(test)]
mod tests {
    use contract::ItemId;
    use contract::item::LatestPrediction;
    use contract::label::{Candidate, ConfidenceSource};
    use contract::review::{Priority, ReviewReason, ReviewStatus};

    use super::*;

    fn card(label: Option<&str>, candidates: &[(&str, f32)]) -> ReviewCard {
        let of = |&(domain, probability): &(&str, f32)| Candidate { domain: domain.to_owned(), probability };
        ReviewCard {
            item: ItemId(1),
            text: "text".to_owned(),
            label: label.map(str::to_owned),
            prediction: candidates.first().map(|first| LatestPrediction {
                domain: first.0.to_owned(),
                confidence: first.1,
                obtained: ConfidenceSource::LabelLikelihood,
                candidates: candidates.iter().map(of).collect(),
                model: "model".to_owned(),
                at: 0,
            }),
            reason: ReviewReason::Unsure,
            priority: Priority::Medium,
            status: ReviewStatus::Pending,
            source_name: "texts.csv".to_owned(),
            row: 2,
            ts: None,
            user: None,
            history: Vec::new(),
        }
    }

    fn schema(domains: &[(&str, &str)]) -> Vec<Domain> {
        let of =
            |(id, key): &(&str, &str)| Domain { id: (*id).to_owned(), hotkey: (*key).to_owned(), ..Domain::default() };
        domains.iter().map(of).collect()
    }

    fn short(offers: &[Offer]) -> Vec<(&str, String)> {
        offers.iter().map(|offer| (offer.domain.as_str(), offer.keys.join(" "))).collect()
    }

    #[test]
    fn candidates_come_first_then_the_label_then_the_schema() {
        let schema = schema(&[("a", ""), ("b", ""), ("c", ""), ("d", "")]);
        let offers = offers(&card(Some("d"), &[("b", 0.6), ("c", 0.2)]), &schema);
        assert_eq!(short(&offers), [("b", "1".into()), ("c", "2".into()), ("d", "3".into()), ("a", "4".into())]);
        assert!(offers[2].is_label && !offers[0].is_label);
    }

    #[test]
    fn a_domains_own_key_goes_before_a_position() {
        let schema = schema(&[("a", "2"), ("b", "Q"), ("c", "")]);
        let offers = offers(&card(None, &[("c", 0.6), ("b", 0.2), ("a", 0.1)]), &schema);
        assert_eq!(short(&offers), [("c", "1".into()), ("b", "q".into()), ("a", "3 2".into())]);
    }

    #[test]
    fn a_domain_without_a_key_gets_a_spare_digit() {
        let schema = schema(&[("a", "1"), ("b", ""), ("c", "")]);
        let offers = offers(&card(None, &[("b", 0.6), ("c", 0.2)]), &schema);
        assert_eq!(short(&offers), [("b", "4".into()), ("c", "2".into()), ("a", "3 1".into())]);
    }

    #[test]
    fn at_most_ten_are_offered_and_the_label_is_among_them() {
        let names: Vec<String> = (0..77).map(|at| format!("domain {at}")).collect();
        let list: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let candidates: Vec<(&str, f32)> = names.iter().take(10).map(|name| (name.as_str(), 0.1)).collect();
        let offers = offers(&card(Some("domain 76"), &candidates), &schema(&list));
        assert_eq!(offers.len(), 10);
        assert_eq!((offers[9].domain.as_str(), offers[9].keys.join(" ")), ("domain 76", "0".to_owned()));
    }

    #[test]
    fn a_label_outside_the_schema_is_not_offered() {
        let offers = offers(&card(Some("other"), &[("a", 0.9)]), &schema(&[("a", ""), ("b", "")]));
        assert_eq!(short(&offers), [("a", "1".into()), ("b", "2".into())]);
    }

    #[test]
    fn an_action_gives_its_letter_to_a_domain() {
        assert_eq!(action_keys('s', &schema(&[("a", "S")])), ["Shift+s"]);
        assert_eq!(action_keys('x', &schema(&[("a", "S")])), ["x", "Shift+x"]);
    }
}
