"""One file a kind of source file: bytes in, pages of Markdown out."""
