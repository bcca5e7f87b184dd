"""The four roles and five sections that both sides of ``open_tenants`` give to a site."""

from sites.accounts.enums import RoleCode
from sites.accounts.role_templates import ROLE_TEMPLATES, RoleTemplate

ROLES: tuple[RoleTemplate, ...] = tuple(
    ROLE_TEMPLATES[code]
    for code in (
        RoleCode.SITE_ADMINISTRATOR,
        RoleCode.EDITOR,
        RoleCode.FIRST_REVIEWER,
        RoleCode.FINAL_REVIEWER,
    )
)
#: Slug → name.
SECTIONS = {
    "jggk": "机构概况",
    "gzdt": "工作动态",
    "tzgg": "通知公告",
    "zcwj": "政策文件",
    "bsfw": "办事服务",
}
