"""A run that says too little is a failed run."""

from sites.tenancy.isolation.report import (
    LEAST_OWN_PAGES,
    LEAST_TRIES,
    LEAST_URLS_A_ROLE,
    Report,
)

ROLES = ("", "editor")


def full_report():
    report = Report()
    for role in ROLES:
        report.urls[role] = {f"/{n}/" for n in range(LEAST_URLS_A_ROLE)}
    report.own_pages["editor"] = {f"/{n}/" for n in range(LEAST_OWN_PAGES["editor"])}
    report.tries["editor", "pages"] = LEAST_TRIES
    return report


def test_a_full_run_has_no_shortfall():
    assert full_report().shortfalls(ROLES) == []


def test_an_emptied_administration_is_noticed():
    report = full_report()
    report.own_pages["editor"] = {"/1/"}

    assert any("own data" in line for line in report.shortfalls(ROLES))


def test_a_surface_without_tries_is_noticed():
    report = full_report()
    report.surfaces.add("mails")

    assert report.shortfalls(ROLES) == ["surface 'mails' was not tried"]


def test_too_few_addresses_and_tries_are_noticed():
    report = full_report()
    report.urls[""].clear()
    report.tries["editor", "pages"] = 5

    assert len(report.shortfalls(ROLES)) == 2


def test_a_model_without_rows_is_noticed():
    report = full_report()
    report.missing.append("cms_core_media.MediaTag")

    assert "MediaTag" in report.shortfalls(ROLES)[0]


def test_json_has_the_figures():
    report = full_report()
    report.leak("editor", "pages", "GET /x/", "shows private text")
    figures = report.as_json(ROLES)

    assert figures["tried"] == LEAST_TRIES
    assert figures["leaks"] == 1
    assert figures["urls_per_role"] == {"anonymous": LEAST_URLS_A_ROLE, "editor": LEAST_URLS_A_ROLE}
    assert figures["by_surface"] == {"pages": LEAST_TRIES}
    assert "GET /x/" in figures["leak_list"][0]
