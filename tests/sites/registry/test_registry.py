"""The registry: names are unique and plain, tests can replace what is registered."""

import pytest

from sites.registry.registry import DuplicateRegistration, Registry, UnknownCapability


@pytest.fixture
def colors():
    registry = Registry("colors", module="no_app_has_such_a_module")
    registry.register("red", 1)
    registry.register("blue", 2)
    return registry


def test_items_come_in_the_order_of_their_names(colors):
    assert list(colors) == [2, 1]
    assert colors.names() == ("blue", "red")
    assert len(colors) == 2


def test_a_name_is_given_once(colors):
    with pytest.raises(DuplicateRegistration, match="red"):
        colors.register("red", 3)
    with pytest.raises(DuplicateRegistration):
        colors.register("red", 1)

    assert colors.get("red") == 1


@pytest.mark.parametrize("name", ["", "two words", "a/b"])
def test_odd_names_are_refused(colors, name):
    with pytest.raises(ValueError, match="not a name"):
        colors.register(name, 3)


def test_unknown_names(colors):
    assert colors.find("green") is None
    assert "green" not in colors
    with pytest.raises(UnknownCapability, match="green"):
        colors.get("green")


def test_replacement_ends_with_its_block(colors):
    def replace_and_fail():
        with colors.replaced_by(green=3):
            assert colors.names() == ("green",)
            raise LookupError

    with pytest.raises(LookupError):
        replace_and_fail()

    assert colors.names() == ("blue", "red")
