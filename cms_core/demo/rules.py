"""Reading the declarations of the sample city: values in, values out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from cms_core.blueprints.rules import fill
from cms_core.pages.rows import ArticleRow
from sites.tenancy.enums import DivisionLevel, OrganizationKind
from sites.tenancy.rows import DivisionRow, OrganizationRow

#: The portal of the sample city answers on the bare host, so that the printed address is short.
PORTAL_CODE = "changde"
PORTAL_HOST = "localhost"
#: Where the staff of the sample city train.
PRACTICE_HOST = "lianxi.changde.localhost"
_LEVELS = {
    "province": DivisionLevel.PROVINCE,
    "city": DivisionLevel.CITY,
    "county": DivisionLevel.COUNTY,
    "township": DivisionLevel.TOWNSHIP,
}
_KINDS = {
    "city_portal": OrganizationKind.GOVERNMENT,
    "county_portal": OrganizationKind.GOVERNMENT,
    "department": OrganizationKind.DEPARTMENT,
    "township_channel": OrganizationKind.TOWNSHIP,
}


@dataclass(frozen=True, slots=True)
class SampleSite:
    """One sample site as declared. ``portal``: code of the site it belongs to, ``""`` for the portal."""

    code: str
    name: str
    short_name: str
    blueprint: str
    division_code: str
    portal: str
    sponsor_code: str
    operator_code: str
    host: str
    prefix: str
    identification_code: str
    variables: Mapping[str, str]


def division_rows(declared: Mapping[str, Any]) -> list[DivisionRow]:
    """Divisions with a level that can hold a site."""
    return [
        DivisionRow(row["code"], row["name"], _LEVELS[row["level"]], row.get("parent", ""))
        for row in declared["divisions"]
        if row["level"] in _LEVELS
    ]


def organization_rows(declared: Mapping[str, Any]) -> list[OrganizationRow]:
    """The sponsors and operators of the sample sites, one row a name."""
    rows: dict[str, OrganizationRow] = {}
    for site in declared["demo_sites"]:
        for name in (site["sponsor"], site.get("operator", "")):
            if name and name not in rows:
                rows[name] = OrganizationRow(
                    code=f"org-{len(rows) + 1:03d}",
                    name=name,
                    kind=_KINDS[site["blueprint"]],
                    division_code=site["division"],
                )
    return list(rows.values())


def sample_sites(declared: Mapping[str, Any]) -> list[SampleSite]:
    """Sample sites in opening order: portals before what belongs to them."""
    codes = {row.name: row.code for row in organization_rows(declared)}
    hosts = {PORTAL_CODE: PORTAL_HOST} | {
        site["code"]: site["demo_host"]
        for site in declared["demo_sites"]
        if site["serving"] == "host" and site["code"] != PORTAL_CODE
    }
    sites = []
    for site in sorted(declared["demo_sites"], key=lambda row: row["order"]):
        is_channel = site["serving"] == "channel"
        sites.append(
            SampleSite(
                code=site["code"],
                name=site["name"],
                short_name=_short(site),
                blueprint=site["blueprint"],
                division_code=site["division"],
                portal=site.get("parent", ""),
                sponsor_code=codes[site["sponsor"]],
                operator_code=codes.get(site.get("operator", ""), ""),
                host=hosts[site["channel_of"]] if is_channel else hosts[site["code"]],
                prefix=site["channel_path"].rstrip("/") if is_channel else "",
                identification_code=site.get("demo_site_code", ""),
                variables=site["vars"],
            )
        )
    return sites


def _short(site: Mapping[str, Any]) -> str:
    place, unit = site["vars"].get("place", ""), site["vars"].get("unit_name", "")
    if place:
        return (
            f"{place}{site['vars'].get('level', '市')}"
            if not place.endswith(("市", "区", "县"))
            else place
        )
    return str(unit).removeprefix("常德市")


def article_rows(
    declared: Sequence[Mapping[str, Any]],
    site: SampleSite,
    section_ids: Mapping[str, int],
    now: datetime,
) -> Iterator[ArticleRow]:
    """The sample articles of one site. ``section_ids``: slug → page."""
    unit = site.variables.get("unit_name") or site.variables.get("gov", site.name)
    words = {"place": site.variables.get("place", ""), "unit": unit}
    mine = [
        (number, article)
        for number, article in enumerate(declared, start=1)
        if article["blueprint"] == site.blueprint and article["section"] in section_ids
    ]
    # Sites of one kind start at different texts, so that a list gathered from them is not one text
    # many times. CRC-32 because it is the same in every process.
    turn = crc32(site.code.encode()) % len(mine) if mine and site.portal else 0
    days = [article["days"] for _number, article in mine]
    for (number, article), age in zip(mine, days[turn:] + days[:turn], strict=True):
        paragraphs = "".join(f"<p>{fill(text, words)}</p>" for text in article["text"])
        body: list[tuple[str, Any]] = [("paragraph", paragraphs)]
        if article.get("table"):
            body.append(("html", article["table"]))
        yield ArticleRow(
            key=f"{site.code}-{number}",
            parent_id=section_ids[article["section"]],
            title=fill(article["title"], words),
            slug=f"sample-{number}",
            body=body,
            summary=fill(article["summary"], words),
            source_name=fill(article["source"], words),
            editor_name="示例",
            published_at=now - timedelta(days=age, hours=number % 7, minutes=13 * number % 60),
        )
