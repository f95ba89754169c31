"""The page of help on data is that of the sources that there are."""

from app.data_help import NAME, page
from app.page_help import FOLDER, PageHelp


def test_the_page_is_up_to_date():
    assert (FOLDER / NAME).read_text("utf-8") == page(), "python -m app.data_help writes it anew"


def test_it_opens_from_the_menu(window):
    window.menus.actions["data-help"].trigger()
    shown = window.findChild(PageHelp)
    assert shown.isVisible()
    assert "by group" in shown.page.toPlainText()
