"""All rows of this domain, from the files that tell of each matter."""

from .fact_models import CustomerFacts as CustomerFacts
from .fact_models import IdentityFacts as IdentityFacts
from .order_models import EarlierTelling as EarlierTelling
from .order_models import Order as Order
from .order_models import OrderLine as OrderLine
from .order_models import OrderState as OrderState
from .order_models import Payment as Payment
from .order_models import Product as Product
from .order_models import Rate as Rate
from .order_models import Refund as Refund
