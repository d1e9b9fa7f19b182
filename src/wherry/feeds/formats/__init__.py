"""How each kind of file becomes rows of text in DuckDB, one table per part of the contract. Private to `feeds`."""
