"""From a row back to the page it stands on."""
