"""Forms made from declared parameters, and the small widgets that panels are made of."""

from app.forms.refused import refused_row, show_row
from app.forms.view import FieldRow, FormView

__all__ = ["FieldRow", "FormView", "refused_row", "show_row"]
