"""Serving the desk: the process, logins, headers, and what a notebook cell needs offline."""
