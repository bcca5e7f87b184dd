"""A worker serves many sites, one after the other: no screen of one leads into another."""

import re

from sites.accounts.enums import RoleCode
from tests.cms_core.help.test_screens import DIALOGS, SCREENS
from tests.sites.accounts.people import house, member, signed_in


def test_no_screen_leads_into_the_site_that_was_served_before(db):
    led_to: dict[str, dict[str, set[str]]] = {}
    for code in ("alpha", "beta"):
        here = house(code)
        admin = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name=code))
        keys = {"home": here.home.pk, "section": here.section.pk, "article": here.articles[0].pk}
        led_to[code] = {}
        for path in (*SCREENS, *DIALOGS):
            answer = admin.get(f"/t/{code}/{path.format(**keys)}")
            assert answer.status_code == 200, path
            led_to[code][path] = set(re.findall(r"/t/([a-z]+)/", answer.content.decode()))

    assert {sites for found in led_to["beta"].values() for sites in found} == {"beta"}
    assert {sites for found in led_to["alpha"].values() for sites in found} == {"alpha"}
