"""The figures of microcontrollers: rows and bounds of the table in docs/FIGURES.md and of the tables of sizes
and stack in docs/FIRMWARE.md. A figure's name is BOARD.NAME."""

from __future__ import annotations

from collections.abc import Callable

BOARDS = {"m4": "Cortex-M4", "m0": "Cortex-M0+", "rv32": "RISC-V"}

ROWS = [
    ("verify.flash", "text → decision: flash"),
    ("verify.stack", "text → decision: stack"),
    ("verify.instructions", "text → decision: instructions"),
    ("signature.instructions", "of these, one signature check including key decoding"),
    ("issuers.flash", "with issuers: flash"),
    ("tables.instructions", "with an anchor table: instructions"),
    ("tables.stack", "with an anchor table: stack"),
    ("tables.bytes", "size of the table, including that of the base point"),
    ("dalek.flash", "with ed25519-dalek instead: flash"),
    ("dalek.stack", "with ed25519-dalek instead: stack"),
    ("dalek.instructions", "with ed25519-dalek instead: instructions"),
    ("engine.flash", "engine, meters and store: flash"),
    ("engine.ram", "engine, meters and store: RAM for engine, key ring and answers"),
    ("engine.stack", "engine, meters and store: stack"),
    ("engine_documents.flash", "engine with issuers, lists and tokens: flash"),
    ("engine_documents.stack", "engine with issuers, lists and tokens: stack"),
    ("recheck.instructions", "one decision after activation"),
]

SIZES = [
    ("size.verify", "verify only: `lic2_keyring_init`, `lic2_code_check`"),
    ("size.verify_issuers", "verify only, with issuers"),
    ("size.verify_features", "verify only + features"),
    ("size.verify_texts", "+ human-readable texts"),
    ("size.engine_codes", "engine without issuers, lists, tokens: open, apply, check, feature"),
    ("size.engine_codes_meters", "+ meters"),
    ("size.engine", "engine with issuers, lists, tokens: open, apply, check, feature"),
    ("size.engine_meters", "+ meters"),
    ("size.engine_requests", "+ requests"),
    ("size.engine_reports", "+ receipts and usage reports"),
    ("size.engine_texts", "+ human-readable texts"),
    ("size.all", "all functions"),
    ("size.device_key", "a device key in software, in addition to any of these"),
]

STACKS = [
    ("stack.selftest", "`lic2_selftest`"),
    ("stack.keyring_init", "`lic2_keyring_init`"),
    ("stack.add_issuer", "`lic2_keyring_add_issuer`"),
    ("stack.code_check", "`lic2_code_check`, an anchor's code"),
    ("stack.code_check_certificate", "`lic2_code_check`, a code with its issuer's certificate"),
    ("stack.open", "`lic2_engine_open`, with a license in the store"),
    ("stack.apply", "`lic2_engine_apply`, an anchor's code"),
    ("stack.apply_certificate", "`lic2_engine_apply`, a code with its issuer's certificate"),
    ("stack.apply_list", "`lic2_engine_apply`, a revocation list"),
    ("stack.apply_token", "`lic2_engine_apply`, a time token"),
    ("stack.apply_unstored", "`lic2_engine_apply` when the store fails"),
    ("stack.check", "`lic2_engine_check`"),
    ("stack.feature", "`lic2_engine_feature`"),
    ("stack.consume", "`lic2_engine_consume`"),
    ("stack.consume_unstored", "`lic2_engine_consume` when the store fails"),
    ("stack.request", "`lic2_engine_request`"),
    ("stack.usage", "`lic2_engine_usage`"),
    ("stack.usage_unstored", "`lic2_engine_usage` when the store fails"),
    ("stack.deactivate", "`lic2_engine_deactivate`"),
    ("stack.deactivate_unstored", "`lic2_engine_deactivate` when the store fails"),
    ("stack.status_text", "`lic2_engine_status_text`"),
]

# The most that each may be: board by board, in the order of BOARDS.
MOST = {
    "verify.flash": (15_400, 22_000, 26_000),
    "issuers.flash": (18_000, 22_000, 26_000),
    "verify.stack": (3_200, 3_400, 3_900),
    "verify.instructions": (1_700_000, 15_000_000, 3_000_000),
    "tables.instructions": (1_200_000, 8_000_000, 2_300_000),
    "tables.bytes": (6_144, 6_144, 6_144),
    "engine.flash": (31_000, 35_000, 40_000),
    "engine_documents.flash": (40_500, 45_500, 51_500),
    "recheck.instructions": (30_000, None, None),
}

Figures = dict[str, float]


def names(rows: list[tuple[str, str]]) -> list[str]:
    """The names of a table's figures."""
    return [f"{board}.{name}" for name, _ in rows for board in BOARDS]


def bounds() -> list[tuple[str, Callable[[Figures], bool]]]:
    """The bounds that they have to keep."""
    found: list[tuple[str, Callable[[Figures], bool]]] = []
    for name, limits in MOST.items():
        for board, limit in zip(BOARDS, limits, strict=True):
            if limit is not None:
                figure = f"{board}.{name}"
                found.append((f"{figure} is at most {limit:,}", lambda f, n=figure, most=limit: 0 < f[n] <= most))
    for board in BOARDS:
        found.append((f"{board}: less than ed25519-dalek", lambda f, b=board: is_less_than_dalek(f, b)))
    found.append(
        (
            "m4: at most a twentieth is not the signature",
            lambda f: 0.95 * f["m4.verify.instructions"] <= f["m4.signature.instructions"],
        )
    )
    found.append(("everything was measured", lambda f: all(f[name] > 0 for name in names(ROWS + SIZES + STACKS))))
    return found


def is_less_than_dalek(figures: Figures, board: str) -> bool:
    """In flash, stack and time."""
    of = ("flash", "stack", "instructions")
    return all(figures[f"{board}.verify.{what}"] < figures[f"{board}.dalek.{what}"] for what in of)


def table(rows: list[tuple[str, str]], figures: dict[str, tuple[float, str]]) -> str:
    """A column for each board."""
    lines = [
        "| what | figure | " + " | ".join(f"{title}, `{board}`" for board, title in BOARDS.items()) + " |",
        "|---|---|" + "---:|" * len(BOARDS),
    ]
    for name, what in rows:
        cells = " | ".join(f"{value:,} {unit}" for value, unit in (figures[f"{board}.{name}"] for board in BOARDS))
        lines.append(f"| {what} | `X.{name}` | {cells} |")
    return "\n".join(lines) + "\n"
