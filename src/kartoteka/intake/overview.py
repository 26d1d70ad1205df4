"""What the home page tells: the figures of the base, and the last imports."""

from dataclasses import dataclass

from kartoteka.quality.figures import Figures, figures
from kartoteka.trust.actor import Actor, Right

from .models import Import
from .queries import list_imports

LAST = 5


@dataclass(frozen=True)
class Overview:
    """The figures, and the newest imports first (none for who does not import)."""

    figures: Figures
    imports: tuple[Import, ...]


def overview(*, actor: Actor) -> Overview:
    """The home page as `actor` may see it. Raises NotAllowed."""
    last = list_imports(actor=actor, size=LAST).rows if actor.may(Right.IMPORT) else ()
    return Overview(figures=figures(actor=actor), imports=tuple(last))
