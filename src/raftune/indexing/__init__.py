"""The project's passages as they are searched, on disk: opened without being read, brought up to date in part."""
