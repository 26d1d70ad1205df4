"""The known ways to harm a customer database, each with its payloads; of a long name of a test its beginning.

| class | where it is tried |
|---|---|
| SSRF: decimal, octal, hexadecimal, mapped IPv6, rebinding, redirects | test_outgoing |
| formulas in CSV and Excel | test_payloads.test_formulas, tests/people/exporting |
| script stored by name, tag, note, field, file, source, colleague, mail | test_payloads.test_a_name_is_shown |
| ... by referrer, page, campaign and event | tests/web/test_site, tests/intake/tracking/test_calls |
| ... by form and pasted message | tests/web/test_pasted, tests/web/test_my |
| IDOR: every address as every role | tests/house/test_walls |
| mass assignment of owner, role and computed columns | test_payloads.test_slipped_in_fields, test_doors.test_nobody_makes |
| template injection | test_payloads.test_a_name_is_shown |
| SQL in keys of sorts and filters | test_payloads.test_keys_of_sorts_and_filters |
| uploads: SVG with script, double endings, polyglots | test_payloads.test_what_is_no_picture, and the two behind it |
| password reset by a forged Host | test_doors.test_a_forged_host |
| CSRF | test_doors.test_no_form_from_elsewhere_does_anything |
| guessable visitor ids | tests/web/test_site.test_ids_of_ours_cannot_be_made_up |
| session fixation | test_doors.test_a_session_from_before_is_not_the_one_after |
| timing at the sign-in | test_doors.test_the_clock_tells_no_stranger_from_who_works_here |
| bodies too large, too deep | test_payloads.test_bodies_too_deep_too_long_or_odd, tests/intake/tracking/test_calls |
| races: joining one pair, approving one export, withdrawing while a list is built | test_races, tests/consent/test_race |
"""
