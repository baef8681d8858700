"""Which of our interceptors are asked, and how often."""

from types import SimpleNamespace

from tenantry.plugin.interceptors import KeptHandlers


def test_what_answers_a_method_is_built_once():
    kept, asked = KeptHandlers(), []

    def build(details):
        asked.append(details.method)
        return None if details.method == "/none" else object()

    def find(method):
        return kept.intercept_service(build, SimpleNamespace(method=method))

    assert find("/read") is find("/read") is not find("/check")
    assert find("/none") is find("/none") is None
    assert asked == ["/read", "/check", "/none"]
