"""Registers: tables of official lists, described by CSVW metadata and read into quads with their cells as evidence."""
