"""A window that slides over the text of a dump: reading, decoding, blanks, comments, line numbers."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import DumpError

from .encodings import describe_bytes, describe_container

CHUNK_BYTES = 256 * 1024
# No possessive repeat of a group here or elsewhere: before Python 3.11.5 it keeps what a failed branch
# had read (python/cpython#106052), and Debian 12 has 3.11.2.
_SPACE = re.compile(r"(?:\s++|/\*.*?\*/|--(?=\s)[^\n]*+\n|#[^\n]*+\n)*", re.S)
_COMMENT_STARTS = ("/*", "--", "#")
#: Characters that tell what a statement is, what it is about, or that a value is none of a kind.
_LONGEST_STATEMENT_HEAD = 512
_TOOL_HEADER = re.compile(r"-- MySQL dump \d")
_TOOL_TRAILER = "-- Dump completed"


class DumpWindow:
    """Holds the part of the dump that is being read and the position in it.

    `text` and `position` are for the reader; everything before the position is
    dropped when more is read.
    """

    def __init__(
        self, stream: BinaryIO, chunk_bytes: int = CHUNK_BYTES, encoding: str = "utf-8"
    ) -> None:
        self._stream = stream
        self._chunk_bytes = chunk_bytes
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self.text = ""
        self.position = 0
        self.ended = False
        self._line = 1  # of the character at self._counted
        self._counted = 0
        self._tail = ""
        self._written_by_tool = False

    def open(self) -> None:
        head = self._stream.read(4096)
        if not head.strip():
            raise DumpError(_("The dump is empty. Export it again."), line=1)
        container = describe_container(head)
        if container:
            raise DumpError(container, line=1)
        if head.startswith(codecs.BOM_UTF8):
            head = head[len(codecs.BOM_UTF8) :]
        try:
            self.text = self._decoder.decode(head)
        except UnicodeDecodeError as error:
            # More context makes the guess of the encoding better.
            error.object = bytes(error.object) + self._stream.read(CHUNK_BYTES)
            raise self._wrong_encoding(error) from error
        self._tail = self.text[-400:]
        self._written_by_tool = bool(_TOOL_HEADER.match(self.text))

    def fill(self, at_least: int = 0) -> bool:
        """Reads on, one chunk or more; False when the file has ended. Drops what was passed."""
        if self.ended:
            return False
        self._count_lines(self.position)
        block = self._stream.read(max(self._chunk_bytes, at_least))
        try:
            fresh = self._decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            if not block:
                raise self._cut_character() from error
            raise self._wrong_encoding(error) from error
        if not block:
            self.ended = True
            fresh += "\n"  # closes a comment on the last line
        self.text = self.text[self.position :] + fresh
        self._counted -= self.position
        self.position = 0
        self._tail = (self._tail + fresh)[-400:]
        return True

    def _count_lines(self, upto: int) -> None:
        self._line += self.text.count("\n", self._counted, upto)
        self._counted = upto

    def line_here(self) -> int:
        """Number of the line at the position, from 1."""
        # The line end that `fill` adds at the end of the file is none of the file's.
        self._count_lines(min(self.position, len(self.text) - 1) if self.ended else self.position)
        return self._line

    def _wrong_encoding(self, error: UnicodeDecodeError) -> DumpError:
        raw = bytes(error.object)
        line = self._line + self.text.count("\n", self._counted) + raw.count(b"\n", 0, error.start)
        start = raw.rfind(b"\n", 0, error.start) + 1
        if self._encoding != "utf-8":
            return DumpError(
                _(
                    "Line %(line)d is not %(encoding)s, as which it was to be read. Name the encoding it has, or "
                    "export it with --default-character-set=utf8mb4."
                )
                % {"line": line, "encoding": self._encoding},
                line=line,
            )
        return DumpError(
            _("Line %(line)d is not UTF-8. %(guess)s")
            % {"line": line, "guess": describe_bytes(raw[start : start + 64 * 1024])},
            line=line,
        )

    def _cut_character(self) -> DumpError:
        line = self._line + self.text.count("\n", self._counted)
        return DumpError(
            _(
                "The dump ends on line %(line)d in the middle of a character: it is truncated. "
                "Export it again, or fetch the whole file."
            )
            % {"line": line},
            line=line,
        )

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Matches at the position, as if the whole dump lay there.

        A match may end inside the window and be too short all the same (``INSERT`` before ``INTO``), so
        the head of a statement is there as a whole first; what is longer is tried again while it touches
        the end of the window.
        """
        while len(self.text) - self.position <= _LONGEST_STATEMENT_HEAD and self.fill():
            pass
        while True:
            match = pattern.match(self.text, self.position)
            if match is None or match.end() < len(self.text) or not self.fill():
                return match

    def skip_space(self) -> None:
        sign = self.text[self.position : self.position + 1]
        # Most values have neither blank nor comment before them: no pattern is asked for those.
        if len(self.text) - self.position >= 3 and not (sign.isspace() or sign in "/-#"):
            return
        while True:
            match = _SPACE.match(self.text, self.position)
            self.position = match.end() if match else self.position
            rest = len(self.text) - self.position
            open_comment = self.text.startswith(_COMMENT_STARTS, self.position)
            if rest >= 3 and not open_comment:
                return
            if rest >= 3 and self.text.startswith("--", self.position):
                if not self.text[self.position + 2].isspace():
                    return
            if self.ended:
                if self.text.startswith("/*", self.position):
                    line = self.line_here()
                    raise DumpError(
                        _(
                            "The comment that begins on line %(line)d is never closed; "
                            "the dump is truncated. Export it again."
                        )
                        % {"line": line},
                        line=line,
                    )
                return
            self.fill(rest)

    def at_end(self) -> bool:
        self.skip_space()
        return self.ended and self.position >= len(self.text)

    def peek(self) -> str:
        self.skip_space()
        return self.text[self.position : self.position + 1]

    def check_trailer(self) -> None:
        """Raises `DumpError` when mysqldump began the file but did not close it."""
        if self._written_by_tool and _TOOL_TRAILER not in self._tail:
            line = self.line_here()
            raise DumpError(
                _(
                    "The dump ends on line %(line)d without the closing line “%(trailer)s” of "
                    "mysqldump: it is truncated. Export it again, or fetch the whole file."
                )
                % {"line": line, "trailer": _TOOL_TRAILER},
                line=line,
            )
