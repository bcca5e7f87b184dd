"""A worker serves many sites: the menu of each leads into itself."""

import re

from sites.accounts.enums import RoleCode
from tests.sites.accounts.people import house, member, signed_in


def test_the_menu_leads_into_the_site_at_hand(db):
    found = {}
    for code in ("alpha", "beta"):
        admin = signed_in(member(house(code).tenant, RoleCode.SITE_ADMINISTRATOR, name=code))
        text = admin.get(f"/t/{code}/").content.decode()
        found[code] = set(re.findall(r'"(/t/[a-z]+)/look/"', text))
    assert found == {"alpha": {"/t/alpha"}, "beta": {"/t/beta"}}
