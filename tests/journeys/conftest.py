"""A home of their own for whole stories, and no screen."""

from tests.app.conftest import home

__all__ = ["home"]
