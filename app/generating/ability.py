"""Whether a drawing makes something by itself once it is trained."""

from __future__ import annotations

from app.session import Session
from graph.block import Role
from graph.denoising import trains_diffusion
from graph.generating import makes_of_noise


def can_generate(session: Session) -> bool:
    """Whether the drawing in front seems to make something; quick enough for every edit."""
    return trains_diffusion(session.root) or makes_of_noise(session.root) or writes(session)


def writes(session: Session) -> bool:
    """Whether the data has what follows in a sequence, and a loss that could learn it."""
    info, by_role = session.data_info, session.root_typing.by_role
    has_sequence = info is not None and any(column.follows for column in info.columns)
    return has_sequence and bool(by_role.get(Role.LOSS)) and bool(by_role.get(Role.TARGET))
