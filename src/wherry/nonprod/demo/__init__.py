"""
The demonstration: the main job end to end, on an invented county, through the pages and journeys real users use.

In:      a number of people, of days, a seed, a home
Out:     one page of figures that balance, and the sites to walk through
Never:   a step that only prints; a person who exists
Hazards: none of its own: it is where they are rehearsed
Next:    nothing
"""

from __future__ import annotations

from wherry.nonprod.demo.command import command

__all__ = ["command"]
