"""People's decisions about answers: the log they are kept in, what follows from it, and files to decide in."""
