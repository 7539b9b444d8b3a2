//! A document as a QR code: how large it becomes, and its three forms.

use lic2::DocumentBuffer;
use lic2::claim;
use qrcode::render::{svg, unicode::Dense1x2};
use qrcode::{Color, EcLevel, QrCode};

use crate::exit::{Failure, Result};

/// Light modules on each side (ISO/IEC 18004 §9.1).
pub const QUIET_MODULES: usize = 4;

/// Largest side that phones read without effort, in modules: version 20. Larger ones draw a warning.
pub const LEGIBLE_MODULES: usize = 97;

/// Least side of a printed module for the cameras of phones, in tenths of a millimeter.
const MODULE_TENTHS: usize = 4;

/// Error correction, the strongest first, with the part of a code that may be damaged.
pub const LEVELS: [(EcLevel, &str, &str); 4] =
    [(EcLevel::H, "H", "30 %"), (EcLevel::Q, "Q", "25 %"), (EcLevel::M, "M", "15 %"), (EcLevel::L, "L", "7 %")];

/// Black on white whatever the colors of the terminal are: colors 16 and 231 of 256.
const BLACK_ON_WHITE: &str = "\x1b[38;5;16;48;5;231m";
const RESET: &str = "\x1b[0m";

/// A document and its code.
pub struct Picture {
    text: String,
    code: QrCode,
    level: &'static str,
    damage: &'static str,
}

impl Picture {
    /// Draws a document with this error correction; without one, with the strongest whose code is at most `most` modules
    /// wide, else with the weakest.
    ///
    /// What is drawn is the text form alone, without the space and quotes that mail puts around it.
    ///
    /// # Errors
    /// Exit code 3 if the text is no document of this system.
    pub fn new(text: &[u8], level: Option<EcLevel>, most: usize) -> Result<Self> {
        let text = plain(text)?;
        for (candidate, name, damage) in LEVELS {
            if level.is_some_and(|level| level != candidate) {
                continue;
            }
            let code = QrCode::with_error_correction_level(&text, candidate)
                .map_err(|error| Failure::internal(format!("QR code: {error}")))?;
            if level.is_some() || candidate == EcLevel::L || code.width() <= most {
                return Ok(Self { text, code, level: name, damage });
            }
        }
        Err(Failure::internal("QR code: no such error correction"))
    }

    /// The text that a reader returns.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Version by ISO/IEC 18004: 1 to 40.
    #[must_use]
    pub fn version(&self) -> usize {
        // The side is 17 modules and four more for each version.
        self.modules().saturating_sub(17) / 4
    }

    /// Side without the quiet zone.
    #[must_use]
    pub fn modules(&self) -> usize {
        self.code.width()
    }

    /// Side with the quiet zone: columns in a terminal.
    #[must_use]
    pub fn full_modules(&self) -> usize {
        self.modules().saturating_add(2 * QUIET_MODULES)
    }

    /// L, M, Q or H.
    #[must_use]
    pub const fn level(&self) -> &'static str {
        self.level
    }

    /// The part of the code that may be damaged.
    #[must_use]
    pub const fn damage(&self) -> &'static str {
        self.damage
    }

    /// Least side of a print with its quiet zone, in millimeters.
    #[must_use]
    pub fn print_millimeters(&self) -> usize {
        self.full_modules().saturating_mul(MODULE_TENTHS).div_ceil(10)
    }

    /// Rows of dark (`true`) and light modules, without the quiet zone.
    pub fn rows(&self) -> impl Iterator<Item = Vec<bool>> {
        let modules: Vec<bool> = self.code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        let width = self.modules();
        (0..width).map(move |row| modules.iter().skip(row.saturating_mul(width)).take(width).copied().collect())
    }

    /// Half blocks, two rows of modules a line. `colored` for a terminal; otherwise dark on light paper.
    #[must_use]
    pub fn blocks(&self, colored: bool) -> String {
        let blocks = self.code.render::<Dense1x2>().build();
        let (begin, end) = if colored { (BLACK_ON_WHITE, RESET) } else { ("", "") };
        blocks.lines().map(|line| format!("{begin}{line}{end}\n")).collect()
    }

    /// An SVG file with modules of this many units.
    #[must_use]
    pub fn svg(&self, scale: u32) -> String {
        self.code.render::<svg::Color>().module_dimensions(scale, scale).build() + "\n"
    }

    /// A PNG file, black and white, with modules of this many pixels.
    ///
    /// # Errors
    /// None that can happen.
    pub fn png(&self, scale: u32) -> Result<Vec<u8>> {
        let side = self.full_modules();
        let pixels = u32::try_from(side).unwrap_or(u32::MAX).saturating_mul(scale);
        let scale = usize::try_from(scale).unwrap_or(usize::MAX);
        let row_bytes = usize::try_from(pixels).unwrap_or(usize::MAX).div_ceil(8);
        let light = vec![false; side];
        let quiet = || std::iter::repeat_n(light.clone(), QUIET_MODULES);
        let mut data = Vec::new();
        for row in quiet().chain(self.rows().map(|row| padded(&row))).chain(quiet()) {
            // One bit a pixel, 1 is white.
            let mut line = vec![0xFF_u8; row_bytes];
            let dark = row.iter().enumerate().filter(|(_, dark)| **dark);
            for pixel in dark.flat_map(|(column, _)| (0..scale).map(move |offset| column * scale + offset)) {
                if let Some(byte) = line.get_mut(pixel / 8) {
                    *byte &= !(0x80 >> (pixel % 8));
                }
            }
            data.extend(std::iter::repeat_n(line, scale).flatten());
        }
        let mut file = Vec::new();
        encode(&mut file, pixels, &data).map_err(|error| Failure::internal(format!("PNG: {error}")))?;
        Ok(file)
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Picture").field("version", &self.version()).field("level", &self.level).finish_non_exhaustive()
    }
}

fn padded(row: &[bool]) -> Vec<bool> {
    let quiet = [false; QUIET_MODULES];
    [&quiet, row, &quiet].concat()
}

fn encode(file: &mut Vec<u8>, side: u32, data: &[u8]) -> std::result::Result<(), png::EncodingError> {
    let mut encoder = png::Encoder::new(file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()
}

/// The text form of a document alone.
fn plain(text: &[u8]) -> Result<String> {
    let mut memory = DocumentBuffer::new();
    claim::read(text, &mut memory).map_err(Failure::rejected)?;
    let kept = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let plain: String = String::from_utf8_lossy(text).chars().filter(kept).collect();
    claim::read(plain.as_bytes(), &mut memory).map_err(|error| Failure::internal(error.text()))?;
    Ok(plain)
}
