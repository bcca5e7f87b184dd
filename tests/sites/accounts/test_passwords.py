"""Passwords: what is refused, and that former ones stay former."""

import pytest
from django.core.exceptions import ValidationError

from sites.accounts.models import FormerPassword, User
from sites.accounts.passwords import change_password
from sites.tenancy.scope import nobody_scope

from . import people


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Ab1!xyz", "password_too_short"),
        ("abcdefghijkl", "password_too_plain"),
        ("alpha-editor-A", "password_too_similar"),
        (people.PASSWORD, "password_used_before"),
    ],
)
def test_refused_passwords(editor: User, password: str, code: str) -> None:
    with nobody_scope(editor), pytest.raises(ValidationError) as refused:
        change_password(actor=editor, user=editor, password=password)
    assert code in {error.code for error in refused.value.error_list}
    assert people.fresh(editor).check_password(people.PASSWORD)


def test_five_former_passwords_are_not_taken_again(editor: User) -> None:
    with nobody_scope(editor):
        for number in range(5):
            change_password(actor=editor, user=editor, password=f"Seven-Bridges-{number}0")
        with pytest.raises(ValidationError):
            change_password(actor=editor, user=editor, password=people.PASSWORD)
        change_password(actor=editor, user=editor, password="Seven-Bridges-50")
        change_password(actor=editor, user=editor, password=people.PASSWORD)
        assert FormerPassword.objects.filter(user=editor).count() == 7
