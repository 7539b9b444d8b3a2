//! The picture of a report: stacked bars, as PNG or SVG. PNG needs no font of the machine: the fonts are in the program.

use std::sync::OnceLock;

use plotters::coord::ranged1d::SegmentValue;
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::exit::{Failure, Result};

/// Width and height of a picture, in pixels or units of SVG.
const SIZE: (u32, u32) = (1200, 675);

/// Most horizontal bars; what is smaller is added up in one more.
const LYING_MOST: usize = 20;

/// Fewest places for bars: the axis of plotters cannot have a single one.
const SLOTS_LEAST: usize = 2;

/// Longest label that is shown whole.
const LABEL_MOST: usize = 28;

const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(0x26, 0x2B, 0x33);
const FAINT: RGBColor = RGBColor(0x6B, 0x72, 0x80);
const GRID: RGBColor = RGBColor(0xE3, 0xE6, 0xEA);

/// Okabe and Ito's colors, which people with color blindness can distinguish.
const COLORS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xD5, 0x5E, 0x00),
];

/// Bars of one or more parts.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Of which period and product.
    pub scope: String,
    /// What is counted.
    pub counted: &'static str,
    /// What has a bar of its own.
    pub by: &'static str,
    /// What the parts of a bar are.
    pub series: Vec<&'static str>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Whether the bars are horizontal, so that long labels can be read.
    pub is_horizontal: bool,
}

/// One bar: a value for each part.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is of.
    pub label: String,
    /// How long its parts are.
    pub values: Vec<u64>,
}

impl Bar {
    fn sum(&self) -> u64 {
        self.values.iter().fold(0, |sum, value| sum.saturating_add(*value))
    }
}

/// The chart as a PNG file.
///
/// # Errors
/// Exit code 70, which is our bug.
pub fn png(chart: &Chart) -> Result<Vec<u8>> {
    let (width, height) = SIZE;
    let bytes = usize::try_from(width.saturating_mul(height).saturating_mul(3)).unwrap_or(0);
    let mut pixels = vec![0xFF; bytes];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, SIZE).into_drawing_area();
        draw(&area, chart)?;
        area.present().map_err(bug)?;
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(bug)?;
    writer.write_image_data(&pixels).map_err(bug)?;
    writer.finish().map_err(bug)?;
    Ok(file)
}

/// The chart as an SVG file, whose text the viewer draws.
///
/// # Errors
/// Exit code 70, which is our bug.
pub fn svg(chart: &Chart) -> Result<String> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        draw(&area, chart)?;
        area.present().map_err(bug)?;
    }
    Ok(text)
}

fn bug(error: impl std::fmt::Display) -> Failure {
    Failure::internal(format!("the picture: {error}"))
}

type Area<B> = DrawingArea<B, plotters::coord::Shift>;

fn draw<B: DrawingBackend>(area: &Area<B>, chart: &Chart) -> Result<()> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    let registered = REGISTERED.get_or_init(|| {
        register_font(FONT, FontStyle::Normal, dejavu::sans::regular()).is_ok()
            && register_font(FONT, FontStyle::Bold, dejavu::sans::bold()).is_ok()
    });
    if !registered {
        return Err(bug("the font cannot be read"));
    }
    area.fill(&WHITE).map_err(bug)?;
    let words = |text: &str, style: TextStyle<'_>, at: (i32, i32)| area.draw_text(text, &style, at).map_err(bug);
    words(&chart.title, (FONT, 26, FontStyle::Bold, &INK).into_text_style(area), (28, 22))?;
    words(&chart.scope, (FONT, 16, &FAINT).into_text_style(area), (28, 58))?;
    let bars = shown(chart);
    let parts = parts(chart, &bars);
    if bars.iter().all(|bar| bar.sum() == 0) {
        return words("nothing to show", (FONT, 20, &FAINT).into_text_style(area), (28, 110));
    }
    legend(area, chart, &parts)?;
    let (_, plot) = area.margin(0, 18, 18, 28).split_vertically(92);
    if chart.is_horizontal { horizontal(&plot, chart, &bars, &parts) } else { vertical(&plot, chart, &bars, &parts) }
}

/// The largest bars; the others are combined into one. Vertical bars show a course of time and are not combined.
fn shown(chart: &Chart) -> Vec<Bar> {
    let mut bars = chart.bars.clone();
    if !chart.is_horizontal {
        return bars;
    }
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.sum()));
    if bars.len() > LYING_MOST {
        let rest = bars.split_off(LYING_MOST);
        let mut values = vec![0_u64; chart.series.len()];
        for bar in &rest {
            for (sum, value) in values.iter_mut().zip(&bar.values) {
                *sum = sum.saturating_add(*value);
            }
        }
        bars.push(Bar { label: format!("{} others", rest.len()), values });
    }
    bars
}

/// The parts that any bar has, each with its color.
fn parts(chart: &Chart, bars: &[Bar]) -> Vec<(usize, &'static str, RGBColor)> {
    let all = chart.series.iter().zip(COLORS.iter().cycle()).enumerate();
    all.filter(|(part, _)| bars.iter().any(|bar| bar.values.get(*part).is_some_and(|value| *value > 0)))
        .map(|(part, (name, color))| (part, *name, *color))
        .collect()
}

/// The names of the parts in one line above the bars; of a single part, the axis says what it is.
fn legend<B: DrawingBackend>(area: &Area<B>, chart: &Chart, parts: &[(usize, &str, RGBColor)]) -> Result<()> {
    if chart.series.len() < 2 {
        return Ok(());
    }
    let style = (FONT, 16, &INK).into_text_style(area);
    let mut x = 28;
    for (_, name, color) in parts {
        area.draw(&Rectangle::new([(x, 82), (x + 14, 96)], color.filled())).map_err(bug)?;
        area.draw_text(name, &style, (x + 21, 85)).map_err(bug)?;
        let (width, _) = area.estimate_text_size(name, &style).map_err(bug)?;
        x = x.saturating_add(i32::try_from(width).unwrap_or(0)).saturating_add(21 + 26);
    }
    Ok(())
}

fn vertical<B: DrawingBackend>(
    area: &Area<B>,
    chart: &Chart,
    bars: &[Bar],
    parts: &[(usize, &str, RGBColor)],
) -> Result<()> {
    let (top, slots) = (axis_end(bars), bars.len().max(SLOTS_LEAST));
    let mut context = ChartBuilder::on(area)
        .margin_top(26)
        .x_label_area_size(56)
        .y_label_area_size(label_width(area, &crate::batch::grouped(top))?.saturating_add(46))
        .build_cartesian_2d((0..slots - 1).into_segmented(), 0..top)
        .map_err(bug)?;
    let label = |value: &SegmentValue<usize>| match value {
        SegmentValue::CenterOf(index) => bars.get(*index).map_or_else(String::new, |bar| bar.label.clone()),
        SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
    };
    let widest = bars.iter().map(|bar| bar.label.len()).max().unwrap_or(1);
    // A character is about 9 pixels wide.
    let labels = (1060 / (widest * 9 + 14)).clamp(1, slots);
    context
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(FAINT)
        .x_labels(labels)
        .x_label_formatter(&label)
        .y_labels(6)
        .y_label_formatter(&|value| crate::batch::grouped(*value))
        .label_style((FONT, 15, &INK))
        .axis_desc_style((FONT, 16, &FAINT))
        .x_desc(chart.by)
        .y_desc(chart.counted)
        .draw()
        .map_err(bug)?;
    let gap = gap(1060, slots);
    for (index, bar) in bars.iter().enumerate() {
        let mut from = 0_u64;
        for (part, _, color) in parts {
            let to = from.saturating_add(bar.values.get(*part).copied().unwrap_or(0));
            if to > from {
                let ends = [(SegmentValue::Exact(index), from), (edge(index, slots), to)];
                let mut shape = Rectangle::new(ends, color.filled());
                shape.set_margin(0, 0, gap, gap);
                context.draw_series(std::iter::once(shape)).map_err(bug)?;
            }
            from = to;
        }
    }
    Ok(())
}

fn horizontal<B: DrawingBackend>(
    area: &Area<B>,
    chart: &Chart,
    bars: &[Bar],
    parts: &[(usize, &str, RGBColor)],
) -> Result<()> {
    let end = axis_end(bars);
    let slots = bars.len().max(SLOTS_LEAST);
    // The first bar is the topmost.
    let at = |index: usize| slots.saturating_sub(index).saturating_sub(1);
    let labels: Vec<String> = bars.iter().map(|bar| short(&bar.label)).collect();
    let mut widest = 0;
    for label in &labels {
        widest = widest.max(label_width(area, label)?);
    }
    let mut context = ChartBuilder::on(area)
        .margin_top(26)
        .margin_right(70)
        .x_label_area_size(56)
        .y_label_area_size(widest.saturating_add(46))
        .build_cartesian_2d(0..end, (0..slots - 1).into_segmented())
        .map_err(bug)?;
    let label = |value: &SegmentValue<usize>| match value {
        SegmentValue::CenterOf(index) => labels.get(at(*index)).cloned().unwrap_or_default(),
        SegmentValue::Exact(_) | SegmentValue::Last => String::new(),
    };
    context
        .configure_mesh()
        .disable_y_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(FAINT)
        .x_labels(8)
        .x_label_formatter(&|value| crate::batch::grouped(*value))
        .y_labels(slots)
        .y_label_formatter(&label)
        .label_style((FONT, 15, &INK))
        .axis_desc_style((FONT, 16, &FAINT))
        .x_desc(chart.counted)
        .y_desc(chart.by)
        .draw()
        .map_err(bug)?;
    let gap = gap(470, slots);
    let sum_style = (FONT, 15, &INK).into_text_style(area).pos(Pos::new(HPos::Left, VPos::Center));
    for (index, bar) in bars.iter().enumerate() {
        let mut from = 0_u64;
        for (part, _, color) in parts {
            let to = from.saturating_add(bar.values.get(*part).copied().unwrap_or(0));
            if to > from {
                let ends = [(from, SegmentValue::Exact(at(index))), (to, edge(at(index), slots))];
                let mut shape = Rectangle::new(ends, color.filled());
                shape.set_margin(gap, gap, 0, 0);
                context.draw_series(std::iter::once(shape)).map_err(bug)?;
            }
            from = to;
        }
        let place = (from, SegmentValue::CenterOf(at(index)));
        let sum = EmptyElement::at(place) + Text::new(crate::batch::grouped(from), (7, 0), sum_style.clone());
        context.draw_series(std::iter::once(sum)).map_err(bug)?;
    }
    Ok(())
}

/// Where the place of a bar ends.
const fn edge(index: usize, slots: usize) -> SegmentValue<usize> {
    if index + 1 < slots { SegmentValue::Exact(index + 1) } else { SegmentValue::Last }
}

/// Pixels between a bar and the edge of its place.
fn gap(pixels: usize, count: usize) -> u32 {
    let place = pixels / count.max(1);
    u32::try_from(if place > 90 { (place - 70) / 2 } else { place / 7 }).unwrap_or(0)
}

/// Where an axis ends: a little above the longest bar, at a number with few digits.
fn axis_end(bars: &[Bar]) -> u64 {
    let most = bars.iter().map(Bar::sum).max().unwrap_or(0);
    if most < 5 {
        return 5;
    }
    let step = 10_u64.checked_pow(most.ilog10()).unwrap_or(u64::MAX) / 2;
    let step = step.max(1);
    most.checked_add(1).and_then(|above| above.checked_next_multiple_of(step)).unwrap_or(most)
}

fn label_width<B: DrawingBackend>(area: &Area<B>, text: &str) -> Result<u32> {
    let style = (FONT, 15, &INK).into_text_style(area);
    area.estimate_text_size(text, &style).map(|(width, _)| width).map_err(bug)
}

fn short(label: &str) -> String {
    if label.chars().count() <= LABEL_MOST {
        return label.into();
    }
    label.chars().take(LABEL_MOST.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers_above_the_longest_bar() {
        let end = |most| axis_end(&[Bar { label: String::new(), values: vec![most] }]);
        assert_eq!([0, 4, 5, 11, 99, 100, 101, 1234].map(end), [5, 5, 6, 15, 100, 150, 150, 1500]);
        assert_eq!(end(u64::MAX), u64::MAX);
    }

    #[test]
    fn many_horizontal_bars_keep_the_largest_and_add_up_the_rest() {
        let bars = (0..30).map(|index| Bar { label: format!("p{index}"), values: vec![index] }).collect();
        let chart = Chart {
            title: String::new(),
            scope: String::new(),
            counted: "",
            by: "",
            series: vec!["a"],
            bars,
            is_horizontal: true,
        };
        let shown = shown(&chart);
        assert_eq!((shown.len(), shown[0].label.as_str(), shown[20].label.as_str()), (21, "p29", "10 others"));
        assert_eq!(shown[20].sum(), (0..10).sum::<u64>());
    }
}
