"""Why a file was not taken."""

from django.core.exceptions import ValidationError


class FileRefused(ValidationError):
    """A file that is not stored; the message names the file, the reason and the way out.

    ``code`` tells the reason to programs and tests.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message, code=code)

    @property
    def words(self) -> str:
        """The message alone."""
        return str(self.messages[0])
