"""The small web page: see claims and decide them. What it does is what the cards do; it keeps nothing of its own."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from core.approval import Verdict
from core.directory import Directory, Member, Person
from core.errors import Expected, NotUnderstood, Refused
from core.ids import ClaimId, DecisionId, InvoiceId, PersonId
from core.messages import Message
from core.ports import ChatUnavailable
from core.use_cases.record_decision import LONGEST_WORDS, RecordDecision
from core.use_cases.see_claims import SeeClaims
from core.use_cases.sign_in import SESSION_LIFE, LinkMaker, Sessions
from handlers.web_words import (
    PAGE_WORDS,
    PageLanguage,
    PageLanguages,
    Words,
    checks_of,
    picture_of,
    state_words,
    timeline,
    undo_words,
)

COOKIE = "piaobot_session"
STATIC = Path(__file__).with_name("static")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_STATUS = {"E-SIGN-IN": 401, "E-FORM": 403, "E-NO-PAGE": 404, "E-NO-CLAIM": 404, "E-INPUT": 400}
_CONFLICT = 409

log = structlog.get_logger()
Text = Annotated[str, Form()]


@dataclass(frozen=True)
class Visitor:
    """Who looks, in their language; `form_token` goes into every form and comes back."""

    person: Person
    language: PageLanguage
    cookie: str
    form_token: str


@dataclass(frozen=True)
class Typed:
    """What was filled in when it could not be taken, to be shown again."""

    verdict: str = ""
    reason: str = ""
    words: str = ""


Page = Callable[..., Response]


def answers(work: Page) -> Page:
    """A page that never shows a stack trace: what goes wrong becomes a sentence with its code. Adds the headers."""

    @wraps(work)
    def guarded(self: "WebPages", request: Request, **given: str) -> Response:
        try:
            response = work(self, request, **given)
        except Expected as problem:
            log.info("page refused", code=problem.code)
            response = self.refused(request, problem)
        except Exception:  # the one place where every failure becomes a page
            reference = f"E-{uuid.uuid4().hex[:8].upper()}"
            log.exception("page failed", reference=reference)
            # Nothing more is looked up: whatever failed would fail again.
            response = self.problem(self._strangers_language(request), None, PAGE_WORDS["failed"], reference, 500)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if self.https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    return guarded


@dataclass(frozen=True)
class WebPages:
    """The pages. All blocking: FastAPI runs them in threads."""

    see: SeeClaims
    record: RecordDecision
    links: LinkMaker
    sessions: Sessions
    directory: Callable[[], Directory]
    member_of: Callable[[PersonId], Member | None]
    languages: PageLanguages
    words: Words
    https: bool
    templates: Environment = field(
        default_factory=lambda: Environment(
            loader=PackageLoader("handlers"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
    )

    @answers
    def home(self, request: Request) -> Response:
        visitor = self._visitor(request)
        return self._render("list.html", visitor.language, visitor, lists=self.see.lists(visitor.person.id))

    @answers
    def claim(self, request: Request, claim_id: str) -> Response:
        return self._claim(self._visitor(request), ClaimId(claim_id))

    @answers
    def picture(self, request: Request, claim_id: str, invoice_id: str) -> Response:
        viewer = self._visitor(request).person.id
        content = self.see.picture(ClaimId(claim_id), InvoiceId(invoice_id), viewer)
        # Opened by itself it is a page of ours: it may load nothing and run nothing.
        sealed = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}
        return Response(content, media_type="image/jpeg", headers=sealed)

    @answers
    def decide(
        self,
        request: Request,
        claim_id: str,
        task: Text = "",
        round: Text = "",  # noqa: A002, the word of the field
        verdict: Text = "",
        reason: Text = "",
        words: Text = "",
        token: Text = "",
    ) -> Response:
        visitor = self._sender(request, token)
        if verdict not in set(Verdict) or not round.isdecimal():
            raise _not_our_form()
        said = words.replace("\r\n", "\n").strip()
        try:
            self.record(
                ClaimId(claim_id),
                task,
                int(round),
                visitor.person.id,
                Verdict(verdict),
                reason_code=reason if reason in self.see.policy.reasons else "",
                words=said,
                where="web",
            )
        except Expected as problem:
            return self._claim(visitor, ClaimId(claim_id), problem, Typed(verdict, reason, said))
        return RedirectResponse(f"/web/claims/{claim_id}", 303)

    @answers
    def undo(self, request: Request, claim_id: str, decision: Text = "", token: Text = "") -> Response:
        visitor = self._sender(request, token)
        try:
            self.record.undo(DecisionId(decision), visitor.person.id)
        except Expected as problem:
            return self._claim(visitor, ClaimId(claim_id), problem)
        return RedirectResponse(f"/web/claims/{claim_id}", 303)

    @answers
    def show_entry(self, request: Request, token: str = "") -> Response:
        """A button only: programs that look at links before people do must not use them up."""
        return self._render("enter.html", self._strangers_language(request), token=token)

    @answers
    def enter(self, request: Request, token: Text = "") -> Response:
        entry = self.links.use(token)
        response = RedirectResponse(entry.path, 303)
        response.set_cookie(
            COOKIE,
            self.sessions.start(entry.person),
            max_age=int(SESSION_LIFE.total_seconds()),
            path="/web",
            secure=self.https,
            httponly=True,
            samesite="lax",
        )
        return response

    @answers
    def leave(self, request: Request, token: Text = "") -> Response:
        visitor = self._sender(request, token)
        response = self._render("problem.html", visitor.language, heading="leave", said=PAGE_WORDS["left"], code="")
        response.delete_cookie(COOKIE, path="/web")
        return response

    @answers
    def style(self, request: Request) -> Response:
        return FileResponse(STATIC / "web.css", media_type="text/css", headers={"Cache-Control": "max-age=3600"})

    @answers
    def nothing(self, request: Request) -> Response:
        raise Refused(PAGE_WORDS["no_page"], code="E-NO-PAGE")

    def refused(self, request: Request, problem: Expected) -> Response:
        """What happened, in the visitor's language as far as we know it."""
        try:
            visitor: Visitor | None = self._visitor(request)
        except Refused:
            visitor = None
        language = visitor.language if visitor else self._strangers_language(request)
        return self.problem(language, visitor, problem.message, problem.code, _status(problem))

    def problem(
        self, language: PageLanguage, visitor: Visitor | None, said: Message, code: str, status: int
    ) -> Response:
        return self._render("problem.html", language, visitor, status=status, heading="problem", said=said, code=code)

    def _claim(
        self, visitor: Visitor, claim_id: ClaimId, problem: Expected | None = None, typed: Typed | None = None
    ) -> Response:
        page = self.see.page(claim_id, visitor.person.id)
        return self._render(
            "claim.html",
            visitor.language,
            visitor,
            status=_status(problem) if problem else 200,
            page=page,
            checks=checks_of(page, self.words),
            timeline=timeline(page, self.words),
            picture_of=picture_of,
            approve_words=Message("Approve {total}", total=page.claim.claimed),
            undo_words=undo_words(page.undoable, visitor.language) if page.undoable else None,
            problem=problem,
            wrong_input=problem.field if isinstance(problem, NotUnderstood) else "",
            typed=typed or Typed(),
            longest=LONGEST_WORDS,
        )

    def _render(
        self,
        template: str,
        language: PageLanguage,
        visitor: Visitor | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        html = self.templates.get_template(template).render(
            values,
            visitor=visitor,
            say=language.say,
            clock=language.clock,
            lang="zh-CN" if language.locale.startswith("zh") else "en",
            ours=PAGE_WORDS,
            words=self.words,
            state_words=state_words,
            message=Message,
        )
        return HTMLResponse(html, status)

    def _visitor(self, request: Request) -> Visitor:
        """Who is signed in, as the directory and the chat know them at this moment. Raises Refused."""
        cookie = request.cookies.get(COOKIE, "")
        signed_in = self.sessions.person(cookie)
        person = self.directory().people.get(signed_in) if signed_in else None
        if person is None or not person.active:
            raise Refused(PAGE_WORDS["sign_in"], code="E-SIGN-IN")
        try:
            member = self.member_of(person.id)
        except ChatUnavailable:
            member = None
        if member is None:
            language = self._strangers_language(request)
        elif member.welcome:
            language = self.languages.for_locale(member.locale, member.time_zone)
        else:
            raise Refused(PAGE_WORDS["sign_in"], code="E-SIGN-IN")
        return Visitor(person, language, cookie, self.sessions.form_token(cookie))

    def _sender(self, request: Request, token: str) -> Visitor:
        """Who sent a form that this session was given. Raises Refused."""
        visitor = self._visitor(request)
        if not self.sessions.is_own_form(visitor.cookie, token):
            raise _not_our_form()
        return visitor

    def _strangers_language(self, request: Request) -> PageLanguage:
        preferred = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
        return self.languages.for_locale(preferred, "Asia/Shanghai")


def web_router(pages: WebPages) -> APIRouter:
    """Every address under /web."""
    router = APIRouter(prefix="/web", include_in_schema=False)
    router.add_api_route("", pages.home, methods=["GET"])
    router.add_api_route("/enter", pages.show_entry, methods=["GET"])
    router.add_api_route("/enter", pages.enter, methods=["POST"])
    router.add_api_route("/leave", pages.leave, methods=["POST"])
    router.add_api_route("/claims/{claim_id}", pages.claim, methods=["GET"])
    router.add_api_route("/claims/{claim_id}/decide", pages.decide, methods=["POST"])
    router.add_api_route("/claims/{claim_id}/undo", pages.undo, methods=["POST"])
    router.add_api_route("/claims/{claim_id}/pages/{invoice_id}", pages.picture, methods=["GET"])
    router.add_api_route("/web.css", pages.style, methods=["GET"])
    router.add_api_route("/{nothing:path}", pages.nothing, methods=["GET"])
    return router


def _status(problem: Expected) -> int:
    return 403 if problem.code.startswith("E-LINK") else _STATUS.get(problem.code, _CONFLICT)


def _not_our_form() -> Refused:
    return Refused(PAGE_WORDS["not_our_form"], code="E-FORM")
