"""A result for readers: terminal, notebook, HTML page, workbook, talking points, the files of a run."""
