"""Block Kit's limits in one table, and what the schemas cannot say. Source: @slack/types 3.2.0, docs.slack.dev."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MESSAGE_TEXT_KEPT = 40_000
UPDATE_TEXT = 4_000
TABLES_PER_MESSAGE = 1
TABLE_CHARACTERS = 10_000
DATA_TABLE_CHARACTERS = 20_000
MARKDOWN_CHARACTERS = 12_000

LIMITS: dict[tuple[str, str], tuple[int, int]] = {
    # (block or element type, path inside it): (least, most) characters or items
    ("*", "block_id"): (1, 255),
    ("*", "action_id"): (1, 255),
    ("*", "placeholder.text"): (1, 150),
    ("*", "confirm.title.text"): (1, 100),
    ("*", "confirm.text.text"): (1, 300),
    ("*", "confirm.confirm.text"): (1, 30),
    ("*", "confirm.deny.text"): (1, 30),
    ("section", "text.text"): (1, 3000),
    ("section", "fields"): (1, 10),
    ("section", "fields[].text"): (1, 2000),
    ("header", "text.text"): (1, 150),
    ("context", "elements"): (1, 10),
    ("context", "elements[].text"): (1, 3000),
    ("actions", "elements"): (1, 25),
    ("context_actions", "elements"): (1, 5),
    ("alert", "text.text"): (1, 200),
    ("markdown", "text"): (1, 12000),
    ("input", "label.text"): (1, 2000),
    ("input", "hint.text"): (1, 2000),
    ("image", "alt_text"): (1, 2000),
    ("image", "image_url"): (1, 3000),
    ("image", "title.text"): (1, 2000),
    ("button", "text.text"): (1, 75),
    ("button", "value"): (1, 2000),
    ("button", "url"): (1, 3000),
    ("button", "accessibility_label"): (1, 75),
    ("overflow", "options"): (1, 5),
    ("radio_buttons", "options"): (1, 10),
    ("checkboxes", "options"): (1, 10),
    ("static_select", "options"): (1, 100),
    ("static_select", "option_groups"): (1, 100),
    ("multi_static_select", "options"): (1, 100),
    ("multi_static_select", "option_groups"): (1, 100),
    ("*", "options[].text.text"): (1, 75),
    ("*", "options[].value"): (1, 150),
    ("*", "options[].description.text"): (1, 75),
    ("*", "option_groups[].label.text"): (1, 75),
    ("*", "option_groups[].options"): (1, 100),
    ("*", "option_groups[].options[].text.text"): (1, 75),
    ("*", "option_groups[].options[].value"): (1, 150),
    ("table", "rows"): (1, 100),
    ("table", "rows[]"): (1, 20),
    ("data_table", "caption"): (1, 2000),
    ("data_table", "rows"): (2, 201),
    ("data_table", "rows[]"): (1, 20),
    ("container", "child_blocks"): (1, 10),
    ("modal", "title.text"): (1, 24),
    ("modal", "submit.text"): (1, 24),
    ("modal", "close.text"): (1, 24),
    ("view", "callback_id"): (0, 255),
    ("view", "private_metadata"): (0, 3000),
    ("view", "external_id"): (0, 255),
}

RANGES: dict[tuple[str, str], tuple[int, int]] = {
    # (type, key): (least, most) of a number
    ("plain_text_input", "max_length"): (1, 3000),
    ("plain_text_input", "min_length"): (0, 3000),
    ("data_table", "page_size"): (1, 100),
}
