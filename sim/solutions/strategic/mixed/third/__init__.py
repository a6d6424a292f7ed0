"""Supports on which three actors mix: equations in the mix of one of them alone."""
