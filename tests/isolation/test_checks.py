"""An app with models and no isolation cases is an error of ``check``."""

from sites.registry.isolation import IsolationCases, isolation_cases
from sites.tenancy.isolation.checks import apps_offer_isolation_cases


def test_every_app_with_models_has_cases():
    assert apps_offer_isolation_cases(None) == []


def test_an_app_without_cases_is_named():
    isolation_cases.discover()
    kept = {name: isolation_cases.get(name) for name in isolation_cases.names()}
    del kept["cms_core_media"]

    with isolation_cases.replaced_by(**kept):
        found = apps_offer_isolation_cases(None)

    assert [error.id for error in found] == ["sites_tenancy.E003"]
    assert "cms_core.media" in found[0].msg


def test_empty_cases_count_as_offered():
    isolation_cases.discover()
    kept = {name: isolation_cases.get(name) for name in isolation_cases.names()}

    with isolation_cases.replaced_by(**{**kept, "cms_core_media": IsolationCases()}):
        assert apps_offer_isolation_cases(None) == []
