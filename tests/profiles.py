"""The two utility profiles of a GENIUS domain that README makes a bargaining file of."""

from __future__ import annotations

from pathlib import Path

PROFILE = """<utility_space><objective name="Sale">
<issue index="1" type="discrete" name="Price"><item index="1" value="low" evaluation="{low}"/>
<item index="2" value="high" evaluation="{high}"/></issue><weight index="1" value="1"/>
</objective></utility_space>"""


def write_profiles(folder: Path) -> None:
    """``buyer.xml``, who likes a low price, and ``seller.xml``."""
    (folder / "buyer.xml").write_text(PROFILE.format(low=2, high=1))
    (folder / "seller.xml").write_text(PROFILE.format(low=1, high=2))
