"""What customers are worth: figures, models of buying, baskets. The mathematics stands in small modules without Django."""
