"""How the tests are shared out between processes (`-n 2 --dist loadgroup`)."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What a file tests on one database stays together: often it shares a site, which is slow to open."""
    for item in items:
        params = item.callspec.params if hasattr(item, "callspec") else {}
        kind = params.get("site") or params.get("database_url") or ""
        item.add_marker(pytest.mark.xdist_group(f"{item.path.name} {kind}"))
