"""Reads and changes models/manifest.json without touching keys that other tools own."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path


FORMAT = 2


def read(path: Path) -> dict:
    return json.loads(path.read_text()) if path.exists() else {"format": FORMAT}


def write(path: Path, manifest: dict) -> None:
    part = path.with_suffix(".part")
    text = json.dumps(manifest, indent=2)
    # Lists of numbers and names on one line each.
    text = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda found: "[" + re.sub(r"\s*\n\s*", " ", found[1]) + "]", text)
    part.write_text(text + "\n")
    part.replace(path)


def describe(file: Path) -> dict:
    content = file.read_bytes()
    return {"file": file.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
