//! Line charts as SVG.

use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 48.0;
/// About so many parts of an axis.
const PARTS: f64 = 6.0;

/// A line.
pub struct Line {
    /// CSS class, which carries the colour.
    pub class: &'static str,
    /// From left to right.
    pub points: Vec<(f64, f64)>,
}

/// One chart.
#[derive(Default)]
pub struct Chart {
    /// What a screen reader says.
    pub label: String,
    /// What the axes are, with units.
    pub axes: [String; 2],
    pub lines: Vec<Line>,
    /// Marked points, each with a class and what is shown on hovering.
    pub marks: Vec<(f64, f64, &'static str, String)>,
    /// Labels of the horizontal axis; round numbers when there are none.
    pub ticks: Vec<(f64, String)>,
}

/// From values to places.
struct Scale {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
}

impl Scale {
    fn at(&self, value: f64) -> f64 {
        self.start + (value - self.from) / (self.to - self.from) * (self.end - self.start)
    }
}

/// Escapes text for HTML and SVG.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A round step that covers a range in about [`PARTS`] parts.
fn step(from: f64, to: f64) -> f64 {
    let raw = ((to - from) / PARTS).max(f64::MIN_POSITIVE);
    let magnitude = 10f64.powf(raw.log10().floor());
    [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .map(|m| m * magnitude)
        .find(|step| *step >= raw)
        .unwrap_or(magnitude * 10.0)
}

/// Round numbers within a range, with their labels.
fn round_ticks(from: f64, to: f64) -> Vec<(f64, String)> {
    let step = step(from, to);
    let decimals = (0..6).find(|d| {
        let scaled = step * 10f64.powi(*d);
        (scaled - scaled.round()).abs() < 1e-9
    });
    let decimals = decimals.unwrap_or(6) as usize;
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|i| i as f64 * step)
        .map(|value| (value, format!("{value:.decimals$}")))
        .collect()
}

impl Chart {
    /// The chart as one SVG element.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    /// What both axes cover, the vertical one from zero; `None` without points.
    fn ranges(&self) -> Option<[(f64, f64); 2]> {
        let points = || {
            let lines = self
                .lines
                .iter()
                .flat_map(|line| line.points.iter().copied());
            lines.chain(self.marks.iter().map(|mark| (mark.0, mark.1)))
        };
        points().next()?;
        let (mut x0, mut x1, mut y1) = (f64::MAX, f64::MIN, 0.0f64);
        for (x, y) in points() {
            (x0, x1, y1) = (x0.min(x), x1.max(x), y1.max(y));
        }
        let wide = |from: f64, to: f64| if to > from { to } else { from + 1.0 };
        Some([(x0, wide(x0, x1)), (0.0, wide(0.0, y1))])
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let label = escape(&self.label);
        write!(
            out,
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">"#
        )?;
        let Some([(x0, x1), (y0, y1)]) = self.ranges() else {
            let middle = HEIGHT / 2.0;
            write!(
                out,
                r#"<text x="{LEFT}" y="{middle}">no values</text></svg>"#
            )?;
            return Ok(());
        };
        let x = Scale {
            from: x0,
            to: x1,
            start: LEFT,
            end: WIDTH - RIGHT,
        };
        let y = Scale {
            from: y0,
            to: y1,
            start: HEIGHT - BOTTOM,
            end: TOP,
        };
        self.write_axes(out, &x, &y)?;
        for line in &self.lines {
            write!(out, r#"<path class="line {}" d=""#, line.class)?;
            for (i, (at, value)) in line.points.iter().enumerate() {
                let pen = if i == 0 { 'M' } else { 'L' };
                write!(out, "{pen}{:.1} {:.1}", x.at(*at), y.at(*value))?;
            }
            out.push_str(r#""/>"#);
        }
        for (at, value, class, title) in &self.marks {
            write!(
                out,
                r#"<circle class="mark {class}" cx="{:.1}" cy="{:.1}" r="4"><title>{}</title></circle>"#,
                x.at(*at),
                y.at(*value),
                escape(title)
            )?;
        }
        out.push_str("</svg>");
        Ok(())
    }

    fn write_axes(&self, out: &mut String, x: &Scale, y: &Scale) -> std::fmt::Result {
        for (value, label) in round_ticks(y.from, y.to) {
            let at = y.at(value);
            write!(
                out,
                r#"<line class="grid" x1="{LEFT}" x2="{:.1}" y1="{at:.1}" y2="{at:.1}"/><text text-anchor="end" x="{:.1}" y="{:.1}">{label}</text>"#,
                x.end,
                LEFT - 8.0,
                at + 4.0
            )?;
        }
        let round = round_ticks(x.from, x.to);
        let ticks = if self.ticks.is_empty() {
            &round
        } else {
            &self.ticks
        };
        for (value, label) in ticks {
            write!(
                out,
                r#"<text text-anchor="middle" x="{:.1}" y="{:.1}">{}</text>"#,
                x.at(*value),
                y.start + 18.0,
                escape(label)
            )?;
        }
        let [across, up] = &self.axes;
        write!(
            out,
            r#"<text text-anchor="end" x="{:.1}" y="{:.1}">{}</text><text x="{LEFT}" y="{:.1}">{}</text>"#,
            x.end,
            HEIGHT - 8.0,
            escape(across),
            TOP - 3.0,
            escape(up)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_should_be_round_numbers_within_the_range() {
        let labels = |from, to| -> Vec<String> {
            round_ticks(from, to)
                .into_iter()
                .map(|(_, label)| label)
                .collect()
        };
        assert_eq!(
            labels(0.0, 0.3),
            ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]
        );
        assert_eq!(labels(1.2, 9.0), ["2", "4", "6", "8"]);
    }

    #[test]
    fn chart_should_be_drawn_when_it_has_one_point_or_none() {
        let mut chart = Chart::default();
        assert!(chart.svg().contains("no values"));
        chart.lines.push(Line {
            class: "a",
            points: vec![(5.0, 0.0)],
        });
        let svg = chart.svg();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn text_should_be_escaped() {
        let chart = Chart {
            label: "a < \"b\" & c".into(),
            ..Chart::default()
        };
        assert!(chart.svg().contains("a &lt; &quot;b&quot; &amp; c"));
    }
}
