"""What the classifiers of images share: data to train on, and the end with loss and metric."""

from __future__ import annotations

from graph.gallery.draw import Drawing, Out
from graph.params import Form, Value, param

DIGITS = "digits"
FOLDER = "image folder"
DIGITS_PX = (32, 28, 16, 8)
DIGIT_CLASSES = 10


def image_size(default: int, least: int) -> int:
    """Declares the height and width of what the first layer sees."""
    size: int = param(
        default=default, ge=least, le=1024, unit="px", help="Height and width of the images."
    )
    return size


def data(default: str = FOLDER) -> str:
    """Declares what the network is trained on."""
    chosen: str = param(
        default=default,
        choices=(FOLDER, DIGITS),
        help="Your images in a folder for each class, or the handwritten digits that are built in.",
    )
    return chosen


def classes(default: int) -> int:
    """Declares how many classes the network tells apart."""
    number: int = param(
        default=default, ge=2, le=1_000_000, help="How many classes it tells apart.",
        show_if=lambda form: form.data == FOLDER,
    )  # fmt: skip
    return number


class ImageForm(Form):
    """Parameters of a network that tells apart colour images, 1000 classes of them."""

    data: str = data()
    image_size: int = image_size(224, 32)
    classes: int = classes(1000)


def images(d: Drawing, form: ImageForm) -> Out:
    """The images that the form asks for; digits are enlarged where they come smaller."""
    wanted = form.image_size
    if form.data == FOLDER:
        d.data("images", size=(wanted, wanted))
        return d.add("input", name="image", shape=f"3, {wanted}, {wanted}")
    side = next((side for side in DIGITS_PX if side <= wanted), DIGITS_PX[-1])
    d.data("digits", size=str(side))
    x = d.add("input", name="image", shape=f"1, {side}, {side}")
    if side == wanted:
        return x
    return d.add(
        "upsample2d", x, name="enlarge", mode="bilinear", to_size=True, size=(wanted, wanted)
    )


def paper_recipe(d: Drawing, form: ImageForm, **values: Value) -> None:
    """How its authors trained it, where it learns from images like theirs."""
    if form.data == FOLDER:
        d.recipe(**values)


def class_count(form: ImageForm) -> int:
    """How many logits the last layer answers."""
    return form.classes if form.data == FOLDER else DIGIT_CLASSES


def classify(d: Drawing, logits: Out, label: Out | None = None) -> None:
    """Ends a classifier: the logits leave it, and are compared with the right class."""
    target = label or d.add("target", name="label")
    taken = {node.name for node in d.document.graph.nodes.values()}
    d.add("output", logits, name="scores" if "logits" in taken else "logits")
    d.add("cross_entropy", prediction=logits, target=target)
    d.add("accuracy", prediction=logits, target=target)
