"""Where the process runs: read once, used by the other settings files."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = os.environ.get("JIYUE_ENV", "demo")
if ENVIRONMENT not in {"demo", "test", "production"}:
    raise ValueError(f"JIYUE_ENV is {ENVIRONMENT!r}: use demo, test or production")
IS_PRODUCTION = ENVIRONMENT == "production"
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var")).resolve()
PORT = int(os.environ.get("PORT", "8000"))
