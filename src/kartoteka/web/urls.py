"""The addresses of the pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import card, card_photo, customers, entrance, home, new_customer, palette

urlpatterns = [
    path("", home.home, name="home"),
    path("find", palette.palette, name="palette"),
    path("find/names", palette.name_list, name="name_list"),
    path("customers/", customers.customers, name="customers"),
    path("customers/new", new_customer.new_customer, name="new_customer"),
    path("customers/columns", customers.choose_columns, name="customer_columns"),
    path("customers/tag", customers.tag_many, name="tag_many"),
    path("customers/<str:card>/", card.card, name="customer"),
    path("customers/<str:card>/edit/<str:field>", card.edit, name="edit_field"),
    path("customers/<str:card>/photo", card_photo.photo, name="customer_photo"),
    path("customers/<str:card>/confirm/<str:field>", card.confirm_field, name="confirm_field"),
    path("customers/<str:card>/relations", card.add_relation, name="add_relation"),
    path("customers/<str:card>/relations/<int:relation>/end", card.end_relation, name="end_relation"),
    path("enter/<str:secret>", entrance.Enter.as_view(), name="enter"),
    path("welcome", entrance.secure, name="secure"),
    path("you", entrance.you, name="you"),
    path("you/language", entrance.set_language, name="set_language"),
    path("accounts/profile/", RedirectView.as_view(pattern_name="home")),
]
