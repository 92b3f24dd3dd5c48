//! Bad input: one clear error that names the file, the row where there is one, and what to do; nothing half-done.

#![allow(clippy::unwrap_used)]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{Workplace, files, sample, smollm2};
use testbed::{Fault, FaultProxy, LabelServer, Reply, Shares, WebServer};

/// Runs a command that must fail with `code`, checks that both languages tell it well, and answers the error.
fn fails(place: &Workplace, arguments: &[&str], code: &str) -> Value {
    let ended = place.run(&[arguments, &["--json"]].concat());
    assert_eq!(ended.code, 1, "{arguments:?}\n{}{}", ended.stdout, ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    let error = &document["error"];
    assert_eq!(error["code"], code, "{arguments:?}: {error:#}");
    for lang in ["en", "ru"] {
        let ended = place.run(&[arguments, &["--lang", lang]].concat());
        assert_eq!(ended.code, 1);
        assert!(ended.stdout.is_empty(), "{}", ended.stdout);
        // One error: what and where on one line, what to do on the next.
        assert_eq!(ended.stderr.lines().count(), 2, "{arguments:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains(['{', '}']), "{}", ended.stderr);
        if let Some(file) = error["place"]["file"].as_str() {
            assert!(ended.stderr.contains(file), "{}", ended.stderr);
        }
        if let Some(row) = error["place"]["row"].as_u64() {
            assert!(ended.stderr.contains(&row.to_string()), "{}", ended.stderr);
        }
    }
    error.clone()
}

/// A project that must still be empty afterwards.
fn project() -> Workplace {
    let place = Workplace::new();
    place.ok(&["init", "p"]);
    place
}

fn is_untouched(place: &Workplace) {
    assert_eq!(place.json(&["stats", "p"])["items"], 0, "nothing half-done remains");
    assert_eq!(place.json(&["stats", "p"])["by_source"].as_array().unwrap().len(), 0);
}

/// The import of a file with this content must fail; answers the error.
fn import_fails(name: &str, content: impl AsRef<[u8]>, options: &[&str], code: &str) -> Value {
    let place = project();
    let file = place.file(name, content);
    let error = fails(&place, &[&["import", "p", file.as_str()], options].concat(), code);
    assert!(error["place"]["file"].as_str().unwrap().ends_with(name), "{error}");
    is_untouched(&place);
    error
}

#[test]
fn files_that_are_no_files() {
    let place = project();
    fails(&place, &["import", "p", "nowhere.csv"], "file_missing");
    std::fs::create_dir(place.path("folder.csv")).unwrap();
    fails(&place, &["import", "p", "folder.csv"], "file_is_directory");
    is_untouched(&place);
}

#[test]
fn empty_files() {
    import_fails("empty.csv", "", &[], "file_empty");
    import_fails("header.csv", "text,label\n", &[], "file_empty");
}

#[test]
fn damaged_workbooks_and_parquet() {
    let rows = files::csv_rows(sample("bank_questions.csv"), 200);
    let workbook = files::xlsx(&rows);
    import_fails("cut.xlsx", &workbook[..workbook.len() / 2], &[], "file_damaged");
    let parquet = files::parquet(&rows);
    import_fails("cut.parquet", &parquet[..parquet.len() / 2], &[], "file_damaged");
    import_fails("renamed.parquet", "text,label\na question,b\n", &[], "format_mismatch");
}

#[test]
fn a_ragged_row_is_named() {
    let content = "text,label\nmy card is lost,card\nwhere is it, my card,card\nno money,top_up\n";
    let error = import_fails("ragged.csv", content, &[], "row_ragged");
    assert_eq!(error["place"]["row"], 3);

    let place = project();
    let file = place.file("ragged.csv", content);
    let reports = place.json(&["import", "p", &file, "--skip-bad-rows"]);
    assert_eq!(reports[0]["kept"], 2);
    assert_eq!(reports[0]["dropped"]["ragged"], 1);
}

#[test]
fn an_empty_value_is_named() {
    let place = project();
    let error = fails(&place, &["version", "p", "commit", "-m", "  "], "argument_empty");
    assert_eq!(error["params"]["name"], "message");
    assert!(error["message"].as_str().unwrap().contains("“message” is empty"), "{error:#}");
    let error = fails(&place, &["review", "p", "decide", "1", "--correct", "", "--reviewer", "anna"], "argument_empty");
    assert_eq!(error["params"]["name"], "domain");
}

#[test]
fn a_column_that_does_not_exist() {
    let place = project();
    let error = fails(&place, &["import", "p", &sample("bank_questions.csv"), "--text", "question"], "column_missing");
    assert_eq!(error["params"]["column"], "question");
    assert!(error["params"]["columns"].as_str().unwrap().contains("category"));
    is_untouched(&place);
}

#[test]
fn broken_text() {
    let mut mixed = "text,label\n".as_bytes().to_vec();
    for _ in 0..50 {
        mixed.extend("вопрос о карте,card\nгде мои деньги,money\n".as_bytes());
    }
    mixed.extend([0xc2, 0xee, 0xef, 0xf0, 0xee, 0xf1]); // «Вопрос» in windows-1251
    mixed.extend(b" 17,card\n");
    let error = import_fails("mixed.csv", &mixed, &["--encoding", "utf-8"], "encoding_invalid");
    assert_eq!(error["place"]["row"], 102);
    let error = import_fails("nul.csv", "text,label\nfirst line,a\nsecond\0line,b\n", &[], "nul_byte");
    assert_eq!(error["place"]["row"], 3);
    let giant = format!("text,label\nshort one,a\n\"{}\",b\n", "x".repeat(10 << 20));
    let error = import_fails("giant.csv", giant, &[], "cell_too_large");
    assert_eq!(error["place"]["row"], 3);
    import_fails("a.csv", "text,label\nfirst line,a\n", &["--encoding", "klingon"], "encoding_unknown");
    import_fails("a.csv", "text,label\nfirst line,a\n", &["--delimiter", "::"], "delimiter_invalid");
    import_fails("broken.json", "[{\"text\": \"one\"}, {\"text\": ", &[], "json_malformed");
}

#[test]
fn schemas_that_cannot_be() {
    let place = project();
    let twice = place.file("twice.json", r#"["card", "money", "Card"]"#);
    let error = fails(&place, &["schema", "p", "set", &twice], "schema_duplicate_id");
    assert!(error["params"]["id"].as_str().unwrap().eq_ignore_ascii_case("card"));
    let nonsense = place.file("nonsense.json", r#"{"labels": 7}"#);
    fails(&place, &["schema", "p", "set", &nonsense], "schema_malformed");
    fails(&place, &["schema", "p", "from-labels"], "schema_no_labels");
    assert_eq!(place.json(&["schema", "p", "show"])["revision"], 0);
    // A project is not made when its schema can't be.
    fails(&place, &["init", "q", "--labels", &twice], "schema_duplicate_id");
    assert!(!place.path("q").exists() || std::fs::read_dir(place.path("q")).unwrap().next().is_none());
}

#[test]
fn models_that_are_none() {
    let place = project();
    let table = sample("bank_questions.csv");
    fails(&place, &["models", "p", "add", "m", "--gguf", &table], "model_not_gguf");
    fails(&place, &["models", "p", "add", "m", "--gguf", "nowhere.gguf"], "file_missing");
    let html = WebServer::start(|_| Reply::html("<!doctype html><title>Welcome</title><p>It works!")).url();
    fails(&place, &["models", "p", "add", "m", "--server", &html, "--model", "x"], "server_not_api");
    let nobody = "http://127.0.0.1:9";
    fails(&place, &["models", "p", "add", "m", "--server", nobody, "--model", "x"], "server_unreachable");
    fails(&place, &["models", "p", "add", "m", "--server", "ftp://host", "--model", "x"], "server_address");
    let unset = ["models", "p", "add", "m", "--server", html.as_str(), "--model", "x", "--key-env", "WINNOW_UNSET_KEY"];
    fails(&place, &unset, "key_missing");
    fails(&place, &["label", "p", "--model", "m"], "model_missing");
    assert_eq!(place.json(&["models", "p", "list"]).as_array().unwrap().len(), 0);
}

#[test]
fn servers_that_are_elsewhere_or_not_ready() {
    let place = project();
    let moved = WebServer::start(|_| {
        Reply::Answer(307, vec!["Location: http://elsewhere.test:81/v1/models".to_owned()], String::new())
    });
    let error =
        fails(&place, &["models", "p", "add", "m", "--server", &moved.url(), "--model", "x"], "server_redirects");
    assert_eq!(error["params"]["target"], "http://elsewhere.test:81");
    let loading = WebServer::start(|_| {
        Reply::Answer(503, Vec::new(), r#"{"error": {"message": "Loading model", "code": 503}}"#.to_owned())
    });
    fails(&place, &["models", "p", "add", "m", "--server", &loading.url(), "--model", "x"], "server_loading");
}

#[test]
fn a_run_that_labels_nothing_at_all_has_failed() {
    const ALL: Shares = &[(Fault::WrongLabel, 1_000)];
    let place = project();
    let server = LabelServer::start(Duration::ZERO);
    let proxy = FaultProxy::start(&server.url(), ALL, 1, Duration::from_secs(10));
    let table = place.file("rows.csv", "text,label\nhow do I get cash,cash\nwhere is my card,card\n");
    place.ok(&["import", "p", &table, "--text", "text", "--label", "label"]);
    place.ok(&["schema", "p", "from-labels"]);
    let url = proxy.url();
    place.ok(&["models", "p", "add", "m", "--server", &url, "--model", LabelServer::MODEL, "--retries", "0"]);
    let ended = place.run(&["label", "p", "--model", "m", "--json"]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (ended.code, report["labelled"].as_u64(), report["failed"].as_u64()),
        (1, Some(0), Some(2)),
        "{report:#}"
    );
    assert_eq!(report["last_failure"]["code"], "answer_invalid");
}

#[test]
fn models_that_are_cut_or_strange() {
    let Some(model) = smollm2() else { return };
    let place = project();
    let whole = std::fs::read(model).unwrap();
    let cut = place.file("cut.gguf", &whole[..5_000_000]);
    fails(&place, &["models", "p", "add", "m", "--gguf", &cut], "model_damaged");
    let mut strange = whole;
    let at = strange.windows(20).position(|window| window == b"general.architecture").unwrap() + 20 + 4 + 8;
    assert_eq!(&strange[at..at + 5], b"llama");
    strange[at..at + 5].copy_from_slice(b"zebra");
    let strange = place.file("strange.gguf", strange);
    let error = fails(&place, &["models", "p", "add", "m", "--gguf", &strange], "model_architecture");
    assert_eq!(error["params"]["architecture"], "zebra");
}

#[test]
fn folders_that_cannot_be_used() {
    let place = project();
    fails(&place, &["init", "p"], "project_exists");
    fails(&place, &["stats", "data"], "project_missing");
    // A file where a folder should be can't be written into, whoever asks (rights alone don't stop root).
    let file = place.file("a-file", "x");
    let below = format!("{file}/project");
    let error = fails(&place, &["init", &below], "folder_unwritable");
    assert!(error["place"]["file"].as_str().unwrap().contains("a-file"));
}

#[test]
fn questions_about_what_is_not_there() {
    let place = project();
    fails(&place, &["items", "p", "list", "--filter", "colour:red"], "filter_malformed");
    fails(&place, &["items", "p", "show", "7"], "item_missing");
    fails(&place, &["review", "p", "decide", "7", "--approve", "--reviewer", "anna"], "item_missing");
    fails(&place, &["review", "p", "undo", "--reviewer", "anna"], "nothing_to_undo");
    fails(&place, &["jobs", "p", "cancel", "7"], "job_missing");
    fails(&place, &["version", "p", "show", "1.0.0"], "version_missing");
    fails(&place, &["version", "p", "commit", "-m", "x"], "dataset_missing");
    fails(&place, &["write", "p"], "schema_missing");
}

#[test]
fn a_run_that_cannot_start_leaves_nothing() {
    let place = Workplace::new();
    let labels = sample("bank_questions.schema.json");
    let table = sample("bank_questions.csv");
    let missing = ["run", "p", "nowhere.csv", "--labels", labels.as_str(), "--model", "m", "-m", "x"];
    fails(&place, &missing, "file_missing");
    let missing = ["run", "p", table.as_str(), "--labels", "nowhere.json", "--model", "m", "-m", "x"];
    fails(&place, &missing, "file_missing");
    assert!(!place.path("p").exists());
}
