from __future__ import annotations

from wherry.foundation.errors import AlreadyDone, WherryError


class ListAlreadySigned(AlreadyDone):
    """This list has been signed; a change now goes on the next list."""


class ReasonRequired(WherryError):
    """A clinician's addition or removal needs a reason."""


class ListChangedSinceSeen(WherryError):
    """The list changed after you opened it; read it again before you sign."""


class AlreadyOnList(AlreadyDone):
    """This person is on the list already."""
