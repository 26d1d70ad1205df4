"""All rows of this domain, from the files that tell of each matter."""

from .dealing_models import Dealing as Dealing
from .dealing_models import Enclosure as Enclosure
from .dealing_models import Point as Point
from .dealing_models import Score as Score
from .event_models import CategoryViews as CategoryViews
from .event_models import Event as Event
from .event_models import Favourite as Favourite
from .event_models import Rating as Rating
from .event_models import Visitor as Visitor
from .fact_models import CustomerFacts as CustomerFacts
from .fact_models import IdentityFacts as IdentityFacts
from .order_models import EarlierTelling as EarlierTelling
from .order_models import HomeCurrency as HomeCurrency
from .order_models import Order as Order
from .order_models import OrderLine as OrderLine
from .order_models import OrderState as OrderState
from .order_models import Payment as Payment
from .order_models import Product as Product
from .order_models import Rate as Rate
from .order_models import Refund as Refund
from .order_models import Revaluing as Revaluing
from .warehouse.models import SiteDay as SiteDay
