"""Lists of terms as CSV: what a spreadsheet opens, and what comes back from one. Pure but for wording."""

import csv
import io
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms_core.media.spreadsheets import harmless

from .enums import TermKind, TermLevel
from .list_services import TermRow, check_term
from .lists import Term

COLUMNS = ("kind", "text", "level", "suggestion", "only_with", "unless_with", "reason")
HEADINGS = ("词表", "词语", "级别", "建议写作", "同句须有", "同句不得有", "原因")
#: Largest file: the longest public lists have some 150,000 lines, reviewed ones a few hundred.
MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
_MOST_ERRORS = 10


def as_csv(terms: Iterable[Term]) -> str:
    """Terms as a CSV text with Chinese headings; begins with a byte order mark, as spreadsheets want."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for term in terms:
        writer.writerow(
            harmless(str(value))
            for value in (
                TermKind(term.kind).label,
                term.text,
                TermLevel(term.level).label,
                term.suggestion,
                " ".join(term.only_with),
                " ".join(term.unless_with),
                term.reason,
            )
        )
    return "\ufeff" + out.getvalue()


def from_csv(content: bytes) -> list[TermRow]:
    """The rows of a file in UTF-8 or GB 18030, all of them or none.

    :raises ValidationError: what is wrong, with the numbers of the lines.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than 2 MB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is no CSV text in UTF-8 or GB 18030.")) from None
    rows, errors = [], []
    kinds, levels = _codes(TermKind), _codes(TermLevel)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if number == 1 and cells[0].strip() in (HEADINGS[0], COLUMNS[0]):
                continue
            if number > MOST_ROWS:
                raise ValidationError(_("The file has more than 20,000 lines."))
            values = [cell.strip().removeprefix("'") for cell in cells[: len(COLUMNS)]]
            values += [""] * (len(COLUMNS) - len(values))
            kind, word, level, *rest = values
            row = TermRow(
                kinds.get(kind, kind), word, levels.get(level or TermLevel.CONFIRM, level), *rest
            )
            try:
                check_term(row)
                rows.append(row)
            except ValidationError as error:
                errors.append(
                    _("Line %(number)d: %(what)s")
                    % {"number": number, "what": " ".join(error.messages)}
                )
    except csv.Error as error:
        raise ValidationError(_("The file is no CSV text in UTF-8 or GB 18030.")) from error
    if errors:
        raise ValidationError(errors[:_MOST_ERRORS])
    return rows


def _codes(choices: type[TermKind] | type[TermLevel]) -> dict[str, str]:
    """Code and label → code: a file may hold either."""
    return {name: code for code, label in choices.choices for name in (code, str(label))}
