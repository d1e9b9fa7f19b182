"""What a place may change of a programme, an idea a file: the paths, the ways to differ, and the bounds. All pure."""
