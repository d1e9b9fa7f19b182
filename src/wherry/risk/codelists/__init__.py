"""Taking a published codelist into a programme's folder, exactly as downloaded, or refusing it in one sentence."""

from wherry.risk.codelists.published import read_published
from wherry.risk.codelists.taking import Taken, take_in

__all__ = ["Taken", "read_published", "take_in"]
