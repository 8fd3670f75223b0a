"""One file that holds an installation: rows, waiting jobs and originals, encrypted."""
