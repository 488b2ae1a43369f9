"""The parts of Office files that readers share: packages, styles, numbering, number formats, charts."""
