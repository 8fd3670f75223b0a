"""Into the web pages: a one-time link from the chat, then a session of half an hour. No passwords."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.errors import Refused
from core.ids import PersonId
from core.messages import Message
from core.ports import Transactions

LINK_LIFE = timedelta(minutes=5)
SESSION_LIFE = timedelta(minutes=30)


@dataclass(frozen=True)
class Entry:
    """Who came in by a link, and the page they wanted."""

    person: PersonId
    path: str


class LinkMaker:
    """Makes links for people the chat has identified, and lets each in once.

    `public_url` is where a browser reaches our pages, without a slash at the end.
    """

    def __init__(self, secret: bytes, public_url: str, transactions: Transactions, now: Callable[[], datetime]) -> None:
        self._seal = Seal(secret, "link")
        self._public_url = public_url
        self._transactions = transactions
        self._now = now

    def make(self, person: PersonId, path: str) -> str:
        """A link for this person to a page of ours, good for LINK_LIFE and one use. `path` begins with /web."""
        if path != "/web" and not path.startswith("/web/"):
            raise ValueError(f"not a page of ours: {path}")
        token = self._seal.close(self._now() + LINK_LIFE, secrets.token_urlsafe(16), person, path)
        return f"{self._public_url}/web/enter?token={token}"

    def use(self, token: str) -> Entry:
        """Raises Refused for a link that is forged, expired or used."""
        sealed = self._seal.open(token)
        if sealed is None:
            raise Refused(
                Message("This link is not complete. Open it from Slack again, or ask there for a new one."),
                code="E-LINK-BROKEN",
            )
        expires, (link_id, person, path) = sealed
        if self._now() >= expires:
            raise Refused(
                Message("This link was good for five minutes, which are over. Ask for a new one in Slack."),
                code="E-LINK-EXPIRED",
            )
        with self._transactions.write() as tx:
            if not tx.inbox.add("web-link", link_id, ""):
                raise Refused(
                    Message("This link was used before, and each works once. Ask for a new one in Slack."),
                    code="E-LINK-USED",
                )
        return Entry(PersonId(person), path)


class Sessions:
    """Who is signed in, kept by the browser in a sealed cookie."""

    def __init__(self, secret: bytes, now: Callable[[], datetime]) -> None:
        self._seal = Seal(secret, "session")
        self._forms = Seal(secret, "form")
        self._now = now

    def start(self, person: PersonId) -> str:
        """The cookie of a new session, good for SESSION_LIFE."""
        return self._seal.close(self._now() + SESSION_LIFE, secrets.token_urlsafe(16), person)

    def person(self, cookie: str) -> PersonId | None:
        """Who it is; None for no session, a forged one, or one that has ended."""
        sealed = self._seal.open(cookie)
        if sealed is None or self._now() >= sealed[0]:
            return None
        return PersonId(sealed[1][1])

    def form_token(self, cookie: str) -> str:
        """What a form of this session must bring back, so that no other site can send it."""
        return self._forms.sign(cookie.encode())

    def is_own_form(self, cookie: str, token: str) -> bool:
        return hmac.compare_digest(self.form_token(cookie).encode(), token.encode())


class Seal:
    """Text that others can carry but not make. What is sealed for one purpose does not open for another."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hmac.digest(secret, purpose.encode(), hashlib.sha256)

    def close(self, expires: datetime, *words: str) -> str:
        content = _encoded(json.dumps([expires.timestamp(), *words], ensure_ascii=False).encode())
        return f"{content}.{self.sign(content.encode())}"

    def open(self, sealed: str) -> tuple[datetime, tuple[str, ...]] | None:
        """When it ends and what it says, even when it has ended; None for what was not sealed here."""
        content, _, signature = sealed.partition(".")
        if not hmac.compare_digest(self.sign(content.encode()).encode(), signature.encode()):
            return None
        expires, *words = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
        return datetime.fromtimestamp(expires, UTC), tuple(words)

    def sign(self, content: bytes) -> str:
        return _encoded(hmac.digest(self._key, content, hashlib.sha256))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
