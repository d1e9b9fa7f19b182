"""What a resident may do with a link, and what a caller records for them: an idea a file."""
