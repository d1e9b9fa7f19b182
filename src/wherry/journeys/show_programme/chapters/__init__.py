"""One file for each kind of chapter: what a section says, in a reader's words."""
