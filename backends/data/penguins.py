"""The Palmer penguins, packed with the program."""

from __future__ import annotations

from assets import path as asset
from backends.data.csv_survey import survey
from backends.data.table import Plan, TableSource, plan
from graph.params import param

MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


class Penguins(TableSource):
    """344 penguins of three species, by bill, flipper and weight; some measurements are missing."""

    kind = "penguins"
    title = "Palmer penguins"
    category = "Built in"
    licence = "CC0 1.0"
    origin = "K. B. Gorman, T. D. Williams, W. R. Fraser (2014), Palmer Station Antarctica LTER"
    packed = True

    sex: bool = param(default=False, help="Learn from the sex too, which some rows lack.")
    island: bool = param(default=False, help="Learn from the island too.")

    def plan(self) -> Plan:
        """The measurements and what else is chosen, to tell the species."""
        extra = tuple(name for name in ("sex", "island") if getattr(self, name))
        return plan(survey(asset("data", "penguins.csv")), "species", MEASURES + extra, "class")
