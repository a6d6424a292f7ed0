"""Game forms: frozen records with labelled actors and arrays whose batch axis is last.

``strategic``, ``stages`` (the sequential game of a scenario), ``bargaining``, ``conflict``,
``coalitional``: one file each. ``outcomes`` folds ratification into the leaves of a stage game.
"""
