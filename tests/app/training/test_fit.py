"""Input and Target made to fit the data."""

from app.training.fit import fitted
from graph.data import Column, DataInfo
from graph.model import NodeId
from graph.registry import default_registry
from tests.app.training.events import classifier
from tests.drawing import set_params

INFO = DataInfo(
    "people",
    (
        Column("x", (5,), "float32", "input"),
        Column("y", (), "int64", "target", ("no", "yes")),
    ),
    100,
    20,
)
NUMBERS = DataInfo(
    "prices",
    (Column("x", (5,), "float32", "input"), Column("y", (1,), "float32", "target")),
    100,
    20,
)
INPUT, TARGET = NodeId("n1"), NodeId("n3")
REGISTRY = default_registry()


def test_shapes_and_number_types_follow_the_data():
    document = fitted(classifier(), NUMBERS, REGISTRY)
    assert document.node(INPUT).params == {"shape": "5"}
    assert document.node(TARGET).params == {"shape": "1", "dtype": "float32"}


def test_a_drawing_that_fits_is_the_same():
    document = fitted(classifier(), INFO, REGISTRY)
    assert fitted(document, INFO, REGISTRY) == document


def test_names_stand_for_any_size():
    document = set_params(classifier(), INPUT, shape="F")
    assert fitted(document, INFO, REGISTRY).node(INPUT).params == {"shape": "F"}


def test_a_column_that_is_not_there_makes_way():
    document = set_params(classifier(), INPUT, column="pixels", shape="5")
    assert fitted(document, INFO, REGISTRY).node(INPUT).params == {"shape": "5"}


def test_a_shape_that_is_none_is_replaced():
    document = set_params(classifier(), INPUT, shape="3, -1")
    assert fitted(document, INFO, REGISTRY).node(INPUT).params == {"shape": "5"}
