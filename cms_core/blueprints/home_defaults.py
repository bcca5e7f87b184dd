"""The home pages of the product's blueprints, shown by every site of their kind that has not chosen its own."""

from functools import partial

from sites.registry.home_defaults import HomeRows, register_home_default

from .enums import KIND_OF_BLUEPRINT


def _home_of(code: str) -> HomeRows:
    from .selectors import blueprint  # which is kept once it was read

    rows: HomeRows = blueprint(code).parts.get("home", ())
    return rows


for _code, _kind in KIND_OF_BLUEPRINT.items():
    register_home_default(_kind.value, partial(_home_of, _code))
