"""Draw a report: one HTML page and one JSON file."""
