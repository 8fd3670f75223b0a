"""How the tests are shared out between processes (`-n 2 --dist loadgroup`)."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A file's tests stay together, and so do all journeys on one database, which share a site: opening one takes long.

    Journeys come last, so that no site idles beside other tests.
    """
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: "site" in _shared(item))


def _group(item):
    kind = _shared(item).get("site")
    return f"site on {kind}" if kind else item.nodeid.partition("::")[0]


def _shared(item):
    """The parameters of a journey at the site that all of them share."""
    params = getattr(item, "callspec", None) and item.callspec.params
    return params if params and isinstance(params.get("site"), str) else {}
