"""A source file as a workbook, one row a fact, and back."""
