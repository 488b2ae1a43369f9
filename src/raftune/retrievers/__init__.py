"""Find the texts of a collection nearest to a query, one file a way."""
