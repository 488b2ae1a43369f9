"""HTML and XHTML -> Markdown, for the readers of web pages and of electronic books."""
