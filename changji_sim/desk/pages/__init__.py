"""The desk's pages, one a file."""
