"""Run as a process of its own: a portal, an empty department site and its editors, a practice site.

The department answers on its own host and as a channel of the portal at once.
"""

import django

django.setup()


from cms_core.blueprints.services import OpeningRequest, open_tenant  # noqa: E402
from cms_core.practice.services import open_practice_site  # noqa: E402
from sites.accounts.enums import RoleCode  # noqa: E402
from sites.accounts.passwords import change_password  # noqa: E402
from sites.accounts.services import grant_membership, make_account  # noqa: E402
from sites.tenancy import services as tenancy  # noqa: E402
from sites.tenancy.scope import opening_scope, system_scope  # noqa: E402

EDITOR, PASSWORD = "bureau-editor", "Journey-4-Editors!"
#: Somebody else of the same site, at the same machine.
COLLEAGUE = "bureau-colleague"


def main() -> None:
    portal = open_tenant(
        actor=None,
        request=OpeningRequest(
            code="portal",
            name="示例市人民政府",
            blueprint="city_portal",
            host="localhost",
            variables={"place": "示例", "gov": "示例市人民政府"},
            fields={"short_name": "示例市"},
        ),
    )
    bureau = open_tenant(
        actor=None,
        request=OpeningRequest(
            code="bureau",
            name="示例市建设局",
            blueprint="department",
            host="bureau.localhost",
            variables={"unit_name": "示例市建设局", "unit": "jsj", "head": "局长"},
            fields={"short_name": "建设局", "parent": portal},
        ),
    )
    with system_scope("journey: a second address"):
        tenancy.add_address(actor=None, tenant=bureau, host="localhost", prefix="/bm/jsj")
    with opening_scope(bureau, "journey: an editor"):
        for name, shown in ((EDITOR, "示例编辑"), (COLLEAGUE, "示例同事")):
            user = make_account(username=name, display_name=shown, managed_by=bureau)
            grant_membership(actor=None, user=user, tenant=bureau, role=RoleCode.EDITOR)
            change_password(actor=None, user=user, password=PASSWORD)
    with system_scope("journey: a site to practise on"):
        open_practice_site(actor=None, host="lianxi.localhost")


if __name__ == "__main__":
    main()
