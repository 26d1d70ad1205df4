"""All rows of this domain, from the files that tell of each matter."""

from .worth.models import CustomerWorth as CustomerWorth
from .worth.models import GoesWith as GoesWith
from .worth.models import WorthRates as WorthRates
from .worth.models import WorthRun as WorthRun
