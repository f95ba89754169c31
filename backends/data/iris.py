"""Iris flowers, packed with the program."""

from __future__ import annotations

from assets import path as asset
from backends.data.csv_survey import survey
from backends.data.table import Plan, TableSource, plan


class Iris(TableSource):
    """150 iris flowers of three species, by the length and width of sepals and petals."""

    kind = "iris"
    title = "Iris flowers"
    category = "Built in"
    licence = "CC BY 4.0"
    origin = "R. A. Fisher (1936), UCI Machine Learning Repository"
    packed = True

    def plan(self) -> Plan:
        """All columns, to tell the species."""
        return plan(survey(asset("data", "iris.csv")), "species", kind="class")
