"""Breast cancer diagnoses, packed with the program."""

from __future__ import annotations

from assets import path as asset
from backends.data.csv_survey import survey
from backends.data.table import Plan, TableSource, plan


class BreastCancer(TableSource):
    """569 samples of breast tissue, malignant or benign, by thirty measures of cell nuclei."""

    kind = "breast_cancer"
    title = "Breast cancer"
    category = "Built in"
    licence = "CC BY 4.0"
    origin = "W. Wolberg, O. Mangasarian, N. Street, W. Street (1995), UCI ML Repository"
    packed = True

    def plan(self) -> Plan:
        """All columns, to tell the diagnosis."""
        return plan(survey(asset("data", "breast-cancer.csv")), "diagnosis", kind="class")
