"""What may be done with a task, an idea a file: one person at a time, never lost."""
