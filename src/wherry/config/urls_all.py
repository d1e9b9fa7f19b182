"""Every address of both sites, for tests and commands that belong to neither process; `/` is the staff's here."""

from __future__ import annotations

from wherry.config import urls_person, urls_staff

urlpatterns = [*urls_staff.urlpatterns, *urls_person.urlpatterns]
