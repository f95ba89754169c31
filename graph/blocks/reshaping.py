"""The same numbers in another shape: Flatten, Reshape, Permute, Concat, Slice."""

from __future__ import annotations

from functools import reduce

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._common import axis_in, call_of, method_of
from graph.blocks._promotion import promote
from graph.params import Ints, param
from graph.problems import Hint, Refusal, SetParam
from graph.tensor import Dim, Shape, T, TensorType, product, show_shape


@block(
    "flatten",
    title="Flatten",
    category=Category.TENSOR,
    glyph="Fl",
    keywords=("reshape", "vector", "view"),
)
class Flatten(Block):
    """Joins all axes from one on into a single axis.

    Use it between convolutions and dense layers.

    Shape: `(N, a, b, …) -> (N, a·b·…)`.
    """

    is_view = True

    start_axis: int = param(default=1, ge=0, help="The first axis to join; 0 is the batch.")

    examples = (
        Example({}, x=T("N", 3, 4, 5)),
        Example({"start_axis": 2}, x=T("N", "T", 4, 5)),
        Example({"start_axis": 0}, x=T("N", 1, dtype="int64")),
        Example({}, x=T("N", 7)),
        Example({}, x=T("N"), fails="works on axis 1"),
    )

    def infer(self, x: TensorType) -> TensorType:
        start = axis_in(x, self.start_axis, "start_axis")
        return x.with_shape(*x.shape[:start], product(x.shape[start:]))

    def emit(self, x: TensorType) -> Emit:
        return call_of("torch.flatten", self.start_axis)

    def summary(self) -> str:
        return "" if self.start_axis == 1 else f"from axis {self.start_axis}"


@block(
    "reshape",
    title="Reshape",
    category=Category.TENSOR,
    glyph="Rs",
    keywords=("view", "unflatten", "unsqueeze", "squeeze"),
)
class Reshape(Block):
    """Arranges the numbers of every sample in another shape; their order and the batch stay.

    Use it to make images of vectors, to split an axis, or to add or drop an axis of size 1.

    Shape: `(N, …) -> (N, …shape)`.
    """

    is_view = True
    stricter = {
        "a sample": "Torch would take what is left over from the batch or move it there.",
        "needs a batch axis": "The first axis is always the batch.",
    }

    shape: str = param(
        default="-1",
        help="Sizes behind the batch, such as 16, 7, 7; one may be -1, which takes what is left.",
    )

    examples = (
        Example({"shape": "16, 7, 7"}, x=T("N", 784)),
        Example({"shape": "-1, 64"}, x=T("N", "T", 4, 16)),
        Example({"shape": "1, -1"}, x=T("N", 12)),
        Example({"shape": ""}, x=T("N", 1, dtype="int64")),
        Example({"shape": "3, 5"}, x=T("N", 16), fails="15 numbers"),
        Example({"shape": "-1, 5"}, x=T("N", 16), fails="multiple of 5 numbers"),
        Example({"shape": "-1, -1"}, x=T("N", 16), fails="only one"),
        Example({"shape": "4, a"}, x=T("N", 16), fails="no size"),
        Example({"shape": "1"}, x=T(), fails="batch axis"),
    )

    def sizes(self) -> tuple[int, ...]:
        """The sizes as typed, -1 included."""
        parts = self.shape.replace("×", ",").strip("()[] ").split(",")
        sizes = []
        for part in (part.strip() for part in parts if part.strip()):
            number = part.removeprefix("-")
            if not (number.isascii() and number.isdigit()) or len(number) > 9:
                raise self.wrong(f"“{part[:30]}” is no size")
            size = int(part)
            if size < 1 and size != -1:
                raise self.wrong(f"{size} is no size")
            sizes.append(size)
        if sizes.count(-1) > 1:
            raise self.wrong("only one size may be -1")
        return tuple(sizes)

    def wrong(self, what: str) -> Refusal:
        return Refusal(
            f"is to give the shape “{self.shape[:60]}”, but {what}; write sizes above 0 and at "
            "most one -1, separated by commas, such as 16, 7, 7",
            hints=(SetParam("shape", "-1"),),
        )

    def infer(self, x: TensorType) -> TensorType:
        sizes = self.sizes()
        if not x.shape:
            raise Refusal("needs a batch axis (N, …), but receives a scalar", port="x")
        return x.with_shape(x.shape[0], *self.filled(sizes, x.shape[1:]))

    def filled(self, sizes: tuple[int, ...], given: Shape) -> Shape:
        """The sizes with -1 replaced by what is left of those given."""
        total = product(given)
        fixed = 1
        for size in sizes:
            fixed *= size if size != -1 else 1
        rest = total // fixed
        if -1 in sizes and rest * fixed == total:
            return tuple(rest if size == -1 else size for size in sizes)
        if -1 not in sizes and total == fixed:
            return sizes
        count = f"{fixed} number" + ("s" if fixed != 1 else "")
        wanted = f"a multiple of {fixed} numbers" if -1 in sizes else count
        received = f"{show_shape(given)} = {total}" if len(given) > 1 else str(total)
        raise Refusal(
            f"needs {wanted} a sample for “{self.shape}”, but receives {received}",
            port="x",
            short=f"{total} ≠ {fixed}" if -1 not in sizes else f"{total} % {fixed}",
            hints=(SetParam("shape", "-1"),),
        )

    def emit(self, x: TensorType) -> Emit:
        sizes = self.sizes()
        if -1 not in sizes:
            return method_of("reshape", -1, *sizes)
        values: dict[str, Argument] = {f"size{number}": size for number, size in enumerate(sizes)}
        words = ", ".join(f"{{{name}}}" for name in values)
        return Emit(f"{{y}} = {{x}}.reshape({{x}}.shape[0], {words})", values=values)

    def summary(self) -> str:
        return self.shape.replace(" ", "").replace(",", "×") or "scalar"


@block(
    "permute",
    title="Permute",
    category=Category.TENSOR,
    glyph="Pe",
    keywords=("transpose", "swap", "axes", "channels last"),
)
class Permute(Block):
    """Puts the axes in another order.

    Use it to turn (N, T, features) into (N, features, T), or channels last into channels first.

    Shape: `(N, a, b, …) -> ` the same sizes in the order given.
    """

    is_view = True

    order: Ints = param(
        default=(0, 2, 1), ge=0, help="The old number of each new axis; 0 is the batch."
    )

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"order": (0, 3, 1, 2)}, x=T("N", 28, 28, 3, dtype="uint8")),
        Example({"order": (1, 0)}, x=T("N", 5)),
        Example({}, x=T("N", 3, 8, 8), fails="all 4 axes"),
        Example({"order": (0, 1, 1)}, x=T("N", 3, 8), fails="each axis once"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not x.shape:
            raise Refusal("needs axes to put in order, but receives a scalar", port="x")
        if sorted(self.order) != list(range(x.rank)):
            count = len(self.order) != x.rank
            wanted = f"all {x.rank} axes" if count else "each axis once"
            usual = (0, *range(2, x.rank), 1) if x.rank > 1 else tuple(range(x.rank))
            raise Refusal(
                f"needs the order of {wanted} of {show_shape(x.shape)}, 0 to {x.rank - 1}, "
                f"but has {self.order}",
                port="x",
                short=f"rank {x.rank} ≠ {len(self.order)}" if count else "",
                hints=(SetParam("order", usual),),
            )
        return x.with_shape(*(x.shape[axis] for axis in self.order))

    def emit(self, x: TensorType) -> Emit:
        moved = [axis for axis, old in enumerate(self.order) if axis != old]
        if len(moved) == 2 and sorted(self.order) == list(range(x.rank)):
            return method_of("transpose", *moved)
        return method_of("permute", *self.order)

    def summary(self) -> str:
        return ", ".join(map(str, self.order))


@block(
    "concat",
    title="Concat",
    category=Category.TENSOR,
    glyph="Co",
    keywords=("concatenate", "cat", "join", "merge", "skip connection"),
)
class Concat(Block):
    """Joins tensors along an axis, in the order of the wires.

    Use it to let a layer see several things at once, such as a skip connection.

    Shape: `(N, a, …), (N, b, …), … -> (N, a + b + …, …)`.
    """

    saves = ()

    axis: int = param(default=1, help="The axis along which they are joined; 0 is the batch.")

    examples = (
        Example({}, xs=[T("N", 3, 8, 8), T("N", 5, 8, 8)]),
        Example({"axis": -1}, xs=[T("N", "T", 4), T("N", "T", 4), T("N", "T", 1)]),
        Example({}, xs=[T("N", 3, dtype="int64"), T("N", 2)]),
        Example({}, xs=[T("N", 3)]),
        Example({}, xs=[T("N", 3, 8), T("N", 5, 7)], fails="all other axes"),
        Example({}, xs=[T("N", 3), T("N", 3, 1)], fails="as many axes"),
        Example({"axis": 2}, xs=[T("N", 3), T("N", 3)], fails="works on axis 2"),
        Example({"axis": 0}, xs=[T()], fails="at least one axis"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        first = xs[0]
        if not first.shape:
            raise Refusal("needs at least one axis to join, but receives a scalar", port="xs")
        axis = axis_in(first, self.axis, port="xs")
        total: Dim = 0
        for x in xs:
            if x.rank != first.rank:
                raise Refusal(
                    f"needs tensors with as many axes each, but receives "
                    f"{show_shape(first.shape)} and {show_shape(x.shape)}",
                    port="xs",
                    short=f"rank {first.rank} ≠ {x.rank}",
                )
            self.check_others(first, x, axis)
            total = total + x.shape[axis]
        dtype = reduce(promote, xs).dtype
        return TensorType((*first.shape[:axis], total, *first.shape[axis + 1 :]), dtype)

    def check_others(self, first: TensorType, x: TensorType, axis: int) -> None:
        differing = [n for n, (a, b) in enumerate(zip(first.shape, x.shape, strict=True)) if a != b]
        wrong = [n for n in differing if n != axis]
        if not wrong:
            return
        at = wrong[0]
        hints: tuple[Hint, ...] = (SetParam("axis", at),) if len(differing) == 1 else ()
        raise Refusal(
            f"joins along axis {axis} and needs all other axes to agree, but receives "
            f"{show_shape(first.shape)} and {show_shape(x.shape)}",
            port="xs",
            short=f"{first.shape[at]} ≠ {x.shape[at]}",
            hints=hints,
        )

    def emit(self, *xs: TensorType) -> Emit:
        return Emit("{y} = torch.cat([{xs}], dim={axis})", values={"axis": self.axis})

    def summary(self) -> str:
        return f"axis {self.axis}"


@block(
    "slice",
    title="Slice",
    category=Category.TENSOR,
    glyph="Sl",
    keywords=("crop", "index", "narrow", "part", "range"),
    stem="part",
)
class Slice(Block):
    """Keeps a range of places along an axis.

    Use it to crop, to take some of the features, or to shift a sequence against itself.

    Shape: `(…, size, …) -> (…, (stop - start + step - 1) // step, …)`; an open size is taken to
    be long enough.
    """

    is_view = True

    axis: int = param(default=1, help="The axis that is cut; 0 is the batch, -1 the last.")
    start: int = param(default=0, help="The first place; negative numbers count from the end.")
    stop: int = param(
        default=0, help="The place before which it ends; 0 for the end, negative from the end."
    )
    step: int = param(default=1, ge=1, help="Every so many places.")

    examples = (
        Example({"start": 1}, x=T("N", "T", 4)),
        Example({"start": 2, "stop": 9, "step": 3}, x=T("N", 10)),
        Example({"axis": -1, "start": -3, "stop": -1}, x=T("N", 5, 8, dtype="int64")),
        Example({"start": -1}, x=T("N", "T", 4)),
        Example({"stop": -1}, x=T("N", "T", 4)),
        Example({"stop": 99}, x=T("N", 10)),
        Example({"axis": 3}, x=T("N", 10), fails="works on axis 3"),
        Example({"start": 10}, x=T("N", 10), fails="leaves nothing"),
        Example({"start": -2, "stop": 5}, x=T("N", "T"), fails="both from the same end"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not x.shape:
            raise Refusal("needs an axis to cut, but receives a scalar", port="x")
        axis = axis_in(x, self.axis)
        size = x.shape[axis]
        length = self.length(size)
        if isinstance(length, int) and length < 1:
            raise Refusal(
                f"takes {self.summary()} of a size of {size}, which leaves nothing",
                port="x",
                short=f"{self.summary()} of {size}",
                hints=self.hints_to_something(size),
            )
        return x.with_shape(*x.shape[:axis], length, *x.shape[axis + 1 :])

    def hints_to_something(self, size: Dim) -> tuple[Hint, ...]:
        """The ends that, opened, leave something."""
        if not isinstance(size, int):
            return ()
        ends = ((0, self.stop, "start"), (self.start, 0, "stop"))
        kept = [name for start, stop, name in ends if range(size)[start : stop or None]]
        return tuple(SetParam(name, 0) for name in kept)

    def length(self, size: Dim) -> Dim:
        """How many places are kept."""
        if isinstance(size, int):
            return len(range(size)[self.start : self.stop or None : self.step])
        if self.start < 0 < self.stop:
            raise Refusal(
                f"cuts an open size of {size} from {self.start} to {self.stop}; "
                "start and stop must count both from the same end",
                port="x",
                hints=(SetParam("stop", 0), SetParam("start", 0)),
            )
        begin: Dim = self.start if self.start >= 0 else size + self.start
        end: Dim = self.stop if self.stop > 0 else size + self.stop
        return (end - begin + self.step - 1) // self.step

    def emit(self, x: TensorType) -> Emit:
        values: dict[str, Argument] = {}
        words = []
        for name, value, default in (("start", self.start, 0), ("stop", self.stop, 0)):
            words.append(f"{{{name}}}" if value != default else "")
            values |= {name: value} if value != default else {}
        text = ":".join(words)
        if self.step != 1:
            text += ":{step}"
            values["step"] = self.step
        axis = axis_in(x, self.axis)
        lead = ":, " * axis if axis <= x.rank // 2 + 1 else "..., "
        tail = ", :" * (x.rank - 1 - axis) if lead == "..., " else ""
        return Emit(f"{{y}} = {{x}}[{lead}{text}{tail}]", values=values)

    def summary(self) -> str:
        step = f":{self.step}" if self.step != 1 else ""
        return f"{self.start or ''}:{self.stop or ''}{step}"
