//! A program that was built for a graphics processor, on whatever machine the tests run: with one it is used, without one the
//! program starts, says so and computes all the same.
#![cfg(feature = "cuda")]
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;

use contract::model::ModelFinding;
use models::{CancelToken, GgufModel, Label, LabelModel, LabelPrompt};

#[test]
fn a_model_says_where_it_is_computed_and_labels() {
    let Some(path) = testbed::small_model() else { return };
    let model = GgufModel::open(&path).unwrap();
    let findings = model.findings();
    let placed: Vec<&ModelFinding> = findings
        .iter()
        .filter(|finding| {
            matches!(
                finding,
                ModelFinding::Graphics { .. } | ModelFinding::NoGraphics { .. } | ModelFinding::GraphicsTooSmall { .. }
            )
        })
        .collect();
    println!("{findings:?}");
    assert_eq!(placed.len(), 1, "{findings:?}");
    match placed[0] {
        ModelFinding::NoGraphics { detail } => assert!(!detail.is_empty()),
        ModelFinding::Graphics { name } | ModelFinding::GraphicsTooSmall { name, .. } => assert!(!name.is_empty()),
        _ => unreachable!("only these were kept"),
    }
    let labels = ["card_arrival", "lost_card"].map(|text| Label { id: text.into(), text: text.into() });
    let prompt = LabelPrompt {
        instruction: "Classify the question of a bank's customer: card_arrival or lost_card.".to_owned(),
        labels: labels.into(),
        ..LabelPrompt::default()
    };
    let mut answers = Vec::new();
    let mut sink = |_, answer| {
        answers.push(answer);
        ControlFlow::Continue(())
    };
    let texts = ["I have lost my card", "When will my card arrive?"];
    model.label(&prompt, &texts, &CancelToken::new(), &mut sink).unwrap();
    assert_eq!(answers.len(), texts.len());
    for answer in answers {
        let sum: f32 = answer.unwrap().probabilities.iter().sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
    }
}
