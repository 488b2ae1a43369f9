"""From the bytes of a file to pages: what readers share, and the child process they run in."""
