"""Changes in words."""

from typing import get_args

import pytest
from plan_steps import report, step

from tenantry.engine.events.plan import Op
from tenantry.reports.changes.lines import DONE, TO_DO
from tenantry.reports.changes.marks import MARKS, MEANINGS, STYLES
from tenantry.reports.preview.as_markdown import as_markdown
from tenantry.reports.preview.as_text import as_text

WORDS = {"marks": MARKS, "meanings": MEANINGS, "styles": STYLES, "to do": TO_DO, "done": DONE}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_operation_has_its_word_or_it_would_not_be_counted(words):
    assert set(words) == set(get_args(Op))


def test_the_old_half_of_a_replacement_has_words_of_its_own():
    found = report(step("finish", "acme/usage_trigger/sms"), step("finish", "acme/api_key/web-1"))
    text = as_text(found)
    assert "DANGER: delete key." in text
    assert "  ∓ usage_trigger/sms\n" in text
    assert text.endswith("2 to delete that were replaced before, 7 unchanged; 1 tenant.")
    assert "\n- finish usage_trigger/sms\n" in as_markdown(found)
