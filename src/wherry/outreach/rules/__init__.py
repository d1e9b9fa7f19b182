"""The decisions of outreach, an idea a file: all pure, each told the time."""
