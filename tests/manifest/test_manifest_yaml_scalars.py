from decimal import Decimal

import pytest

from tenantry.manifest.yaml.scalars import UnreadableScalarError, resolve


@pytest.mark.parametrize(
    "text", ["no", "yes", "on", "off", "12:30", "2026-01-01", "1_000", "0b1", "1.2.3", "+", "-", ".", "0o8", "<<"]
)
def test_what_only_yaml_1_1_reads_as_more_than_text_is_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("0100", 100),
        ("0o100", 64),
        ("0xff", 255),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
    ],
)
def test_core_scalars_are_read(text, value):
    assert resolve(text) is value if isinstance(value, bool | None) else resolve(text) == value


@pytest.mark.parametrize("text", ["0.1", "1.", ".5", "1e3", "-2.50", "99999999999999.000001"])
def test_a_number_with_a_point_keeps_every_digit(text):
    assert resolve(text) == Decimal(text)
    assert isinstance(resolve(text), Decimal)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty value; write a value, {} for all defaults, or null to remove what is inherited"),
        (".inf", ".inf is not a number that Twilio has; write a finite one"),
        ("-.INF", "-.INF is not a number that Twilio has; write a finite one"),
        (".nan", ".nan is not a number that Twilio has; write a finite one"),
        ("9" * 5000, "a number of 5000 characters; write text in quotes, or a shorter number"),
        ("1e999999999", "1e999999999 is out of range; write a number between 1e-40 and 1e40"),
    ],
)
def test_what_nobody_can_mean_is_refused(text, sentence):
    with pytest.raises(UnreadableScalarError) as refused:
        resolve(text)
    assert str(refused.value) == sentence
