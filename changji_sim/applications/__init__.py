"""Files of real applications (申报): read, checked, written, and the empty template."""
