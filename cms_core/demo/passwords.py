"""Passwords of the sample accounts: made at the first seed, kept in DATA_DIR and nowhere else."""

import json
import secrets

from django.conf import settings


def password_of(username: str) -> str:
    """The password of a sample account, made when it is first asked for."""
    path = settings.DATA_DIR / "sample_accounts.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if username not in known:
        # The suffix meets the rule of several kinds of characters, whatever the random part holds.
        known[username] = f"{secrets.token_urlsafe(9)}-Aa1"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(known, indent=1))
    return known[username]
