"""Wine cultivars, packed with the program."""

from __future__ import annotations

from assets import path as asset
from backends.data.csv_survey import survey
from backends.data.table import Plan, TableSource, plan


class Wine(TableSource):
    """178 wines of three cultivars, by thirteen chemical measurements."""

    kind = "wine"
    title = "Wine cultivars"
    category = "Built in"
    licence = "CC BY 4.0"
    origin = "S. Aeberhard, M. Forina (1992), UCI Machine Learning Repository"
    packed = True

    def plan(self) -> Plan:
        """All columns, to tell the cultivar."""
        return plan(survey(asset("data", "wine.csv")), "cultivar", kind="class")
