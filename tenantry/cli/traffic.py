"""What a command asked of Twilio, on stderr beside its report."""

import os

from tenantry.cli.terminal import tell_lines
from tenantry.reports.traffic import api_line
from tenantry.text.wrapping import sentence
from tenantry.twilio.http.traffic import Traffic


def tell_traffic(traffic: Traffic) -> None:
    """Print the API line, if Twilio was asked at all."""
    if traffic.requests:
        tell_lines([sentence(api_line(traffic, os.environ))], err=True)
