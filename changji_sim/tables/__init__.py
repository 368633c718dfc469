"""Tables in files (表格文件): the cells of the one table of a workbook or csv, and the form that stands around it."""
