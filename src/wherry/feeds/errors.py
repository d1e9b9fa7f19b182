"""What can be wrong with a delivery as a whole. Nothing is landed when one of these is raised."""

from __future__ import annotations

from wherry.foundation.errors import InputWrong


class DeliveryRefused(InputWrong):
    """The delivery cannot be read."""


class ContractWrong(InputWrong):
    """The feed contract cannot be used."""


class StoreDamaged(InputWrong):
    """A file of a landed batch is gone or is not as it was written."""


class DeliveryUnknown(InputWrong):
    """No delivery of this store is called so."""


class DeliveryWithdrawn(InputWrong):
    """This very delivery was landed and withdrawn; it is landed again only when somebody says so."""
