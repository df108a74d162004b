"""What can go wrong with a document."""

__all__ = ["DocumentError"]


class DocumentError(ValueError):
    """A document that could not be read; says which and why.

    Attributes:
        reason: what is wrong, and what to do about it.
        document: the document's id, or the name of its source.
        row: its row in the batch, from 0, where it came in one.
    """

    def __init__(self, reason: str, document: str = "", row: "int | None" = None) -> None:
        super().__init__(reason, document, row)
        self.reason = reason
        self.document = document
        self.row = row

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row is not None else "document"
        name = f" ({self.document})" if self.document and self.row is not None else f" {self.document}" if self.document else ""
        return f"{where}{name}: {self.reason}"
