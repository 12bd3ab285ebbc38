//! Line charts as SVG.

use std::fmt::Write;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 84.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 34.0;
const TITLE: f64 = 14.0;

/// A line; a gap where the value is missing.
pub struct Line {
    /// CSS class, which carries the colour.
    pub class: &'static str,
    pub points: Vec<(f64, Option<f64>)>,
}

impl Line {
    /// A line without gaps.
    pub fn whole(class: &'static str, points: impl Iterator<Item = (f64, f64)>) -> Self {
        Self {
            class,
            points: points.map(|(x, y)| (x, Some(y))).collect(),
        }
    }
}

/// A shaded stretch.
pub struct Band {
    pub from: f64,
    pub to: f64,
    pub label: String,
}

/// A marked point.
pub struct Mark {
    pub x: f64,
    pub y: f64,
    pub class: &'static str,
    /// Shown on hovering and read by screen readers.
    pub title: String,
}

/// One chart.
pub struct Chart {
    /// What a screen reader says.
    pub label: String,
    /// Shown size in the units of the view box; 960 is the full width of the page.
    pub width: f64,
    pub height: f64,
    pub lines: Vec<Line>,
    pub bands: Vec<Band>,
    pub marks: Vec<Mark>,
    /// Whether the vertical axis starts at zero.
    pub from_zero: bool,
    /// Labels of the horizontal axis; round numbers when there are none.
    pub ticks: Vec<(f64, String)>,
    /// What the axes are, with units; nothing for what goes without saying.
    pub axes: [String; 2],
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            label: String::new(),
            width: WIDTH,
            height: 260.0,
            lines: Vec::new(),
            bands: Vec::new(),
            marks: Vec::new(),
            from_zero: false,
            ticks: Vec::new(),
            axes: [String::new(), String::new()],
        }
    }
}

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

/// Round steps that cover a range in about `count` parts.
fn steps(from: f64, to: f64, count: f64) -> (f64, f64, f64) {
    let raw = ((to - from) / count).max(f64::MIN_POSITIVE);
    let magnitude = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * magnitude)
        .find(|s| *s >= raw)
        .unwrap_or(magnitude * 10.0);
    (
        (from / step).floor() * step,
        (to / step).ceil() * step,
        step,
    )
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

/// Round numbers within a range, with their labels.
fn round_ticks(from: f64, to: f64) -> Vec<(f64, String)> {
    let (_, _, step) = steps(from, to, 6.0);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|i| i as f64 * step)
        .map(|value| (value, tick_label(value, step)))
        .collect()
}

fn tick_label(value: f64, step: f64) -> String {
    let decimals = if step >= 1.0 {
        0
    } else {
        // A step of 0.05 needs two decimals.
        (-step.log10().floor()).clamp(0.0, 6.0) as usize
    };
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let negative = value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0');
    let sign = if negative { "\u{2212}" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

impl Chart {
    /// The chart as one SVG element.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out);
        out
    }

    /// Room below the plot: for labels, and for a title when there is one.
    fn bottom(&self) -> f64 {
        if self.axes[0].is_empty() {
            BOTTOM
        } else {
            BOTTOM + TITLE
        }
    }

    fn ranges(&self) -> Option<(f64, f64, f64, f64)> {
        let xs = self.lines.iter().flat_map(|l| l.points.iter().map(|p| p.0));
        let ys = self
            .lines
            .iter()
            .flat_map(|l| l.points.iter().filter_map(|p| p.1))
            .chain(self.marks.iter().map(|m| m.y));
        let bounds = |values: &mut dyn Iterator<Item = f64>| {
            values.fold(None, |range: Option<(f64, f64)>, v| {
                Some(range.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
            })
        };
        let (x0, x1) = bounds(&mut { xs })?;
        let (mut y0, mut y1) = bounds(&mut { ys })?;
        if self.from_zero {
            y0 = y0.min(0.0);
            y1 = y1.max(0.0);
        }
        if y1 - y0 < f64::EPSILON * y1.abs().max(1.0) {
            y1 += y1.abs().max(1.0) * 0.01;
        }
        Some((x0, x1.max(x0 + 1.0), y0, y1))
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        write!(
            out,
            r#"<svg viewBox="0 0 {:.0} {:.0}" role="img" aria-label="{}">"#,
            self.width,
            self.height,
            escape(&self.label)
        )?;
        if let Some((x0, x1, y0, y1)) = self.ranges() {
            let (low, high, step) = steps(y0, y1, (self.height / 55.0).max(2.0));
            let x = Scale {
                from: x0,
                to: x1,
                start: LEFT,
                end: self.width - RIGHT,
            };
            let y = Scale {
                from: low,
                to: high,
                start: self.height - self.bottom(),
                end: TOP,
            };
            self.write_bands(out, &x, &y)?;
            self.write_axes(out, &x, &y, step)?;
            for line in &self.lines {
                write_line(out, line, &x, &y)?;
            }
            for mark in &self.marks {
                write!(
                    out,
                    r#"<circle class="{}" cx="{:.1}" cy="{:.1}" r="5"><title>{}</title></circle>"#,
                    mark.class,
                    x.at(mark.x),
                    y.at(mark.y),
                    escape(&mark.title)
                )?;
            }
        } else {
            write!(
                out,
                r#"<text x="{:.0}" y="{:.0}">no values</text>"#,
                LEFT,
                self.height / 2.0
            )?;
        }
        out.push_str("</svg>");
        Ok(())
    }

    fn write_bands(&self, out: &mut String, x: &Scale, y: &Scale) -> std::fmt::Result {
        for band in &self.bands {
            let from = x.at(band.from).clamp(x.start, x.end);
            let to = x.at(band.to).clamp(x.start, x.end);
            write!(
                out,
                r#"<rect class="halt" x="{from:.1}" y="{:.1}" width="{:.1}" height="{:.1}"><title>{}</title></rect>"#,
                y.end,
                (to - from).max(1.0),
                y.start - y.end,
                escape(&band.label)
            )?;
        }
        Ok(())
    }

    fn write_axes(&self, out: &mut String, x: &Scale, y: &Scale, step: f64) -> std::fmt::Result {
        let count = ((y.to - y.from) / step).round() as i32;
        for i in 0..=count {
            let value = y.from + f64::from(i) * step;
            let at = y.at(value);
            let class = if self.from_zero && value.abs() < step / 1e6 {
                "grid zero"
            } else {
                "grid"
            };
            write!(
                out,
                r#"<line class="{class}" x1="{LEFT}" x2="{:.1}" y1="{at:.1}" y2="{at:.1}"/><text class="tick" text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
                x.end,
                LEFT - 8.0,
                at + 4.0,
                tick_label(value, step)
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
                r#"<text class="tick" text-anchor="middle" x="{:.1}" y="{:.1}">{}</text>"#,
                x.at(*value),
                y.start + 20.0,
                escape(label)
            )?;
        }
        self.write_titles(out, x)
    }

    fn write_titles(&self, out: &mut String, x: &Scale) -> std::fmt::Result {
        let [across, up] = &self.axes;
        if !across.is_empty() {
            write!(
                out,
                r#"<text text-anchor="end" x="{:.1}" y="{:.1}">{}</text>"#,
                x.end,
                self.height - 6.0,
                escape(across)
            )?;
        }
        if !up.is_empty() {
            write!(
                out,
                r#"<text x="{LEFT}" y="{:.1}">{}</text>"#,
                TOP - 3.0,
                escape(up)
            )?;
        }
        Ok(())
    }
}

fn write_line(out: &mut String, line: &Line, x: &Scale, y: &Scale) -> std::fmt::Result {
    write!(out, r#"<path class="line {}" d=""#, line.class)?;
    let mut pen_down = false;
    for (at, value) in &line.points {
        match value {
            Some(value) => {
                let command = if pen_down { 'L' } else { 'M' };
                write!(out, "{command}{:.1} {:.1}", x.at(*at), y.at(*value))?;
                pen_down = true;
            }
            None => pen_down = false,
        }
    }
    out.push_str(r#""/>"#);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_should_cover_the_range_with_round_numbers() {
        assert_eq!(
            steps(101_516.0, 117_040.0, 5.0),
            (100_000.0, 120_000.0, 5_000.0)
        );
        assert_eq!(steps(0.0, 0.3, 3.0), (0.0, 0.30000000000000004, 0.1));
    }

    #[test]
    fn ticks_should_be_round_numbers_within_the_range() {
        let labels: Vec<String> = round_ticks(1.2, 9.0)
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(labels, ["2", "4", "6", "8"]);
    }

    #[test]
    fn text_should_be_escaped() {
        let chart = Chart {
            label: "a < \"b\" & c".into(),
            axes: ["<x>".into(), String::new()],
            lines: vec![Line::whole("a", [(0.0, 1.0)].into_iter())],
            ..Chart::default()
        };
        let svg = chart.svg();
        assert!(svg.contains("a &lt; &quot;b&quot; &amp; c"), "{svg}");
        assert!(svg.contains("&lt;x&gt;"), "{svg}");
    }

    #[test]
    fn line_should_be_interrupted_when_a_value_is_missing() {
        let chart = Chart {
            lines: vec![Line {
                class: "a",
                points: vec![
                    (0.0, Some(1.0)),
                    (1.0, None),
                    (2.0, Some(2.0)),
                    (3.0, Some(3.0)),
                ],
            }],
            ..Default::default()
        };
        let svg = chart.svg();
        assert_eq!(svg.matches('M').count(), 2, "{svg}");
        assert!(!svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn chart_should_be_drawn_when_it_has_one_point_or_none() {
        let mut chart = Chart::default();
        assert!(chart.svg().contains("no values"));
        chart.lines.push(Line {
            class: "a",
            points: vec![(5.0, Some(0.0))],
        });
        let svg = chart.svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn tick_labels_should_be_grouped() {
        assert_eq!(tick_label(-12_500.0, 500.0), "\u{2212}12,500");
        assert_eq!(tick_label(0.25, 0.05), "0.25");
        assert_eq!(tick_label(-0.0, 1.0), "0");
    }
}
