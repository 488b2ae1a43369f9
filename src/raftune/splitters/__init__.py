"""Cut a text into spans with exact offsets, one file a way."""
