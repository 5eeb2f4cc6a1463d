"""What can be wrong with a network, a chip, or what a simulation is asked for."""
from __future__ import annotations

from typing import List, NamedTuple, Sequence, Tuple

__all__ = ["Diagnostic", "Error", "Warning"]


class Diagnostic(NamedTuple):
    """One finding. Lines and columns count from 1; 0: the file as a whole."""

    code: str
    file: str
    line: int
    column: int
    message: str
    hint: str
    text: str


class Warning(UserWarning):  # noqa: A001 - seamount.Warning beside seamount.Error
    """Something that stops nothing: precision that was lost, weights that were clipped."""


class Error(ValueError):
    """Bad input. Carries all problems that were found (`diagnostics`); the attributes `code`, `file`, `line`, `column`,
    `message` and `hint` are those of the first one. Codes are stable and listed in isa/base/ERRORS.md."""

    def __init__(self, diagnostics: Sequence[Diagnostic]):
        self.diagnostics: List[Diagnostic] = list(diagnostics)
        super().__init__("\n".join(d.text for d in self.diagnostics))

    @classmethod
    def _of(cls, findings: Sequence[Tuple]) -> "Error":
        return cls([Diagnostic(*finding) for finding in findings])

    def __reduce__(self):
        return (type(self), (self.diagnostics,))

    def _first(self) -> Diagnostic:
        return self.diagnostics[0] if self.diagnostics else Diagnostic("", "", 0, 0, str(self), "", str(self))

    code = property(lambda self: self._first().code)
    file = property(lambda self: self._first().file)
    line = property(lambda self: self._first().line)
    column = property(lambda self: self._first().column)
    message = property(lambda self: self._first().message)
    hint = property(lambda self: self._first().hint)
