"""Tests of this package: its writer against its reader, and whether the runner notices what it has to."""

from __future__ import annotations

import copy
import itertools
import json
import pathlib
import random
import re
import unittest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import (
    certificate,
    crafted,
    device,
    documents,
    ed25519,
    encode,
    foreign_documents,
    license,
    make,
    misreadings,
    revocation,
    rules,
    samples,
    status,
    text,
)
from .keyring import CODE, KeyRing
from .license import Components, Feature, License, Term
from .stanza import ANCHOR, DAY, ISSUER, NOW, PRODUCT
from .status import Refused
from .vectors import Case, differences, read

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_VECTORS = _ROOT / "tests" / "vectors"
_FOREIGN = _VECTORS / "foreign.txt"
_DOCUMENTS = (_VECTORS / "documents.txt", _VECTORS / "foreign_documents.txt")
_FORMAT = _ROOT / "docs" / "FORMAT.md"

_USUAL = License(
    id="PL-1",
    serial=7,
    class_name="commercial",
    product=PRODUCT,
    issued_at=NOW,
    term=Term("until", NOW + DAY),
    binding=Components(1, b"salt", ((5, b"hash-of8"),)),
    features=(Feature("a", "limit", 300), Feature("b", "text", "é", NOW + 1)),
    lease_days=300,
)


def _ring() -> KeyRing:
    ring = KeyRing()
    ring.add_anchor(ANCHOR.public)
    return ring


def _codes() -> dict[str, str]:
    inline = encode.issuer_document(foreign_documents.CERTIFICATE, ANCHOR)
    return {"by the anchor": encode.code(_USUAL, ANCHOR), "by an issuer": encode.code(_USUAL, ISSUER, inline)}


class Tables(unittest.TestCase):
    """The tables of items here are written by hand, and say what those of the library say."""

    def test_items(self) -> None:
        """Numbers and criticality of every kind, and the names of a license's fields."""
        published = json.loads(status.SCHEMA.read_text(encoding="utf-8"))["items"]
        own = {
            "C": license.ITEMS,
            "I": certificate.ITEMS,
            "L": revocation.ITEMS,
            "R": device.REQUEST_ITEMS,
            "P": device.REPORT_ITEMS,
            "M": device.REPORT_ITEMS,
        }
        self.assertEqual(sorted(published), sorted(own))
        for kind, known in own.items():
            rows = [(row["number"], row["critical"]) for row in published[kind]]
            with self.subTest(kind):
                self.assertEqual(rows, sorted((number, item.critical) for number, item in known.items()))
        names = {row["number"]: row["name"] for row in published["C"]}
        self.assertEqual(names, license.ITEM_NAMES)

    def test_rules(self) -> None:
        """Every refusal of a rule is one of this package's decisions, and the other way around."""
        published = json.loads(status.SCHEMA.read_text(encoding="utf-8"))["rules"]
        source = (pathlib.Path(__file__).parent / "policy.py").read_text(encoding="utf-8")
        for rule in published:
            for name in rule["refusals"]:
                with self.subTest(name):
                    self.assertIn(f'"{name}"', source)


class RoundTrip(unittest.TestCase):
    """What is written is read again as it was."""

    def test_licenses(self) -> None:
        """Payloads of all shapes, and their only encoding."""
        rng = random.Random(1)
        for count in range(2000):
            wanted = samples.license(rng)
            with self.subTest(count):
                self.assertEqual(license.decode(encode.license_payload(wanted)), wanted)

    def test_certificates(self) -> None:
        """The same for certificates."""
        rng = random.Random(2)
        for count in range(2000):
            wanted = samples.certificate(rng)
            with self.subTest(count):
                self.assertEqual(certificate.decode(encode.certificate_payload(wanted)), wanted)

    def test_whole_codes(self) -> None:
        """From a license to a text and back, with the signature."""
        for name, code in _codes().items():
            with self.subTest(name):
                self.assertEqual(_ring().open_code(code.encode()), _USUAL)

    def test_what_decodes_is_canonical(self) -> None:
        """A payload changed at random is refused, or it is exactly what its license encodes to."""
        rng = random.Random(3)
        accepted = 0
        for _ in range(20_000):
            payload = bytearray(encode.license_payload(_USUAL))
            for _ in range(rng.randint(1, 2)):
                payload[rng.randrange(len(payload))] = rng.randrange(256)
            try:
                read_back = license.decode(bytes(payload))
            except Refused:
                continue
            accepted += 1
            self.assertEqual(encode.license_payload(read_back), bytes(payload))
        self.assertGreater(accepted, 1000)


class Tampering(unittest.TestCase):
    """A code that is changed anywhere is refused."""

    def assert_refused(self, pasted: bytes, what: str) -> None:
        """Fails if the code is accepted."""
        try:
            _ring().open_code(pasted)
        except Refused:
            return
        self.fail(f"accepted: {what}")

    def test_each_bit_of_the_text(self) -> None:
        """Copies that are damaged."""
        for name, code in _codes().items():
            for bit in range(len(code) * 8):
                self.assert_refused(_flipped(code.encode(), bit), f"{name}, bit {bit} of the text")

    def test_each_bit_of_the_document(self) -> None:
        """Forgeries, with a good check."""
        for name, code in _codes().items():
            _, document = text.read(code.encode())
            for bit in range(len(document) * 8):
                forged = text.write(CODE, _flipped(document, bit))
                self.assert_refused(forged.encode(), f"{name}, bit {bit} of the document")

    def test_each_length(self) -> None:
        """Texts and documents that are cut off or have a byte more."""
        for name, code in _codes().items():
            _, document = text.read(code.encode())
            for length in range(len(code)):
                self.assert_refused(code[:length].encode(), f"{name}, {length} characters")
            for length in range(len(document)):
                self.assert_refused(text.write(CODE, document[:length]).encode(), f"{name}, {length} bytes")
            self.assert_refused(text.write(CODE, document + b"\0").encode(), f"{name}, a byte more")
            self.assert_refused(code.encode() + b"A", f"{name}, a character more")

    def test_each_length_of_a_signed_payload(self) -> None:
        """Payloads that end early, signed as they are."""
        payload = encode.license_payload(_USUAL)
        for length in range(len(payload)):
            document = encode.document(CODE, ANCHOR, payload[:length])
            self.assert_refused(text.write(CODE, document).encode(), f"{length} bytes of the payload")


class Strictness(unittest.TestCase):
    """Ed25519 as FORMAT.md wants it, also where PyCA accepts more."""

    def test_known_key(self) -> None:
        """RFC 8032 §7.1, test 1: the arithmetic gives the same key."""
        key = encode.Key(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        public = ed25519.encode(ed25519.multiply(crafted.scalar(key), crafted.base_point()))
        self.assertEqual(public.hex(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        self.assertEqual(public, key.public)

    def test_small_order(self) -> None:
        """Every encoding of the eight points is refused, those that are not canonical too."""
        points = ed25519.small_order_points()
        self.assertEqual(len(points), 8)
        encodings = {
            (number | sign << 255).to_bytes(32, "little")
            for _, y in points
            for number in (y, y + ed25519.P)
            if number < 2**255
            for sign in (0, 1)
        }
        self.assertEqual(len(encodings), 14)
        for encoded in encodings:
            self.assertFalse(ed25519.usable_key(encoded), encoded.hex())
        self.assertTrue(ed25519.usable_key(ANCHOR.public))

    def test_small_order_r(self) -> None:
        """PyCA accepts it; FORMAT.md does not."""
        signature = crafted.small_order_r(ANCHOR, b"message")
        Ed25519PublicKey.from_public_bytes(ANCHOR.public).verify(signature, b"message")
        self.assertFalse(ed25519.verify(ANCHOR.public, signature, b"message"))

    def test_small_order_key(self) -> None:
        """Under such a key one signature is good for every message; PyCA accepts it, FORMAT.md does not."""
        key = ed25519.encode(ed25519.IDENTITY)
        signature = ed25519.encode(crafted.base_point()) + (1).to_bytes(32, "little")
        Ed25519PublicKey.from_public_bytes(key).verify(signature, b"any message")
        self.assertFalse(ed25519.verify(key, signature, b"any message"))

    def test_high_s(self) -> None:
        """S + L is refused by both."""
        signature = ANCHOR.sign(b"message")
        self.assertTrue(ed25519.verify(ANCHOR.public, signature, b"message"))
        self.assertFalse(ed25519.verify(ANCHOR.public, crafted.high_s(signature), b"message"))
        with self.assertRaises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(ANCHOR.public).verify(crafted.high_s(signature), b"message")

    def test_cofactor(self) -> None:
        """Parts of small order count: the comparison is without the cofactor."""
        key = crafted.mixed_key(ANCHOR)
        for exact in (True, False):
            signature = crafted.mixed_signature(ANCHOR, b"message", exact=exact)
            self.assertEqual(ed25519.verify(key, signature, b"message"), exact)
        self.assertFalse(ed25519.verify(ANCHOR.public, crafted.torsion_in_r(ANCHOR, b"message"), b"message"))


class Runner(unittest.TestCase):
    """The runner notices a difference in everything that a case can expect."""

    def test_foreign_is_what_is_made(self) -> None:
        """The files in the tree are those that the encoder makes."""
        for name, content in make.files().items():
            self.assertEqual((_VECTORS / name).read_text(encoding="utf-8"), content)

    def test_notices_each_change(self) -> None:
        """Every expected value of every case, altered."""
        changes = 0
        for case in read(_FOREIGN):
            for key in case.single.keys() & _ALTERED.keys():
                changed = copy.deepcopy(case)
                changed.single[key] = _ALTERED[key](case.single[key])
                self.assert_noticed(changed, key)
                changes += 1
            for index, expected in enumerate(case.repeated["feature"]):
                for column in range(1, 5):
                    cells = expected.split()
                    cells[column] = f"{cells[column].replace('-', '')}1"
                    changed = copy.deepcopy(case)
                    changed.repeated["feature"][index] = " ".join(cells)
                    self.assert_noticed(changed, f"{cells[0]} column {column}")
                    changes += 1
        self.assertGreater(changes, 250)

    def assert_noticed(self, case: Case, what: str) -> None:
        """Fails if an altered case passes."""
        self.assertTrue(list(differences(case)), f"{case.place}: not noticed: {what}")

    def test_notices_each_change_of_a_document(self) -> None:
        """Every expected value of every other document, altered or left out."""
        changes = 0
        for case in itertools.chain.from_iterable(map(documents.read, _DOCUMENTS)):
            inputs = [field for field in case.fields if field[0] in documents.INPUTS]
            expected = case.fields[len(inputs) :]
            for index, (key, value) in enumerate(expected):
                before, after = inputs + expected[:index], expected[index + 1 :]
                for fields in ([*before, *after], [*before, (key, f"{value}7"), *after]):
                    self.assertTrue(list(documents.differences(documents.Case(case.place, fields))), case.place)
                    changes += 1
        self.assertGreater(changes, 1000)

    def test_ring_status(self) -> None:
        """A ring that can be set up although it should not."""
        case = Case("here", single={"anchors": ANCHOR.public.hex(), "ring_status": "106"})
        self.assert_noticed(case, "ring_status")
        case.single["anchors"] = ed25519.encode(ed25519.IDENTITY).hex()
        self.assertFalse(list(differences(case)))


class Misreadings(unittest.TestCase):
    """The runner of misreadings tells those that are noticed from those that are not."""

    def noticed(self, new: str) -> str:
        """The case that notices another limit of a text form."""
        changed = misreadings.Misreading(1, 2, "text.py", "MOST_CHARACTERS = 1024", new, ["more than 1024 characters"])
        asked = [one for one in misreadings.questions() if one.name.startswith("foreign.txt ")]
        ((_, noticed, _),) = misreadings.Runner(asked, misreadings.Verified()).run([changed])
        return noticed

    def test_noticed(self) -> None:
        """A limit that is one less."""
        self.assertEqual(self.noticed("MOST_CHARACTERS = 1023"), "foreign.txt [longest-code]")

    def test_missed(self) -> None:
        """The same number, and a source that fails in every case: an exception is no answer."""
        self.assertEqual(self.noticed("MOST_CHARACTERS = 1_024"), "")
        self.assertEqual(self.noticed('MOST_CHARACTERS = "1024"'), "")
        self.assertEqual(self.noticed("MOST_CHARACTERS ="), "")

    def test_faults_of_the_list(self) -> None:
        """Texts that are not there once, words that FORMAT.md does not say, and sentences that nobody misreads."""
        texts = misreadings.sections()
        for old, words in (
            ("MOST_CHARACTERS", "More than 4096 bytes"),
            ("MOST_CHARACTERS = 1024", "more than 4096 bytes"),
        ):
            one = misreadings.Misreading(1, 2, "text.py", old, "MOST_CHARACTERS = 1", [words])
            self.assertEqual(len(list(misreadings.faults([one], texts))), 1)
        self.assertGreater(len(list(misreadings.never_misread([], texts))), 100)


class Rules(unittest.TestCase):
    """What no vector file can state."""

    def test_each_rule(self) -> None:
        """Lists together, reports in parts, readers of one kind."""
        names: set[str] = set()
        for rule in rules.rules():
            with self.subTest(rule.name):
                self.assertEqual(list(rule.differences()), [])
                self.assertNotIn(rule.name, names)
            names.add(rule.name)
        self.assertGreater(len(names), 150)


class Document(unittest.TestCase):
    """FORMAT.md holds to itself."""

    def test_example(self) -> None:
        """The real code of §10 is genuine under the key whose seed is all 07, and its bytes are those shown."""
        example = _FORMAT.read_text(encoding="utf-8").partition("<!-- example: begin -->")[2]
        codes = re.findall(r"LIC2C\.[A-Za-z0-9_-]+", example)
        self.assertEqual(len(codes), 1, "§10 shows one code")
        key = encode.Key(b"\7" * 32)
        ring = KeyRing()
        ring.add_anchor(key.public)
        self.assertEqual(encode.code(ring.open_code(codes[0].encode()), key), codes[0])
        shown = b""
        for offset, digits in re.findall(r"^ +([0-9]+)  ([0-9a-f]+)(?:  |$)", example, re.MULTILINE):
            self.assertEqual(int(offset), len(shown))
            shown += bytes.fromhex(digits)
        self.assertEqual(shown, text.decode_base64url(codes[0].partition(".")[2].encode()))


def _flipped(raw: bytes, bit: int) -> bytes:
    changed = bytearray(raw)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _other_number(value: str) -> str:
    return str(int(value) + 1)


_ALTERED = {
    "status": lambda value: "0" if value != "0" else "407",
    "license_id": lambda value: value + "x",
    "class": lambda value: "trial" if value != "trial" else "test",
    **{
        key: _other_number
        for key in (
            "expires_at",
            "grace_until",
            "lease_until",
            "next_deadline",
            "powered_hours_end",
            "quantity",
            "in_grace",
            "serial",
        )
    },
}


if __name__ == "__main__":
    unittest.main()
