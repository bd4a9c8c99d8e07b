"""A table for a page, made row by row."""


class Table:
    """Rows with the same columns; printed as Markdown."""

    def __init__(self) -> None:
        self._rows: list[dict[str, str]] = []

    def add(self, name: str, **cells: object) -> None:
        """A row; numbers get separators."""
        shown = {
            what: f"{cell:,}" if isinstance(cell, int) else str(cell)
            for what, cell in cells.items()
        }
        self._rows.append({"": name, **shown})

    def __str__(self) -> str:
        if not self._rows:
            return ""
        columns = list(dict.fromkeys(column for row in self._rows for column in row))
        lines = [[column or " " for column in columns], ["---"] * len(columns)]
        lines += [[row.get(column, "") for column in columns] for row in self._rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
