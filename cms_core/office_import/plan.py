"""What an office file becomes: blocks of an article, pictures, and what was left behind. Pure."""

from dataclasses import dataclass

from cms_core.pages.table_block import Grid


class ImportRefused(Exception):
    """The file cannot become an article; ``words`` say why and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Passage:
    """Running text as the rich text an editor could have made."""

    markup: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a grid, or as markup where a grid would lose something."""

    grid: Grid | None
    markup: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the file. ``refusal`` says why it is left out; then ``body`` is empty."""

    name: str
    body: bytes
    alt: str = ""
    refusal: str = ""


Piece = Passage | Table | Picture


@dataclass(frozen=True, slots=True)
class OfficeText:
    """A file read: ``dropped`` tells the editor, line by line, what did not come along."""

    title: str
    pieces: tuple[Piece, ...]
    dropped: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many passages, tables and pictures there are."""
        return {
            "passages": sum(isinstance(piece, Passage) for piece in self.pieces),
            "tables": sum(isinstance(piece, Table) for piece in self.pieces),
            "pictures": sum(
                isinstance(piece, Picture) and not piece.refusal for piece in self.pieces
            ),
        }
