"""Game forms: frozen records with labelled actors and arrays whose batch axis is last."""
