//! Public keys in the languages of products: compiled and run with the real tools, and compared byte by byte.

mod support;

use lic2::AnchorTable;
use support::Sandbox;

/// The two keys of the sandbox as one line of hexadecimal each.
fn expected(sandbox: &Sandbox) -> String {
    let hex = |name: &str| {
        lic2_signer::ui::hex(&lic2_signer::publickey::read(sandbox.path(name).to_str().unwrap()).unwrap()) + "\n"
    };
    hex("anchor.pub") + &hex("issuer.pub")
}

/// Both keys in this format; the comment names them.
#[track_caller]
fn printed(sandbox: &Sandbox, format: &str) -> String {
    let text = sandbox.run(&["pubkey", "--format", format, "anchor.pub", "issuer.pub"]).ok();
    for line in expected(sandbox).lines() {
        assert!(text.contains(&line[..8]), "{format} does not name the key {line}: {text}");
    }
    assert!(text.contains("key ids "), "{text}");
    let one = sandbox.run(&["pubkey", "--format", format, "anchor.pub"]).ok();
    assert!(one.contains("lic2 anchor, key id "), "{one}");
    text
}

#[test]
fn c_compiles_without_a_warning() {
    let sandbox = Sandbox::with_keys();
    let c = printed(&sandbox, "c");
    let main = "#include <stdio.h>\nint main(void) {\n    for (unsigned i = 0; i < sizeof lic2_anchors; i++)\n        \
                printf(\"%02x%s\", lic2_anchors[i], i % 32 == 31 ? \"\\n\" : \"\");\n    return 0;\n}\n";
    sandbox.write("main.c", &(c + main));
    sandbox.tool("cc", &["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-o", "main", "main.c"]).ok();
    assert_eq!(sandbox.shell("./main").ok(), expected(&sandbox));
}

#[test]
fn rust_compiles_without_a_warning() {
    let sandbox = Sandbox::with_keys();
    let main = "fn main() {\n    for key in ANCHORS {\n        for byte in key {\n            \
                print!(\"{byte:02x}\");\n        }\n        println!();\n    }\n}\n";
    sandbox.write("main.rs", &(printed(&sandbox, "rust") + main));
    sandbox.tool("rustc", &["--edition", "2024", "-Dwarnings", "main.rs"]).ok();
    assert_eq!(sandbox.shell("./main").ok(), expected(&sandbox));
}

#[test]
fn python_reads_its_tuple() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("anchors.py", &printed(&sandbox, "python"));
    let ran =
        sandbox.tool("python3", &["-W", "error", "-c", "import anchors\nfor k in anchors.ANCHORS: print(k.hex())"]);
    assert_eq!(ran.ok(), expected(&sandbox));
}

#[test]
fn java_compiles_and_hands_out_copies() {
    let sandbox = Sandbox::with_keys();
    sandbox.write("Lic2Anchors.java", &printed(&sandbox, "java"));
    let main = "public class Main {\n    public static void main(String[] a) {\n        Lic2Anchors.anchors()[0][0] ^= 1;\n        \
                for (byte[] k : Lic2Anchors.anchors()) {\n            for (byte b : k) System.out.printf(\"%02x\", b);\n            \
                System.out.println();\n        }\n    }\n}\n";
    sandbox.write("Main.java", main);
    sandbox
        .tool("javac", &["-Xlint:all", "-Werror", "--release", "8", "-Xlint:-options", "Main.java", "Lic2Anchors.java"])
        .ok();
    assert_eq!(sandbox.tool("java", &["-cp", ".", "Main"]).ok(), expected(&sandbox));
}

#[test]
fn go_compiles_and_is_formatted_as_go_wants_it() {
    let sandbox = Sandbox::with_keys();
    std::fs::create_dir(sandbox.path("anchors")).unwrap();
    sandbox.write("anchors/anchors.go", &printed(&sandbox, "go"));
    sandbox.write("go.mod", "module product\n\ngo 1.19\n");
    let main = "package main\n\nimport (\n\t\"fmt\"\n\n\t\"product/anchors\"\n)\n\nfunc main() {\n\tfor _, key := range anchors.Anchors {\n\t\t\
                fmt.Printf(\"%x\\n\", key)\n\t}\n}\n";
    sandbox.write("main.go", main);
    assert_eq!(sandbox.tool("gofmt", &["-l", "."]).ok(), "", "gofmt would change it");
    // Offline, and nothing left in the home of the user who runs the test.
    let go = "export GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local GOCACHE=\"$PWD/cache\" GOPATH=\"$PWD/go\"; go vet ./... && go run .";
    assert_eq!(sandbox.shell(go).ok(), expected(&sandbox));
}

#[test]
fn pem_is_read_by_openssl_and_by_us() {
    let sandbox = Sandbox::with_keys();
    let pem = sandbox.run(&["pubkey", "anchor.pub", "issuer.pub"]).ok();
    assert_eq!(pem, sandbox.read("anchor.pub") + &sandbox.read("issuer.pub"));
    let der =
        sandbox.shell("openssl pkey -pubin -in anchor.pub -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \\n'");
    assert_eq!(der.ok(), expected(&sandbox)[..64]);
    for line in expected(&sandbox).lines() {
        let name = if expected(&sandbox).starts_with(line) { "anchor.pub" } else { "issuer.pub" };
        assert_eq!(sandbox.run(&["pubkey", line]).ok(), sandbox.read(name));
    }
    assert_eq!(sandbox.run(&["pubkey", "anchor.key"]).ok(), sandbox.read("anchor.pub"));
    let piped = sandbox.run_with(&["pubkey", "-"], sandbox.read("anchor.pub").as_bytes(), &[]);
    assert_eq!(piped.ok(), sandbox.read("anchor.pub"));
}

#[test]
fn a_key_is_printed_once_and_no_more_than_a_product_takes() {
    let sandbox = Sandbox::with_keys();
    for format in ["c", "rust", "pem", "python", "java", "go", "c-tables"] {
        sandbox.run(&["pubkey", "--format", format, "anchor.pub", "anchor.pub"]).fails(
            4,
            "already contains this key",
            "once",
        );
    }
    let mut keys = vec!["anchor.pub".to_owned(), "issuer.pub".to_owned()];
    for number in 0..3 {
        sandbox.run(&["keygen", &format!("{number}.key"), "--no-passphrase"]).ok();
        keys.push(format!("{number}.pub"));
    }
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    assert_eq!(sandbox.run(&[&["pubkey", "--format", "java"], &keys[..4]].concat()).code, 0);
    sandbox.run(&[&["pubkey", "--format", "java"], &keys[..]].concat()).fails(4, "", "");
}

/// The tables of several keys, in both languages: the words are those of whole tables, named by the key.
#[test]
fn tables_are_printed_for_c_and_for_rust() {
    let sandbox = Sandbox::with_keys();
    let keys = ["anchor.pub", "issuer.pub"];
    let tables: Vec<_> =
        keys.iter().map(|key| lic2_signer::publickey::read(sandbox.path(key).to_str().unwrap()).unwrap()).collect();
    let (c, rust) = (
        sandbox.run(&["pubkey", "--format", "c-tables", "anchor.pub", "issuer.pub"]).ok(),
        sandbox.run(&["pubkey", "--format", "rust-tables", "anchor.pub", "issuer.pub"]).ok(),
    );
    assert!(c.starts_with("#include <stdint.h>\n\n/* lic2 anchor table, key id "), "{c}");
    for (index, key) in tables.iter().enumerate() {
        let id = lic2_signer::publickey::id(key);
        let expected = AnchorTable::make(key).unwrap().to_words();
        for (text, start) in [
            (&c, format!("static const uint32_t lic2_anchor_table_{id}[{}] = {{\n", AnchorTable::WORDS)),
            (
                &rust,
                format!(
                    "pub static ANCHOR_TABLE_{}: lic2::AnchorTable = lic2::AnchorTable::from_words(&[\n",
                    id.to_uppercase()
                ),
            ),
        ] {
            let (_, rest) = text.split_once(&start).unwrap_or_else(|| panic!("no {start} in {text}"));
            let (numbers, _) = rest.split_once(['}', ']']).unwrap();
            let words: Vec<u32> = numbers
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(|word| u32::from_str_radix(word.strip_prefix("0x").unwrap(), 16).unwrap())
                .collect();
            assert_eq!(words, expected, "table {index}");
        }
    }
    sandbox.run(&["pubkey", "--format", "c-tables", "anchor.pub", "anchor.pub"]).fails(
        4,
        "already contains this key",
        "once",
    );
}
