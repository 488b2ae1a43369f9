"""Files of local models: find, check, convert, open."""
