"""From staged text to a batch: what each row is, whether it may stay, and what it says. Set-based, in one DuckDB."""
