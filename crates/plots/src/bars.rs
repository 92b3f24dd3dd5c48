//! Bars beside each other: one or two series of counts over classes.

use catalogue::{Language, Text, number, t};
use contract::schema::Schema;
use contract::version::VersionStatistics;
use plotters::prelude::{ChartBuilder, PathElement, Rectangle, SeriesLabelPosition};
use plotters::style::Color;

use crate::PlotError;
use crate::frame::words;
use crate::ink::{Ink, draw};

/// Domains that are drawn; of more, the largest.
const DOMAINS: usize = 20;
/// Letters of a domain's name that fit beside its bar.
const LETTERS: usize = 24;

/// A version's number and its counts; of two, the older first.
type Side<'a> = (&'a str, &'a VersionStatistics);

/// A series of counts, one a class.
struct Series<'a> {
    name: &'a str,
    ink: Ink,
    counts: Vec<u64>,
}

/// Which way bars grow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grow {
    Up,
    Right,
}

/// Draws samples by domain, the largest first.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn version_domains(
    sides: &[Side<'_>],
    schema: &Schema,
    size: (u32, u32),
    lang: Language,
) -> Result<String, PlotError> {
    let count = |(_, statistics): &Side<'_>, domain: &str| {
        statistics.domains.get(domain).map_or(0, |(train, eval)| train + eval)
    };
    let mut domains: Vec<&String> = sides.iter().flat_map(|(_, statistics)| statistics.domains.keys()).collect();
    domains.sort_unstable();
    domains.dedup();
    domains.sort_by_key(|domain| std::cmp::Reverse(sides.iter().map(|side| count(side, domain)).sum::<u64>()));
    domains.truncate(DOMAINS);
    let series = |side: &Side<'_>| domains.iter().map(|domain| count(side, domain)).collect();
    let names = domains.iter().map(|domain| name_of(schema, domain, lang)).collect();
    bars(names, of(sides, series), Grow::Right, (t(lang, Text::PlotSamples), ""), (size, lang))
}

/// Draws samples by the length of their text.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn version_lengths(sides: &[Side<'_>], size: (u32, u32), lang: Language) -> Result<String, PlotError> {
    let used = sides.iter().flat_map(|(_, statistics)| statistics.lengths.iter().rposition(|count| *count > 0)).max();
    let classes = used.map_or(1, |last| last + 1);
    let names = VersionStatistics::LENGTHS.iter().take(classes).map(|bound| bound.to_string()).collect();
    let series = |(_, statistics): &Side<'_>| {
        (0..classes).map(|class| statistics.lengths.get(class).copied().unwrap_or(0)).collect()
    };
    bars(names, of(sides, series), Grow::Up, (t(lang, Text::PlotLength), t(lang, Text::PlotSamples)), (size, lang))
}

/// Draws samples by their confidence.
///
/// # Errors
/// [`PlotError`], a defect.
pub fn version_confidences(sides: &[Side<'_>], size: (u32, u32), lang: Language) -> Result<String, PlotError> {
    let names = (0..10).map(|tenth| format!("{} %", tenth * 10)).collect();
    let series = |(_, statistics): &Side<'_>| {
        (0..10).map(|class| statistics.confidences.get(class).copied().unwrap_or(0)).collect()
    };
    bars(names, of(sides, series), Grow::Up, (t(lang, Text::PlotConfidence), t(lang, Text::PlotSamples)), (size, lang))
}

fn of<'a>(sides: &[Side<'a>], counts: impl Fn(&Side<'a>) -> Vec<u64>) -> Vec<Series<'a>> {
    let last = sides.len().saturating_sub(1);
    let ink = |at: usize| if at == last { Ink::After } else { Ink::Before };
    sides.iter().enumerate().map(|(at, side)| Series { name: side.0, ink: ink(at), counts: counts(side) }).collect()
}

fn name_of(schema: &Schema, id: &str, lang: Language) -> String {
    let domain = schema.domains.iter().find(|domain| domain.id == id);
    let name = domain.map(|domain| match lang {
        Language::Ru if !domain.name.ru.is_empty() => domain.name.ru.as_str(),
        _ => domain.name.en.as_str(),
    });
    let name = name.filter(|name| !name.is_empty()).unwrap_or(id);
    match name.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[allow(clippy::cast_precision_loss)] // Pixels.
fn bars(
    classes: Vec<String>,
    series: Vec<Series<'_>>,
    grow: Grow,
    (across, up): (&str, &str),
    (size, lang): ((u32, u32), Language),
) -> Result<String, PlotError> {
    let most = series.iter().flat_map(|series| &series.counts).copied().max().unwrap_or(0).max(1) as f64 * 1.05;
    let many = classes.len().max(1) as f64;
    let class = |place: &f64| {
        let at = (place - 0.5).round();
        let middle = (place - 0.5 - at).abs() < 0.01 && at >= 0.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Checked to be a place.
        let name = if middle { classes.get(at as usize) } else { None };
        name.cloned().unwrap_or_default()
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Counts.
    let count = |value: &f64| number(lang, value.max(0.0) as u64);
    draw(size, |area| {
        let (x, y) = match grow {
            Grow::Up => (0.0..many, 0.0..most),
            Grow::Right => (0.0..most, many..0.0),
        };
        let mut chart = ChartBuilder::on(area)
            .margin(8)
            .x_label_area_size(if across.is_empty() { 24 } else { 40 })
            .y_label_area_size(if grow == Grow::Right { 170 } else { 60 })
            .build_cartesian_2d(x, y)
            .map_err(PlotError::of)?;
        let mut mesh = chart.configure_mesh();
        mesh.light_line_style(Ink::Grid.color().mix(0.0))
            .bold_line_style(Ink::Grid.color())
            .axis_style(Ink::Axis.color())
            .label_style(words(12))
            .axis_desc_style(words(13))
            .x_desc(across)
            .y_desc(up);
        match grow {
            // The classes' names are drawn beside the middle of each.
            Grow::Up => mesh
                .disable_x_mesh()
                .x_labels(2 * classes.len() + 1)
                .x_label_formatter(&class)
                .y_label_formatter(&count),
            Grow::Right => mesh
                .disable_y_mesh()
                .y_labels(2 * classes.len() + 1)
                .y_label_formatter(&class)
                .x_label_formatter(&count),
        };
        mesh.draw().map_err(PlotError::of)?;
        let thick = 0.8 / series.len().max(1) as f64;
        let named = series.len() > 1;
        for (place, one) in series.iter().enumerate() {
            let rectangles = one.counts.iter().enumerate().map(|(at, count)| {
                let (from, to) =
                    (at as f64 + 0.1 + place as f64 * thick, at as f64 + 0.1 + (place as f64 + 1.0) * thick);
                let (count, fill) = (*count as f64, one.ink.color().filled());
                match grow {
                    Grow::Up => Rectangle::new([(from, 0.0), (to, count)], fill),
                    Grow::Right => Rectangle::new([(0.0, from), (count, to)], fill),
                }
            });
            let drawn = chart.draw_series(rectangles).map_err(PlotError::of)?;
            if named {
                let ink = one.ink;
                let mark = move |(x, y)| PathElement::new(vec![(x, y), (x + 14, y)], ink.color().stroke_width(6));
                drawn.label(one.name).legend(mark);
            }
        }
        if named {
            let position =
                if grow == Grow::Right { SeriesLabelPosition::LowerRight } else { SeriesLabelPosition::UpperRight };
            chart.configure_series_labels().position(position).label_font(words(12)).draw().map_err(PlotError::of)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_bar_a_class_and_version_with_its_name() {
        let mut old = VersionStatistics { lengths: vec![3, 5, 0, 1], ..VersionStatistics::default() };
        old.domains.insert("card_arrival".into(), (7, 1));
        old.domains.insert("<script>".into(), (2, 0));
        let mut new = old.clone();
        new.domains.insert("a_domain_with_a_name_that_is_too_long_for_a_plot".into(), (1, 1));
        let sides = [("1.0.0", &old), ("1.1.0", &new)];
        let svg = version_domains(&sides, &Schema::default(), (600, 400), Language::En).unwrap();
        let is_bar = |tag: &&str| ["plot-before", "plot-after"].iter().any(|class| tag.contains(class));
        let bars = svg.split("<rect").skip(1).filter_map(|tag| tag.split('>').next()).filter(is_bar).count();
        assert_eq!(bars, 6, "{svg}");
        assert!(svg.contains("card_arrival") && svg.contains("1.1.0") && svg.contains("…") && !svg.contains("<script"));
        let svg = version_lengths(&sides[..1], (600, 400), Language::Ru).unwrap();
        assert!(svg.contains(t(Language::Ru, Text::PlotLength)) && !svg.contains("1.0.0"));
        version_confidences(&[("1.0.0", &VersionStatistics::default())], (240, 120), Language::Ru).unwrap();
    }
}
