"""What attackers tried on programs like this one, and which test holds each of them off.

1. *Addresses*: private ones in every spelling, names that lead to one, names
   that change, redirects to one or to another scheme; for every fetch.
2. *Addresses that readers understand differently*: user information,
   backslashes, trailing dots, look-alike letters, line breaks.
3. *Bodies*: bombs, bodies and headers without end, slowness, false lengths and
   charsets, NUL, deep XML, entities, sitemaps that contain themselves.
4. *Markup* in every field, wherever it comes out again: digests, mail, chat,
   spreadsheets, log lines, the terminal.
5. *Templates*: ours are the only ones, escaped and strict.
6. *Sign-in*: every route walked, forms without their key, forged names, redirects, guessing.
7. *Mail headers* from a headline with a line break.
8. *Files that are read in*: YAML tags and bombs, archive members that lead out.
9. *Secrets* in output, logs, files, exceptions, backups.
10. *Regular expressions* that never end.
11. *An article that tells a model what to say.*
12. *Scrapy's own defaults.*
13. *Feeds* that only get it wrong: links, dates, names, markup, charsets, packing.

The table is checked: a test that is renamed or removed is missed here.
"""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
HERE = "security/test_what_comes_in.py"
WEB = "security/test_web.py"
SIGN_IN = "security/test_sign_in.py"
GUARD = "crawler/test_guard.py"
FEEDS = "crawler/test_discovery.py"
BACKUP = "presswatch/test_backup.py"
READER = "second_reader/test_reader.py"

HELD_OFF = {
    "1 every private and special range": (GUARD, "test_what_is_not_public"),
    "1 decimal, octal, hex and short forms, over a connection": (GUARD, "test_no_spelling_of_loopback_is_reached"),
    "1 a public and a private address": (GUARD, "test_a_name_with_one_private_address_among_public_ones_is_refused"),
    "1 rebinding between check and connection": (GUARD, "test_the_connection_goes_to_the_address_that_was_checked"),
    "1 a name that turns private": (GUARD, "test_a_name_that_turns_private_is_refused_from_then_on"),
    "1 the peer itself": (GUARD, "test_the_peer_is_checked_before_anything_is_sent"),
    "1 a redirect to a private host": (GUARD, "test_a_redirect_to_another_private_host_is_refused"),
    "1 a redirect to file:, data:, ftp:": (GUARD, "test_a_redirect_to_anything_but_http_is_refused"),
    "1 a private connection used again": (GUARD, "test_a_private_connection_is_not_reused_for_a_public_source"),
    "1 children of a sitemap": (GUARD, "test_children_of_a_sitemap_pass_the_guard"),
    "1 a page to explain": ("crawler/test_look.py", "test_a_strangers_address_must_be_public"),
    "1 the model's address": (READER, "test_a_public_name_that_leads_inside_is_not_asked"),
    "2 what is no address": (HERE, "test_an_address_that_readers_understand_differently_is_none"),
    "2 one spelling": (HERE, "test_an_address_has_one_spelling"),
    "2 relative redirects": (HERE, "test_a_redirect_cannot_be_relative_to_another_scheme"),
    "3 bad answers over connections": (
        "crawler/test_download.py",
        "test_a_bad_answer_is_refused_with_its_reason_and_the_next_page_is_had",
    ),
    "3 a bomb's memory": ("crawler/test_download.py", "test_a_bomb_costs_no_more_memory_than_the_limit"),
    "3 a packed feed or sitemap": (HERE, "test_a_bomb_is_refused_before_it_is_whole"),
    "3 entities, depth, attributes": ("crawler/test_discovery.py", "test_attacks_end_soon_and_bring_nothing_in"),
    "3 characters that no tree holds": (HERE, "test_a_character_that_no_tree_holds_costs_no_article"),
    "3 halves of characters": (HERE, "test_half_a_character_costs_no_feed"),
    "3 charsets, marks, NUL": ("crawler/test_discovery.py", "test_charsets"),
    "3 sitemaps": ("crawler/test_discovery.py", "test_what_is_no_sitemap_is_said_to_be_none"),
    "3 an index that contains itself": (
        "crawler/test_backfill.py",
        "test_an_index_that_contains_itself_comes_to_an_end",
    ),
    "3 other hosts' pages": ("crawler/test_crawl.py", "test_links_to_hosts_that_no_source_owns_are_left_alone"),
    "4 the digest": ("digests/test_render.py", "test_no_markup_gets_through"),
    "4 the template alone": ("digests/test_render.py", "test_the_template_lets_nothing_through_by_itself"),
    "4 chat": ("digests/test_plain.py", "test_the_short_form_calls_nobody_and_commands_nothing"),
    "4 spreadsheets": (HERE, "test_no_cell_of_a_spreadsheet_is_a_formula"),
    "4 log lines": (HERE, "test_a_headline_cannot_forge_a_log_line"),
    "4 the terminal": (HERE, "test_a_terminal_gets_no_control_characters"),
    "4 every page": ("security/test_hostile_text.py", "test_pages_hold_it_as_text"),
    "4 the mail's frame": ("security/test_hostile_text.py", "test_the_mail_in_its_frame_is_inert"),
    "4 feeds, API, CSV": (
        "security/test_hostile_text.py",
        "test_what_is_for_programs_is_well_formed_and_of_its_kind",
    ),
    "8 rules from a form": (
        "web/test_operator_pages.py",
        "test_a_hostile_copy_of_the_rules_is_refused_in_a_sentence",
    ),
    "5 escaping is on": ("digests/test_render.py", "test_escaping_is_on_whatever_a_template_is_called"),
    "6 every route": (WEB, "test_without_a_session_there_is_nothing_but_sign_in_static_files_and_health"),
    "6 other methods": (WEB, "test_no_other_method_gets_around_the_gate"),
    "6 other spellings": (WEB, "test_no_spelling_of_an_address_gets_around_the_gate"),
    "6 state changed by GET": (WEB, "test_no_get_changes_anything"),
    "6 a missing key": (WEB, "test_every_post_without_its_key_is_refused"),
    "6 a form from elsewhere": (WEB, "test_a_page_elsewhere_cannot_post_here_even_with_a_key"),
    "6 a forged name": (WEB, "test_a_forged_or_rebound_name_is_not_answered"),
    "6 a forged proxy": (SIGN_IN, "test_a_stranger_cannot_say_that_it_came_by_https_or_who_it_is"),
    "6 open redirects": (WEB, "test_nobody_is_sent_elsewhere_after_signing_in"),
    "6 guessing": (SIGN_IN, "test_guessing_is_slowed_down"),
    "6 guessing that locks the owner out": (SIGN_IN, "test_the_owner_gets_in_while_others_guess_from_everywhere"),
    "6 timing": (SIGN_IN, "test_a_wrong_password_takes_as_long_as_the_right_one"),
    "7 mail headers": ("digests/test_mail.py", "test_no_field_can_add_a_header"),
    "7 recipients": ("digests/test_send.py", "test_what_is_no_recipient_is_refused_for_good"),
    "8 YAML and addresses in it": (HERE, "test_a_hostile_config_is_refused_in_a_sentence"),
    "8 TOML": (HERE, "test_a_hostile_toml_is_refused_in_a_sentence"),
    "8 names of archive files": ("presswatch/test_archive.py", "test_a_name_that_is_no_archive_file_is_refused"),
    "9 what commands say": ("security/test_secrets.py", "test_no_command_says_a_secret"),
    "9 what lies in files": ("security/test_secrets.py", "test_no_file_holds_a_secret"),
    "9 the database's password": (
        "security/test_secrets.py",
        "test_a_database_that_cannot_be_reached_tells_no_password",
    ),
    "9 stores of before": (
        "store/test_kept_recipients.py",
        "test_secrets_give_way_and_deliveries_still_find_their_address",
    ),
    "9 chat services' own words": ("digests/test_send.py", "test_a_refusal_tells_no_secret"),
    "9 error pages": (WEB, "test_an_error_page_tells_nothing_of_the_inside"),
    "9 sessions and tokens in the store": (
        "store/test_access.py",
        "test_neither_a_session_nor_a_token_lies_in_the_store",
    ),
    "10 the operator's patterns": ("presswatch/test_patterns.py", "test_what_could_run_for_ever_is_told"),
    "10 our own": ("fuzz/test_fuzz.py", "test_whatever_comes_in_is_read_or_refused_in_a_sentence"),
    "11 an obedient model": (READER, "test_nothing_of_an_obedient_answer_gets_through_but_what_stands_in_the_article"),
    "12 Scrapy": (HERE, "test_scrapys_defaults_are_not_ours"),
    "12 certificates": ("crawler/test_download.py", "test_a_certificate_that_nobody_vouches_for_is_refused"),
    "12 robots.txt": ("crawler/test_manners.py", "test_robots_txt_is_asked_once_and_obeyed"),
    "13 feeds: relative links": (FEEDS, "test_links"),
    "13 feeds: missing dates": (FEEDS, "test_a_missing_date_stays_missing"),
    "13 feeds: dates in wrong formats": (FEEDS, "test_dates"),
    "13 feeds: one guid for ten": (FEEDS, "test_ten_items_that_share_one_guid_are_ten_articles"),
    "13 feeds: HTML in titles": (FEEDS, "test_titles"),
    "13 feeds: a wrong charset, a byte order mark": (FEEDS, "test_charsets"),
    "13 feeds: gzip without a header": (HERE, "test_a_packed_feed_without_a_header_is_unpacked"),
    "8 backups": (BACKUP, "test_every_kind_of_damage_to_a_backup_is_seen"),
    "9 secrets that are new": ("security/test_secrets.py", "test_every_secret_of_the_settings_is_planted"),
    "9 variables that are new": ("security/test_secrets.py", "test_every_variable_that_is_read_is_planted_or_open"),
}


@pytest.mark.parametrize("attack", HELD_OFF)
def test_each_attack_has_its_test(attack: str) -> None:
    file, name = HELD_OFF[attack]
    found = [
        node.name for node in ast.parse((TESTS / file).read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    ]
    assert name in found
