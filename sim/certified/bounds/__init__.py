"""Bounds over a box of parameters: what any claim over boxes rests on.

Boxes, expressions and payoff rows bounded over them, and branch and bound on a claim. The room knows no
treaty and no game.
"""
