"""Supports on which three actors mix, two of them over equally many: equations in the third one's mix alone."""
