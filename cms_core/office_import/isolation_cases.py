"""The import for the isolation probe: files set aside by others, sections of others."""

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Resident,
    Try,
    register_isolation_cases,
)


def tries(own: Resident, other: Resident) -> list[Try]:
    """Another tenant's section, and another tenant's file with one's own section."""
    theirs = other.first("section")
    return [
        Try("import of office files", "tenant_admin", f"office-import/?section={theirs}"),
        Try(
            "import of office files",
            "tenant_admin",
            f"office-import/{other.first('upload')}/?section={own.first('page')}",
        ),
        Try(
            "import of office files",
            "tenant_admin",
            f"office-import/{other.first('upload')}/?section={theirs}",
            data={"title": "x", "cancel": "1"},
        ),
        Try(
            "pasted text",
            "tenant_admin",
            "office-import/pasted/",
            data={"markup": f'<p>x</p><img src="/media/{other.first("image")}">'},
        ),
    ]


register_isolation_cases(
    "cms_core_office_import",
    IsolationCases(
        tries=tries, arguments=(Argument(r"^office-import/", "upload_id", ("upload",)),)
    ),
)
