"""Submission tables (预算申报) as a finance bureau asks for them: one set of numbers, as a workbook and as Word."""
