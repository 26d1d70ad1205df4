"""The addresses of the pages."""

from django.urls import path
from django.views.generic import RedirectView

from . import card, card_photo, customers, doubles, entrance, home, imports, new_customer, palette

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
    path("customers/<str:card>/join", doubles.merge_customer, name="merge_customer"),
    path("customers/<str:card>/join/find", doubles.find_other, name="find_other"),
    path("customers/<str:card>/separate", doubles.split_customer, name="split_customer"),
    path("doubles/", doubles.doubles, name="doubles"),
    path("doubles/<int:key>/settle", doubles.settle_double, name="settle_double"),
    path("doubles/undo", doubles.unsettle_double, name="unsettle_double"),
    path("doubles/look", doubles.look_for_doubles, name="look_for_doubles"),
    path("doubles/runs/<int:key>", doubles.matching_state, name="matching_state"),
    path("doubles/joined", doubles.mergers, name="mergers"),
    path("doubles/joined/<int:key>/separate", doubles.split_merger, name="split_merger"),
    path("imports/", imports.imports, name="imports"),
    path("imports/drop", imports.drop, name="drop_files"),
    path("imports/<int:key>/", imports.import_file, name="import_file"),
    path("imports/<int:key>/settle", imports.settle_import, name="settle_import"),
    path("imports/<int:key>/state", imports.import_state, name="import_state"),
    path("imports/<int:key>/stop", imports.stop_import, name="stop_import"),
    path("imports/<int:key>/run", imports.go_on, name="run_import"),
    path("imports/<int:key>/undo", imports.undo_import, name="undo_import"),
    path("imports/<int:key>/discard", imports.discard_import, name="discard_import"),
    path("imports/<int:key>/refused", imports.refused_file, name="refused_rows"),
    path("enter/<str:secret>", entrance.Enter.as_view(), name="enter"),
    path("welcome", entrance.secure, name="secure"),
    path("you", entrance.you, name="you"),
    path("you/language", entrance.set_language, name="set_language"),
    path("accounts/profile/", RedirectView.as_view(pattern_name="home")),
]
