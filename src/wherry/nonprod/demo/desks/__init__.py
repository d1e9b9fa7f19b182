"""Desks of the invented staff, a kind of work a file."""
