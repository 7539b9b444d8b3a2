//! The layout of `include/lic2.h`: what cbindgen makes of the sources, set so that it reads as a manual.
//!
//! cbindgen decides on types and names. Here comments move beside short declarations, parts that not every archive has
//! come together, and each function with an output struct gets the inline function that passes its size.

use std::fmt::Write;

use cbindgen::{Builder, Config};

use crate::golden;

/// The files with exported items, in the order of the header, and what their functions are about.
const SOURCES: [(&str, &str); 19] = [
    ("status", ""),
    ("abi", ""),
    ("port", ""),
    ("state", ""),
    ("about", "The library itself"),
    ("text", "Texts of statuses"),
    ("outcome", "Texts of outcomes"),
    ("keyring", "Key ring"),
    ("code", "Codes, without an engine"),
    ("license", "Verified licenses, without an engine"),
    ("engine", "Engine"),
    ("meter", "Engine: quotas and seats"),
    ("report", "Engine: documents for the seller"),
    ("support", "Engine: About box and support"),
    ("table", "Anchor tables"),
    ("device_key", "Device key in software"),
    ("host", ""),
    ("host_open", "Host"),
    ("host_machine", "Host: machine and failures"),
];

/// Constants whose names begin like this have this in common.
const GROUPS: [(&str, &str); 21] = [
    ("LIC2_VERDICT_", "Words of an answer. Test them with LIC2_GRANTED, never on their own."),
    ("LIC2_FACTS_", "Flags of lic2_facts."),
    ("LIC2_DECISION_", "Flags of lic2_decision."),
    ("LIC2_CLASS_", "Classes of licenses: license_class of lic2_decision."),
    ("LIC2_FEATURE_", "Types of features: type of lic2_feature; and its flag."),
    (
        "LIC2_COMPONENT_",
        "Kinds of identity components. Below 128, letter case and space, tab, CR, LF, ':', '-' and '.' \
        in a value are ignored.",
    ),
    ("LIC2_TEXT_", "Fields of lic2_license_text."),
    ("LIC2_SLOT_", "Slots of a store."),
    ("LIC2_WALL_", "Field wall of lic2_reading."),
    ("LIC2_CONFIG_", "Flags of lic2_config."),
    ("LIC2_OUTCOME_", "Outcomes of lic2_engine_apply."),
    ("LIC2_CLOCK_", "States of the clock: clock of lic2_decision and lic2_engine_info."),
    ("LIC2_SIGN_", "Signs in lic2_ask, from lic2_host_signs."),
    ("LIC2_ENGINE_", "Flags of lic2_engine_info."),
    ("LIC2_HOST_CAUSE_", "Causes: what lic2_host_error reports."),
    ("LIC2_HOST_", "Flags of lic2_host_options."),
    ("LIC2_STATUS_1", "101 to 199: the call is wrong."),
    ("LIC2_STATUS_2", "201 to 299: the text is not a document that this library reads."),
    ("LIC2_STATUS_3", "301 to 399: the document is not authentic."),
    ("LIC2_STATUS_4", "401 to 499: the license does not permit it."),
    ("LIC2_STATUS_5", "501 to 599: a fact is missing, or the device failed."),
];

/// The longest line.
const WIDTH: usize = 110;
/// Where a comment beside a declaration begins, if the declaration is shorter.
const BESIDE: usize = 44;

/// An exported item as cbindgen writes it.
struct Item {
    /// The macro that has to be defined to see it.
    part: Option<String>,
    comment: Vec<String>,
    lines: Vec<String>,
}

impl Item {
    fn is_constant(&self) -> bool {
        self.lines[0].starts_with("#define ")
    }

    fn is_status(&self) -> bool {
        self.lines[0].starts_with("#define LIC2_STATUS_")
    }

    fn is_function(&self) -> bool {
        self.lines[0].starts_with("LIC2_API ")
    }

    fn name(&self) -> &str {
        let end = self.lines[0].find('(').unwrap_or(self.lines[0].len());
        self.lines[0][..end].rsplit([' ', '*']).next().unwrap()
    }
}

/// The items of the sources.
fn items() -> Vec<Item> {
    let folder = golden::package();
    let mut builder = Builder::new().with_config(Config::from_file(folder.join("cbindgen.toml")).unwrap());
    for (source, _) in SOURCES {
        builder = builder.with_src(folder.join("src").join(source).with_extension("rs"));
    }
    let mut bytes = Vec::new();
    builder.generate().unwrap().write(&mut bytes);
    let text = String::from_utf8(bytes).unwrap();
    let mut items = Vec::new();
    let mut part = None;
    let mut comment = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("#if defined(").and_then(|rest| rest.strip_suffix(')')) {
            part = Some(name.to_owned());
        } else if line == "#endif" {
            part = None;
        } else if line == "/**" {
            comment = lines.by_ref().take_while(|line| *line != " */").map(comment_line).collect();
        } else if !line.is_empty() {
            let mut all = vec![line.to_owned()];
            while !line.starts_with('#') && !all.last().unwrap().ends_with(';')
                || all[0].ends_with('{') && !all.last().unwrap().starts_with('}')
            {
                all.push(lines.next().unwrap().to_owned());
            }
            items.push(Item { part: part.clone(), comment: std::mem::take(&mut comment), lines: all });
        }
    }
    items
}

/// A line of a comment without the asterisk.
fn comment_line(line: &str) -> String {
    line.trim_start().trim_start_matches('*').strip_prefix(' ').unwrap_or_default().to_owned()
}

/// Types go by the names of their typedefs.
fn without_tags(line: &str) -> String {
    line.replace("struct lic2_", "lic2_")
}

/// A comment on lines of its own.
fn write_comment(text: &mut String, indent: &str, comment: &[String]) {
    if comment.is_empty() {
        return;
    }
    let last = comment.len() - 1;
    for (index, line) in comment.iter().enumerate() {
        let begin = if index == 0 { "/** " } else { " *  " };
        let line = format!("{indent}{begin}{line}");
        let end = if index == last { " */" } else { "" };
        writeln!(text, "{}{end}", line.trim_end()).unwrap();
    }
}

/// A declaration with its comment: beside it if both fit on a line.
fn write_short(text: &mut String, indent: &str, comment: &[String], declaration: &str) {
    let beside = |column: usize| format!("{:column$} /**< {} */", format!("{indent}{declaration}"), comment.join(" "));
    if comment.is_empty() {
        write_wrapped(text, indent, declaration);
    } else if let Some(line) = [BESIDE, 0].map(beside).iter().find(|line| line.len() <= WIDTH) {
        writeln!(text, "{line}").unwrap();
    } else {
        write_comment(text, indent, &refilled(comment, WIDTH - indent.len() - 7));
        write_wrapped(text, indent, declaration);
    }
}

/// The words of a comment of one paragraph, wrapped again.
fn refilled(comment: &[String], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in comment.join(" ").split_whitespace() {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.len() + 1 + word.len() <= width {
            *line += &format!(" {word}");
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// A declaration on as many lines as it needs, broken behind commas.
fn write_wrapped(text: &mut String, indent: &str, declaration: &str) {
    let mut line = indent.to_owned();
    for piece in declaration.split_inclusive(", ") {
        if line.len() + piece.trim_end().len() > WIDTH {
            writeln!(text, "{}", line.trim_end()).unwrap();
            line = format!("{indent}        ");
        }
        line += piece;
    }
    writeln!(text, "{line}").unwrap();
}

/// The group of a constant.
fn group(item: &Item) -> Option<usize> {
    let number = item.lines[0].rsplit(' ').next().unwrap();
    let name = item.name_of_constant();
    let key = if item.is_status() && number != "0" { format!("LIC2_STATUS_{}", &number[..1]) } else { name.to_owned() };
    let alone = name.ends_with("_BYTES") || name.ends_with("_MAX") || name.ends_with("_MIN");
    GROUPS.iter().position(|(start, _)| !alone && key.starts_with(start))
}

impl Item {
    fn name_of_constant(&self) -> &str {
        self.lines[0].split(' ').nth(1).unwrap()
    }
}

fn write_constants<'a>(text: &mut String, constants: impl Iterator<Item = &'a Item>) {
    let mut last = None;
    let mut first = true;
    for item in constants {
        let now = group(item);
        if now != last || first {
            text.push('\n');
            if let Some(index) = now {
                let mut comment = String::new();
                write_comment(&mut comment, "", &refilled(&[GROUPS[index].1.to_owned()], WIDTH - 7));
                *text += &comment.replacen("/**", "/*", 1).replace("\n * ", "\n *");
            }
        }
        (last, first) = (now, false);
        write_short(text, "", &item.comment, &in_hexadecimal(&item.lines[0]));
    }
}

/// A word of the format is no number to count with.
fn in_hexadecimal(line: &str) -> String {
    match line.rsplit_once(' ') {
        Some((define, value)) if value.len() >= 9 && value.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{define} 0x{:08X}", value.parse::<u64>().unwrap())
        }
        Some((define, "SIZE_MAX")) => format!("{define} ((size_t)-1)"),
        _ => line.to_owned(),
    }
}

fn write_type(text: &mut String, item: &Item) {
    text.push('\n');
    write_comment(text, "", &item.comment);
    if item.lines.len() == 1 {
        writeln!(text, "{}", item.lines[0]).unwrap();
        return;
    }
    writeln!(text, "{}", item.lines[0]).unwrap();
    let mut comment = Vec::new();
    let mut lines = item.lines[1..].iter();
    while let Some(line) = lines.next() {
        if line.trim() == "/**" {
            comment = lines.by_ref().take_while(|line| line.trim() != "*/").map(|line| comment_line(line)).collect();
        } else if line.starts_with('}') {
            writeln!(text, "{line}").unwrap();
        } else {
            write_short(text, "    ", &std::mem::take(&mut comment), &without_tags(line.trim()));
        }
    }
}

/// Parts of a function's declaration.
struct Function<'a> {
    /// Whether the result must be used.
    must_use: &'static str,
    result: &'a str,
    name: &'a str,
    arguments: Vec<&'a str>,
}

fn function(declaration: &str) -> Function<'_> {
    let rest = declaration.strip_prefix("LIC2_API ").unwrap();
    let (must_use, rest) = match rest.strip_prefix("LIC2_MUST_USE ") {
        Some(rest) => ("LIC2_MUST_USE ", rest),
        None => ("", rest),
    };
    let (head, arguments) = rest.strip_suffix(");").unwrap().split_once('(').unwrap();
    let at = head.rfind([' ', '*']).unwrap() + 1;
    Function { must_use, result: &head[..at], name: &head[at..], arguments: arguments.split(", ").collect() }
}

/// The inline function over one whose name ends in `_sized`.
fn write_inline(text: &mut String, function: &Function<'_>) {
    let name = function.name.strip_suffix("_sized").unwrap();
    let name_of = |argument: &str| argument.rsplit([' ', '*']).next().unwrap().to_owned();
    let sizes: Vec<_> =
        function.arguments.iter().map(|argument| format!("size_t {}_size", name_of(argument))).collect();
    let kept: Vec<_> =
        function.arguments.iter().filter(|argument| !sizes.iter().any(|size| size == *argument)).copied().collect();
    assert_eq!(kept.len() + 1, function.arguments.len(), "{name}: one output struct with its size");
    let passed: Vec<_> = function
        .arguments
        .iter()
        .map(|argument| match sizes.iter().position(|size| size == argument) {
            Some(at) => format!("sizeof *{}", name_of(function.arguments[at])),
            None => name_of(argument),
        })
        .collect();
    let Function { must_use, result, .. } = function;
    write_wrapped(text, "", &format!("LIC2_INLINE {must_use}{result}{name}({})", kept.join(", ")));
    write_wrapped(text, "", &format!("{{ return {}({}); }}", function.name, passed.join(", ")));
}

/// The title of the file that has this function.
fn title(name: &str) -> &'static str {
    let has = |source: &str| {
        let path = golden::package().join("src").join(source).with_extension("rs");
        std::fs::read_to_string(path).unwrap().contains(&format!(" fn {name}("))
    };
    SOURCES.iter().find(|(source, _)| has(source)).unwrap_or_else(|| panic!("no source has {name}")).1
}

fn write_functions<'a>(text: &mut String, functions: impl Iterator<Item = &'a Item> + Clone) {
    let declarations: Vec<_> = functions.clone().map(|item| without_tags(&item.lines[0])).collect();
    let sized = || declarations.iter().filter(|declaration| function(declaration).name.ends_with("_sized"));
    if sized().count() > 0 {
        text.push_str(SIZED);
        sized().for_each(|declaration| write_wrapped(text, "", declaration));
    }
    let mut last = "";
    for (item, declaration) in functions.zip(&declarations) {
        let title = title(item.name());
        if title != last {
            writeln!(text, "\n/* {title} {} */", "-".repeat(WIDTH - 7 - title.len())).unwrap();
            last = title;
        }
        text.push('\n');
        write_comment(text, "", &item.comment);
        let function = function(declaration);
        if function.name.ends_with("_sized") {
            write_inline(text, &function);
        } else {
            write_wrapped(text, "", declaration);
        }
    }
}

const SIZED: &str = "
/* For other languages: the functions behind the inline ones below. Each takes the size of its output struct
 * after the struct and writes no byte beyond it. The comments are at the inline functions. */
";

/// What the rules of a license refuse with, apart from what names an argument.
fn rules() -> String {
    let refusals = lic2::Rule::ALL.iter().flat_map(|rule| rule.refusals());
    let names = refusals.filter(|error| **error != lic2::Error::InvalidArgument).map(|error| error.name());
    let list = names.collect::<Vec<_>>().join(", ");
    let begin = " *   RULES       ".len();
    refilled(&[list], WIDTH - begin - 2).join(&format!("\n *{}", " ".repeat(begin - 2)))
}

/// The header.
pub(crate) fn text() -> String {
    let folder = golden::package().join("header");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let items = items();
    let mut text = read("begin.h").replace("{rules}", &rules()) + &read("macros.h");
    let mut parts: Vec<Option<&str>> = vec![None];
    for item in &items {
        let part = item.part.as_deref();
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    for part in parts {
        let of_part = || items.iter().filter(|item| item.part.as_deref() == part);
        let functions = of_part().filter(|item| item.is_function());
        if let Some(part) = part {
            writeln!(text, "\n#if defined({part})").unwrap();
        }
        write_constants(&mut text, of_part().filter(|item| item.is_constant() && !item.is_status()));
        of_part()
            .filter(|item| !item.is_constant() && !item.is_function())
            .for_each(|item| write_type(&mut text, item));
        write_functions(&mut text, functions);
        if part.is_some() {
            writeln!(text, "\n#endif").unwrap();
        }
    }
    text.push_str("\n#ifdef __cplusplus\n} /* extern \"C\" */\n#endif\n");
    let title = "Statuses";
    writeln!(text, "\n/* {title} {} */", "-".repeat(WIDTH - 7 - title.len())).unwrap();
    write_constants(&mut text, items.iter().filter(|item| item.is_status()));
    text.push_str("\n#endif /* LIC2_H */\n");
    text
}
