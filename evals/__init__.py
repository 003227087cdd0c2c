"""Measures of the whole: how well what was built does what it is for."""
