"""The rows of this domain, each matter's in a file of its own."""

from .dealing_models import Dealing as Dealing
from .dealing_models import Enclosure as Enclosure
from .dealing_models import Point as Point
from .dealing_models import Score as Score
