"""Ask a model whether answers hold, one file a way of asking."""
