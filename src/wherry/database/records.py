"""What every table of ours has: an opaque id, and a version where a row may change."""

from __future__ import annotations

import uuid

from django.db import models

from wherry.foundation.errors import StaleVersion


class Record(models.Model):
    """A row with an opaque public id, safe to show in an address or a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class VersionedRecord(Record):
    """A row that may change; whoever changes it names the version they looked at."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def change(self, **values: object) -> None:
        """
        Write new values if nobody changed the row since it was read.

        Raises StaleVersion when they did: row security's silent "0 rows" is caught here too.
        """
        touched = (
            type(self)._base_manager.filter(pk=self.pk, version=self.version).update(version=self.version + 1, **values)
        )
        if touched != 1:
            raise StaleVersion
        self.version += 1
        for name, value in values.items():
            setattr(self, name, value)
