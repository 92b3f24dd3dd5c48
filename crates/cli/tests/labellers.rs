//! Labellers headless, on Banking77 with the real encoder and the real small model: decisions from a table, a classifier that
//! learns from them, calibration, thresholds, a route, an ensemble, and comparing them.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Workplace, data, files, smollm2};

/// Domains that are easy to take for each other, and some that are not.
const DOMAINS: [&str; 8] = [
    "card_arrival",
    "card_delivery_estimate",
    "lost_or_stolen_card",
    "change_pin",
    "exchange_rate",
    "top_up_failed",
    "cash_withdrawal_charge",
    "verify_my_identity",
];
/// Decisions a domain.
const DECIDED: usize = 12;
/// Texts a domain whose label stays hidden from the classifier.
const HIDDEN: usize = 25;

/// A project with decided texts and with texts of which only the file knows the label, and an encoder's folder.
fn project() -> Option<(Workplace, String)> {
    let encoder = testbed::encoder(testbed::ENGLISH_ENCODER)?;
    let rows = files::csv_rows(data("banking77_train.csv")?, usize::MAX - 1);
    let header = rows[0].clone();
    let (mut decided, mut hidden) = (vec![header.clone()], vec![header]);
    for domain in DOMAINS {
        let of_domain: Vec<&Vec<String>> = rows.iter().filter(|row| row[1] == domain).collect();
        decided.extend(of_domain.iter().take(DECIDED).map(|row| (*row).clone()));
        hidden.extend(of_domain.iter().skip(DECIDED).take(HIDDEN).map(|row| (*row).clone()));
    }
    let place = Workplace::new();
    let texts: Vec<Vec<String>> = decided.iter().map(|row| vec![row[0].clone()]).collect();
    let labels = serde_json::to_string(&DOMAINS).unwrap();
    let labels = place.file("labels.json", labels);
    place.json(&["init", "p", "--labels", &labels]);
    let decisions = place.file("decisions.csv", files::csv_text(&decided, b','));
    place.json(&["import", "p", &place.file("texts.csv", files::csv_text(&texts, b','))]);
    place.json(&["import", "p", &place.file("hidden.csv", files::csv_text(&hidden, b','))]);
    let imported = place.json(&["review", "p", "import", &decisions, "--reviewer", "anna"]);
    assert_eq!(imported["decided"], DOMAINS.len() * DECIDED, "{imported:#}");
    let again = place.json(&["review", "p", "import", &decisions, "--reviewer", "anna"]);
    assert_eq!((&again["decided"], &again["unchanged"]), (&0.into(), &imported["decided"]));
    Some((place, encoder.to_str().unwrap().to_owned()))
}

fn share(value: &Value) -> f64 {
    value["share"].as_f64().unwrap_or_else(|| panic!("not a share: {value}"))
}

#[test]
fn a_classifier_learns_from_decisions_and_says_how_good_it_is() {
    let Some((place, encoder)) = project() else { return };
    place.json(&["models", "p", "add", "clf", "--classifier", &encoder]);
    let report = place.json(&["train", "p", "clf"]);
    assert_eq!(report["examples"], DOMAINS.len() * DECIDED);
    let cross_validated = share(&report["accuracy"]);
    assert!(cross_validated > 0.8, "{report:#}");
    assert_eq!(place.json(&["train", "p", "clf"])["unchanged"], true, "nothing new to learn");

    // Labels that it has never seen: what it says of itself must hold on them.
    let labelled = place.json(&["label", "p", "--model", "clf", "--filter", "source:2"]);
    let (agreed, all) = (labelled["agreed"].as_f64().unwrap(), labelled["labelled"].as_f64().unwrap());
    assert_eq!(labelled["labelled"], DOMAINS.len() * HIDDEN);
    assert!(agreed / all > 0.85, "{labelled:#}");
    let low = report["accuracy"]["low"].as_f64().unwrap();
    assert!(agreed / all >= low - 0.05, "{} is far below {low}", agreed / all);
    let item = place.json(&["items", "p", "list", "--filter", "source:2", "--limit", "1"]);
    let id = item["rows"][0]["id"].to_string();
    let shown = place.json(&["items", "p", "show", &id]);
    assert_eq!(shown["predictions"][0]["obtained"], "classifier");
    assert_eq!(shown["predictions"][0]["calibrated"], true);
    let similar = place.json(&["items", "p", "similar", &id, "--count", "3"]);
    let similar = similar.as_array().unwrap();
    assert_eq!(similar.len(), 3);
    assert!(similar[0]["similarity"].as_f64() >= similar[2]["similarity"].as_f64());

    // A new decision is something to learn.
    place.json(&["review", "p", "decide", &id, "--correct", DOMAINS[1], "--reviewer", "anna"]);
    let retrained = place.json(&["train", "p", "clf"]);
    assert_eq!(retrained["examples"], DOMAINS.len() * DECIDED + 1);
    let thresholds = place.json(&["thresholds", "p", "clf", "--max-error", "0.1"]);
    assert_eq!(thresholds["points"].as_array().unwrap().len(), 101);
    assert!(thresholds["suggested"]["error"]["share"].as_f64().unwrap() <= 0.1, "{:#}", thresholds["suggested"]);
}

/// The project with a classifier `clf`, and with a third source of texts that belong to none of its domains.
fn project_with_strange_texts() -> Option<Workplace> {
    let (place, encoder) = project()?;
    let strange = "text\nhow do i bake sourdough bread at home\nwho won the football world cup in 1998\n\
                   please write a poem about autumn leaves\nwhat is the capital of mongolia\n";
    place.json(&["import", "p", &place.file("strange.csv", strange)]);
    place.json(&["models", "p", "add", "clf", "--classifier", &encoder]);
    Some(place)
}

#[test]
fn what_belongs_to_no_domain_goes_to_a_person_however_sure_the_classifier_is() {
    let Some(place) = project_with_strange_texts() else { return };
    let report = place.json(&["label", "p", "--model", "clf", "--filter", "source:3", "--threshold", "0"]);
    assert_eq!(report["no_domain"], 4, "{report:#}");
    let waiting = place.json(&["review", "p", "list", "--status", "pending"]);
    assert!(waiting["rows"].as_array().unwrap().iter().all(|row| row["reason"] == "no_domain"), "{waiting:#}");
}

#[test]
fn labellers_are_combined_and_compared() {
    let (Some((place, encoder)), Some(model)) = (project(), smollm2()) else { return };
    place.json(&["models", "p", "add", "clf", "--classifier", &encoder]);
    place.json(&["models", "p", "add", "llm", "--gguf", &model]);
    place.json(&["models", "p", "add", "both", "--ensemble", "clf", "llm"]);
    place.json(&["models", "p", "add", "route", "--route", "clf", "llm", "--budget", "0.2"]);
    // A circle, a stranger and a member that is needed are refused.
    for (arguments, code) in [
        (vec!["add", "bad", "--ensemble", "clf", "nobody"], "model_missing"),
        (vec!["add", "bad", "--ensemble", "clf", "clf"], "argument_invalid"),
        (vec!["remove", "clf"], "model_in_use"),
    ] {
        let ended = place.run(&[&["models", "p"], arguments.as_slice(), &["--json"]].concat());
        assert_eq!(ended.code, 1, "{}", ended.stdout);
        assert!(ended.stdout.contains(code), "{}", ended.stdout);
    }

    let sample = ["--filter", "source:2", "--limit", "24", "--trust-labels", "--sample-seed", "5"];
    let comparison = place.json(&[&["compare", "p", "run", "clf", "llm"][..], &sample].concat());
    assert_eq!((&comparison["items"], &comparison["known"]), (&24.into(), &24.into()));
    assert!(share(&comparison["first"]["accuracy"]) > share(&comparison["second"]["accuracy"]), "{comparison:#}");
    assert_eq!(comparison["pick"], "clf");
    let quarters = ["both_right", "only_first", "only_second", "both_wrong"];
    assert_eq!(quarters.iter().map(|name| comparison[name].as_u64().unwrap()).sum::<u64>(), 24);
    assert!(comparison["second"]["prompt_tokens"].as_u64().unwrap() > 0, "the language model read something");
    // The items' predictions were not touched.
    assert_eq!(place.json(&["stats", "p"])["by_status"]["new"], DOMAINS.len() * HIDDEN);
    let disagreements = place.json(&["compare", "p", "disagreements", "1"]);
    let differ = disagreements["rows"].as_array().unwrap().len();
    assert!(differ > 0);
    assert_eq!(place.json(&["compare", "p", "review", "1"]), differ);
    assert_eq!(place.json(&["compare", "p", "review", "1"]), 0, "they wait already");
    let said = place.ok(&["compare", "p", "show", "1"]);
    assert!(said.contains("clf"), "{said}");
    // The first time the classifier's vectors were made; now they are there, and nobody knows any more what they took.
    assert_eq!((&comparison["first"]["cached"], &comparison["second"]["cached"]), (&0.into(), &0.into()));
    let few = ["--filter", "source:2", "--limit", "4", "--trust-labels", "--sample-seed", "5"];
    let again = place.json(&[&["compare", "p", "run", "clf", "llm"][..], &few].concat());
    assert_eq!((&again["first"]["cached"], &again["second"]["cached"]), (&4.into(), &0.into()), "{again:#}");
    // Four items prove nothing, and who is faster isn't known: what is left is who was right more often.
    let pick = match again["only_first"].as_u64().cmp(&again["only_second"].as_u64()) {
        std::cmp::Ordering::Greater => json!("clf"),
        std::cmp::Ordering::Less => json!("llm"),
        std::cmp::Ordering::Equal => Value::Null,
    };
    assert_eq!((&again["better"], &again["pick"]), (&Value::Null, &pick), "{again:#}");
    let said = place.ok(&["compare", "p", "show", "2"]);
    assert!(said.contains("4 of 4 answers") && said.contains("which is faster isn't known"), "{said}");

    let routed = place.json(&["label", "p", "--model", "route", "--limit", "40", "--sample-seed", "3"]);
    let strong = routed["by_strong"].as_u64().unwrap();
    assert!(strong > 0 && strong < 20, "about a fifth is asked of the language model: {routed:#}");
    let voted = place.json(&["label", "p", "--model", "both", "--filter", "source:2", "--limit", "8"]);
    assert_eq!(voted["labelled"], 8);
    let first = place.json(&["items", "p", "list", "--filter", "source:2", "--limit", "1"]);
    let shown = place.json(&["items", "p", "show", &first["rows"][0]["id"].to_string()]);
    assert_eq!(shown["predictions"][0]["obtained"], "vote");
}

#[test]
fn a_calibration_changes_confidence_without_asking_the_model_again() {
    let (Some((place, _)), Some(model)) = (project(), smollm2()) else { return };
    place.json(&["models", "p", "add", "llm", "--gguf", &model]);
    let hidden = ["--filter", "source:2", "--limit", "6"];
    let first = place.json(&[&["label", "p", "--model", "llm"][..], &hidden].concat());
    assert_eq!(first["labelled"], 6);
    let report = place.json(&["calibrate", "p", "llm", "--limit", "96", "--plot", &place.text("plot.svg")]);
    assert_eq!(report["examples"], 96);
    let (before, after) = (&report["before"]["ece"], &report["after"]["ece"]);
    assert!(after.as_f64() < before.as_f64(), "{before} → {after}");
    let plot = std::fs::read_to_string(place.path("plot.svg")).unwrap();
    assert!(plot.starts_with("<svg") && plot.contains("plot-after"));
    let again = place.json(&[&["label", "p", "--model", "llm"][..], &hidden].concat());
    assert_eq!((&again["labelled"], &again["prompt_tokens"]), (&6.into(), &0.into()));
    let item = place.json(&["items", "p", "list", "--filter", "source:2", "--limit", "1"])["rows"][0]["id"].to_string();
    let shown = place.json(&["items", "p", "show", &item]);
    let predictions = shown["predictions"].as_array().unwrap();
    assert_eq!(predictions.len(), 2);
    assert_eq!((&predictions[0]["calibrated"], &predictions[1]["calibrated"]), (&true.into(), &false.into()));
    assert_eq!(predictions[0]["domain"], predictions[1]["domain"], "a calibration changes no label");
    assert_ne!(predictions[0]["confidence"], predictions[1]["confidence"]);
}

#[test]
fn the_prompt_is_seen_changed_and_tried() {
    let (Some((place, encoder)), Some(model)) = (project(), smollm2()) else { return };
    place.json(&["models", "p", "add", "llm", "--gguf", &model]);
    let before = place.json(&["prompt", "p", "show"]);
    assert!(before["rendered"].as_str().unwrap().contains("- card_arrival"));
    let own = place.file("instruction.txt", "Sort the customer's message into one of:\n{labels}\nReply in JSON.");
    let options = ["--nearest", "--examples", "3", "--shortlist", "4", "--encoder", encoder.as_str()];
    let changed = place.json(&[&["prompt", "p", "set", "--instruction", own.as_str()][..], &options].concat());
    assert_ne!(changed["version"], before["version"]);
    // Each setting of examples is another prompt, and the same settings are the same one.
    let version = |options: &[&str]| place.json(&[&["prompt", "p", "set"][..], options].concat())["version"].clone();
    let fewer = version(&["--examples", "2"]);
    assert_ne!(fewer, changed["version"]);
    assert_ne!(version(&["--shortlist", "5"]), fewer);
    assert_eq!(version(&["--examples", "3", "--shortlist", "4"]), changed["version"]);
    for (option, value, range) in [("--shortlist", "0", "2 … 1000"), ("--examples", "99999", "0 … 64")] {
        let refused = place.run(&["prompt", "p", "set", option, value, "--json"]);
        assert_eq!(refused.code, 1, "{}", refused.stdout);
        assert!(refused.stdout.contains("argument_invalid") && refused.stdout.contains(range), "{}", refused.stdout);
    }
    assert_eq!(place.json(&["prompt", "p", "show"])["version"], changed["version"], "what is refused changes nothing");
    let text = "My new card has still not come in the mail";
    let test = place.json(&["models", "p", "test", "llm", text]);
    let prompt = test["prompt"].as_str().unwrap();
    assert!(prompt.contains("Sort the customer's message"), "{prompt}");
    let listed = DOMAINS.iter().filter(|domain| prompt.contains(&format!("- {domain}"))).count();
    assert_eq!(listed, 4, "a shortlist by vectors: {prompt}");
    assert!(prompt.contains("- card_arrival"), "{prompt}");
    let answers = test["answers"][0]["candidates"].as_array().unwrap();
    let sum: f64 = answers.iter().map(|candidate| candidate["probability"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-3, "{answers:?}");
    let reset = place.json(&["prompt", "p", "reset"]);
    assert_eq!(reset["version"], before["version"]);
}

#[test]
fn thresholds_count_what_goes_to_review_as_no_domain() {
    let Some(place) = project_with_strange_texts() else { return };
    place.json(&["label", "p", "--model", "clf", "--filter", "source:3"]);
    let report = place.json(&["thresholds", "p", "clf"]);
    assert_eq!((&report["items"], &report["no_domain"]), (&4.into(), &4.into()), "{report:#}");
    for point in report["points"].as_array().unwrap() {
        assert_eq!((&point["to_review"], &point["accepted"]), (&4.into(), &0.into()), "{point:#}");
    }
    let told = place.ok(&["thresholds", "p", "clf"]);
    assert!(told.contains("no domain"), "{told}");
}

#[test]
fn labels_that_a_classifier_trusts_are_known_for_its_thresholds_and_routes() {
    let (Some(encoder), Some(file)) = (testbed::encoder(testbed::ENGLISH_ENCODER), data("banking77_train.csv")) else {
        return;
    };
    let encoder = encoder.to_str().unwrap();
    let rows = files::csv_rows(file, usize::MAX - 1);
    let mut labelled = vec![rows[0].clone()];
    for domain in DOMAINS {
        labelled.extend(rows.iter().filter(|row| row[1] == domain).take(DECIDED).cloned());
    }
    let place = Workplace::new();
    let labels = place.file("labels.json", serde_json::to_string(&DOMAINS).unwrap());
    place.json(&["init", "p", "--labels", &labels]);
    place.json(&["import", "p", &place.file("labelled.csv", files::csv_text(&labelled, b','))]);
    place.json(&["models", "p", "add", "clf", "--classifier", encoder, "--trust-all"]);
    place.json(&["models", "p", "add", "careful", "--classifier", encoder]);
    place.json(&["models", "p", "add", "second", "--classifier", encoder, "--trust-all"]);
    place.json(&["models", "p", "add", "rt", "--route", "clf", "second", "--accuracy", "0.5"]);
    // Nothing is learned and nothing said yet: the question has no answer, and that is what is told.
    let told = place.ok(&["thresholds", "p", "careful", "--max-error", "0.2"]);
    assert!(told.contains("can't be told") && told.contains("--trust-labels"), "{told}");

    place.json(&["train", "p", "clf"]);
    let report = place.json(&["thresholds", "p", "clf", "--max-error", "0.2"]);
    assert_eq!(report["known"], DOMAINS.len() * DECIDED, "{report:#}");
    // What it learned from is judged by what one said that had not seen it, not by heart.
    let (error, right) = (share(&report["points"][0]["error"]), share(&place.json(&["train", "p", "clf"])["accuracy"]));
    assert!((error - (1.0 - right)).abs() < 0.02, "{error} wrong, {right} right by cross-validation");
    assert!(report["suggested"]["threshold"].is_number(), "{report:#}");
    let routed = place.json(&["label", "p", "--model", "rt", "--limit", "8"]);
    assert_eq!(routed["labelled"], 8, "{routed:#}");
    let report = place.json(&["thresholds", "p", "rt"]);
    assert_eq!((&report["items"], &report["known"]), (&8.into(), &8.into()), "{report:#}");
    let trusted = place.json(&["thresholds", "p", "rt", "--trust-labels"]);
    assert_eq!(trusted["known"], 8, "{trusted:#}");
}

#[test]
fn what_people_reject_is_not_learned_and_counts_as_wrong() {
    let Some((place, encoder)) = project() else { return };
    place.json(&["models", "p", "add", "clf", "--classifier", &encoder]);
    place.json(&["label", "p", "--model", "clf", "--filter", "source:2", "--limit", "40"]);
    let before = place.json(&["thresholds", "p", "clf"]);
    let items = place.json(&["items", "p", "list", "--filter", "source:2", "--limit", "5"]);
    for row in items["rows"].as_array().unwrap() {
        place.json(&["review", "p", "decide", &row["id"].to_string(), "--reject", "--reviewer", "anna"]);
    }
    let report = place.json(&["train", "p", "clf"]);
    assert_eq!((&report["examples"], &report["unchanged"]), (&(DOMAINS.len() * DECIDED).into(), &false.into()));
    let after = place.json(&["thresholds", "p", "clf"]);
    let known = |report: &Value| report["known"].as_u64().unwrap();
    let wrong = |report: &Value| {
        let error = &report["points"][0]["error"];
        (share(error) * error["of"].as_f64().unwrap()).round() as u64
    };
    // They are texts of the domains, so that the classifier takes hardly one of them to belong to none.
    let rejected = known(&after) - known(&before);
    assert!((1..=5).contains(&rejected), "{after:#}");
    assert_eq!(wrong(&after), wrong(&before) + rejected, "{after:#}");
}
