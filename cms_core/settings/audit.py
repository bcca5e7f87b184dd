"""The audit trail: the key that signs the heads of its chains, and where their copies go."""

import os
from pathlib import Path

from .environment import DATA_DIR

#: 32 random bytes in base64. Production needs it; elsewhere a file in DATA_DIR takes its place.
AUDIT_SIGNING_KEY = os.environ.get("AUDIT_SIGNING_KEY", "")
#: Belongs on the disk of another machine, which the database's administrators cannot write.
AUDIT_HEADS_DIR = Path(os.environ.get("AUDIT_HEADS_DIR", DATA_DIR / "audit_heads"))
