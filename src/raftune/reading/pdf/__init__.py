"""A PDF page as words with places, in reading order, as Markdown. Places: points from the page's top left corner."""
