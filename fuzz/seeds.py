"""Makes the seeds of the fuzz targets from the frozen vectors: texts, documents, payloads, certificates."""

import base64
import hashlib
import sys
from pathlib import Path

HEADER, SIGNATURE, CHECK = 8, 64, 4


def texts() -> list[bytes]:
    """Every text of the vector files."""
    found = []
    for path in sorted((Path(__file__).resolve().parents[1] / "tests/vectors").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(("text = ", "issuer = ")):
                found.append(line.split(" = ", 1)[1].encode())
            elif line.startswith("text_hex = "):
                found.append(bytes.fromhex(line.split(" = ", 1)[1]))
    return found


def document(text: bytes) -> bytes | None:
    """The document of a text without faults."""
    body = text[6:]
    try:
        return base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))[:-CHECK]
    except ValueError:
        return None


def save(folder: Path, content: bytes) -> None:
    """Names a seed after its content, so that equal ones meet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(content).hexdigest()[:16]).write_bytes(content)


def main() -> None:
    out = Path(sys.argv[1])
    for mode in range(16):
        # For `slot`: how the bytes are used, and three changes of the stored activation.
        save(out / "slot", bytes([mode, 128, 0, 1, 48, 0, 255, 200, 0, 7]))
    # For `session`: activate, use, cut, start again; let time pass; give back.
    save(out / "session", bytes([4, 0, 5, 9, 3, 40, 5, 19, 9, 0, 5, 3, 0, 24, 7, 0, 8, 0, 4, 1, 6, 0]))
    save(out / "session", bytes([4, 2, 2, 1, 0, 200, 5, 7, 9, 0, 1, 90, 5, 7, 13, 200, 6, 0, 9, 0, 5, 1]))
    for mode in range(4):
        # For `ed25519`: as it is, signed, and signed and changed.
        save(out / "ed25519", bytes([mode]) + bytes(range(32)) + bytes([255]) * 63 + b"\x07" + b"message")
    for text in texts():
        save(out / "text", text)
        whole = document(text)
        if whole is None or len(whole) < HEADER + SIGNATURE:
            continue
        save(out / "document", whole)
        payload = whole[HEADER:-SIGNATURE]
        if whole[1:2] == b"I":
            save(out / "certificate", payload)
        elif whole[3] == 0:
            save(out / "payload", bytes(24) + payload)
        else:
            length = int.from_bytes(payload[:2], "little")
            save(out / "certificate", payload[2 : 2 + length][HEADER:-SIGNATURE])


if __name__ == "__main__":
    main()
