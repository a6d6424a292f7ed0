"""Figures of a sweep or of an analysis of one."""
