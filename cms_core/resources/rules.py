"""Pure rules of the resource library: what makes two descriptions the same, where one lies."""

import hashlib
import json
from datetime import UTC

from sites.registry.records import shallow
from sites.registry.resources import ResourceDescription


def checksum(description: ResourceDescription) -> str:
    """SHA-256 over everything a reader can see, as 64 hexadecimal digits.

    The order of topic codes does not count.
    """
    seen = shallow(description)
    seen["source_uuid"] = str(description.source_uuid)
    seen["published_at"] = description.published_at.astimezone(UTC).isoformat()
    seen["topic_codes"] = sorted(description.topic_codes)
    return hashlib.sha256(
        json.dumps(seen, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()
    ).hexdigest()


def is_absolute(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def relative_to_home(url: str, home_url: str | None) -> str:
    """``url`` as it is stored: without the site's own address, which may change; foreign ones whole.

    >>> relative_to_home("https://www.example.gov.cn/dept/a/b/", "https://www.example.gov.cn/dept/")
    'a/b/'
    """
    if home_url is not None and url.startswith(home_url):
        return url.removeprefix(home_url)
    return url if is_absolute(url) else url.lstrip("/")
