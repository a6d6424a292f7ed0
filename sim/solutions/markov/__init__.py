"""Equilibria of bargaining in a Markov world: plain functions on arrays that know no scenario.

``perfect`` plays it backwards or until play repeats, ``equilibrium_box`` bounds every subgame perfect
equilibrium, ``pure_stationary`` lists the pure Markov perfect ones, ``signed`` says when a deal comes.
"""
