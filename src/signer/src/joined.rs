//! Receipts and usage reports that come in parts: texts are taken apart, and the parts of one report are joined before
//! anything of it counts.

use lic2::claim::Claim;
use lic2::seal::Sealed;
use lic2::{
    ComponentHash, DeviceContent, DeviceDocument, DocumentBuffer, Kind, Proof, Receipt, ReportPart, UsageEntry,
    UsageReport, Used,
};
use serde_json::{Value, json};

use crate::describe::{Table, device_json};
use crate::exit::{Exit, Failure, Result};
use crate::publickey::PublicKey;
use crate::{incoming, ui};

/// Texts from arguments, each of which is a text itself, a file with one or more, or stdin, and memory to read them into.
#[derive(Debug)]
pub struct Texts {
    texts: Vec<Vec<u8>>,
    memories: Vec<DocumentBuffer>,
}

impl Texts {
    /// Reads the arguments.
    ///
    /// # Errors
    /// Exit code 2 if a file or stdin cannot be read.
    pub fn read(arguments: &[String]) -> Result<Self> {
        let mut texts = Vec::new();
        for argument in arguments {
            let bytes = ui::read_documents(argument)?;
            texts.extend(split(&bytes).into_iter().map(<[u8]>::to_vec));
        }
        Ok(Self::of(texts))
    }

    /// These texts.
    #[must_use]
    pub fn of(texts: Vec<Vec<u8>>) -> Self {
        let memories = vec![DocumentBuffer::new(); texts.len()];
        Self { texts, memories }
    }

    /// Every report, complete. The parts of one have everything in common that makes it this report; they may come in any
    /// order, and repeated. Each signature is checked.
    ///
    /// # Errors
    /// Exit code 3 for what is no report of this kind, and for a report of which a part is missing.
    pub fn reports(&mut self, kind: Kind) -> Result<Vec<Joined<'_>>> {
        let mut reports: Vec<Joined<'_>> = Vec::new();
        for (raw, memory) in self.texts.iter().zip(&mut self.memories) {
            let (claim, document) = incoming::read(raw, kind, memory)?;
            let text = Sealed::read(raw).map_err(Failure::rejected)?.text().to_owned();
            let piece = Piece { text, claim, document };
            let same = Same::of(&piece.document)?;
            match reports.iter_mut().find(|report| report.same == same) {
                Some(report) => report.parts.push(piece),
                None => reports.push(Joined { same, parts: vec![piece] }),
            }
        }
        for report in &mut reports {
            report.complete()?;
        }
        reports.sort_by_key(Joined::number);
        Ok(reports)
    }

    /// The only report.
    ///
    /// # Errors
    /// As [`Texts::reports`]; exit code 1 for several.
    pub fn report(&mut self, kind: Kind) -> Result<Joined<'_>> {
        let mut reports = self.reports(kind)?;
        match (reports.pop(), reports.is_empty()) {
            (Some(report), true) => Ok(report),
            _ => Err(Failure::usage("these are texts of several devices or reports, and one is needed")
                .hint("pass all parts of one report, and nothing else")),
        }
    }
}

/// Cuts what was pasted or read from a file before each beginning of a document. No document has such a beginning inside.
fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let is_beginning =
        |window: &[u8]| matches!(window, [b'L', b'I', b'C', b'2', letter, b'.'] if letter.is_ascii_uppercase());
    let places = bytes.windows(6).enumerate().filter(|(_, window)| is_beginning(window)).map(|(place, _)| place);
    let mut cuts: Vec<usize> = places.skip(1).collect();
    cuts.push(bytes.len());
    let mut start = 0;
    let mut texts = Vec::new();
    for cut in cuts {
        texts.extend(bytes.get(start..cut));
        start = cut;
    }
    texts
}

/// What all parts of one report have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Same {
    product: String,
    nonce: [u8; 8],
    components: Vec<ComponentHash>,
    device_key: Option<PublicKey>,
    proof: Proof,
    /// Of a receipt: license and serial.
    license: Option<(String, u32)>,
    /// Of a usage report.
    number: u32,
}

impl Same {
    fn of(document: &DeviceDocument<'_>) -> Result<Self> {
        let (device_key, proof) = (document.content().device_key(), document.proof());
        match document.content() {
            DeviceContent::Receipt(receipt) => Ok(Self {
                product: receipt.product.to_string(),
                nonce: receipt.nonce,
                components: receipt.components.collect(),
                device_key,
                proof,
                license: Some((receipt.license.to_string(), receipt.serial)),
                number: 0,
            }),
            DeviceContent::UsageReport(report) => Ok(Self {
                product: report.product.to_string(),
                nonce: report.nonce,
                components: report.components.collect(),
                device_key,
                proof,
                license: None,
                number: report.number,
            }),
            DeviceContent::Request(_) | _ => Err(Failure::internal("a report is something else")),
        }
    }

    /// What it is called in a sentence.
    fn words(&self) -> String {
        match &self.license {
            Some((license, _)) => format!("the receipt of license {license}"),
            None => format!("report {}", self.number),
        }
    }
}

/// One text of a report.
#[derive(Clone, Debug)]
struct Piece<'b> {
    text: String,
    claim: Claim<'b>,
    document: DeviceDocument<'b>,
}

impl Piece<'_> {
    fn part(&self) -> ReportPart {
        match self.document.content() {
            DeviceContent::Receipt(receipt) => receipt.part,
            DeviceContent::UsageReport(report) => report.part,
            DeviceContent::Request(_) | _ => ReportPart::WHOLE,
        }
    }

    /// The names of its entries, which ascend over all parts.
    fn names(&self) -> Vec<(String, String)> {
        match self.document.content() {
            DeviceContent::Receipt(receipt) => {
                receipt.usage.map(|used| (String::new(), used.feature.to_string())).collect()
            }
            DeviceContent::UsageReport(report) => {
                report.entries.map(|entry| (entry.license.to_string(), entry.feature.to_string())).collect()
            }
            DeviceContent::Request(_) | _ => Vec::new(),
        }
    }

    /// Everything but the time, which a part that was written again has of its own.
    fn without_time(&self) -> Value {
        let mut json = device_json(self.document.content(), self.document.proof());
        json["made_at"] = Value::Null;
        json
    }
}

/// A complete receipt or usage report.
#[derive(Clone, Debug)]
pub struct Joined<'b> {
    same: Same,
    parts: Vec<Piece<'b>>,
}

impl<'b> Joined<'b> {
    /// Brings the parts into their order, and refuses a report of which one is missing.
    fn complete(&mut self) -> Result<()> {
        let name = self.same.words();
        self.parts.sort_by_key(|piece| piece.part().part);
        let again = |other: &Piece<'_>, piece: &Piece<'_>| other.part().part == piece.part().part;
        if let Some(pair) = self
            .parts
            .windows(2)
            .find(|pair| again(&pair[0], &pair[1]) && pair[0].without_time() != pair[1].without_time())
        {
            let part = pair[0].part().part;
            return Err(Failure::new(Exit::Rejected, format!("there are two different parts {part} of {name}"))
                .hint("ask the device for a new report"));
        }
        self.parts.dedup_by(|piece, other| again(other, piece));
        let missing = |part: usize| {
            Failure::new(Exit::Rejected, format!("part {part} of {name} is missing: ask the device for it again")).hint(
                "pass all parts together, as texts, files or lines of one file; none counts without the \
                       others",
            )
        };
        for (index, piece) in self.parts.iter().enumerate() {
            let part = index.saturating_add(1);
            if usize::from(piece.part().part) != part {
                return Err(missing(part));
            }
        }
        let count = self.parts.len();
        let is_last = |(index, piece): (usize, &Piece<'_>)| piece.part().is_last == (index.saturating_add(1) == count);
        if !self.parts.iter().enumerate().all(is_last) {
            if self.parts.iter().any(|piece| piece.part().is_last) {
                return Err(Failure::new(Exit::Rejected, format!("the parts of {name} do not fit together"))
                    .hint("ask the device for a new report"));
            }
            return Err(missing(count.saturating_add(1)));
        }
        let names: Vec<(String, String)> = self.parts.iter().flat_map(Piece::names).collect();
        if names.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(Failure::new(Exit::Rejected, format!("the parts of {name} do not fit together"))
                .hint("ask the device for a new report"));
        }
        Ok(())
    }

    /// The number of a usage report.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.same.number
    }

    /// Who vouches for it.
    #[must_use]
    pub const fn proof(&self) -> Proof {
        self.same.proof
    }

    /// The texts of all parts, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.parts.iter().map(|piece| piece.text.clone()).collect()
    }

    /// The usage report, as its first part states it.
    ///
    /// # Errors
    /// A bug in this tool.
    pub fn usage(&self) -> Result<&UsageReport<'b>> {
        match self.parts.first().map(|piece| piece.document.content()) {
            Some(DeviceContent::UsageReport(report)) => Ok(report),
            _ => Err(Failure::internal("a usage report is something else")),
        }
    }

    /// The receipt, as its first part states it.
    ///
    /// # Errors
    /// A bug in this tool.
    pub fn receipt(&self) -> Result<&Receipt<'b>> {
        match self.parts.first().map(|piece| piece.document.content()) {
            Some(DeviceContent::Receipt(receipt)) => Ok(receipt),
            _ => Err(Failure::internal("a receipt is something else")),
        }
    }

    /// The entries of all parts of a usage report.
    #[must_use]
    pub fn entries(&self) -> Vec<UsageEntry<'b>> {
        let entries = self.parts.iter().map(|piece| match piece.document.content() {
            DeviceContent::UsageReport(report) => report.entries.collect(),
            DeviceContent::Request(_) | DeviceContent::Receipt(_) | _ => Vec::new(),
        });
        entries.collect::<Vec<_>>().concat()
    }

    /// What was used by all parts of a receipt.
    #[must_use]
    pub fn used(&self) -> Vec<Used<'b>> {
        let used = self.parts.iter().map(|piece| match piece.document.content() {
            DeviceContent::Receipt(receipt) => receipt.usage.collect(),
            DeviceContent::Request(_) | DeviceContent::UsageReport(_) | _ => Vec::new(),
        });
        used.collect::<Vec<_>>().concat()
    }

    /// The fields of the whole report.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut parts = self.parts.iter().map(|piece| device_json(piece.document.content(), piece.document.proof()));
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            for field in ["entries", "used"] {
                if let (Some(Value::Array(all)), Some(more)) = (whole.get_mut(field), part[field].as_array()) {
                    all.extend(more.iter().cloned());
                }
            }
        }
        whole["part"] = json!(null);
        whole
    }

    /// Every part in words; `table` holds the lines that come first.
    #[must_use]
    pub fn words(&self, table: Table) -> String {
        let mut table = Some(table);
        let words =
            |piece: &Piece<'_>| incoming::words(&piece.claim, piece.text.as_bytes(), table.take().unwrap_or_default());
        self.parts.iter().map(words).collect()
    }
}
