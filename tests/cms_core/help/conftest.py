"""The help is shown inside sites and outside them."""

from collections.abc import Iterator

import pytest
from django.urls import clear_script_prefix, set_urlconf


@pytest.fixture(autouse=True)
def _outside_any_site() -> Iterator[None]:
    """The test client leaves the script name of its last request behind; a server does not."""
    clear_script_prefix()
    set_urlconf("cms_core.urls.platform")
    yield
    set_urlconf(None)
    clear_script_prefix()
