"""A result as an Excel workbook."""
