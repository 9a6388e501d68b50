"""What surrounds Gradio's page: its language, and a policy that lets the browser fetch from this server only."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["PageShell"]

_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio compiles its templates in the browser
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)

# Gradio words its own controls (upload, copy) in the browser's language; the page is Chinese whatever that is.
_LANGUAGE = (
    b'<script>Object.defineProperty(navigator,"language",{get:()=>"zh-CN"});'
    b'Object.defineProperty(navigator,"languages",{get:()=>["zh-CN","zh"]});</script>'
)


class PageShell:
    """ASGI middleware over the page itself; every other request passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body") or start is None:
                return
            page = _in_chinese(body)
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(page))
            headers["content-security-policy"] = _POLICY
            headers["referrer-policy"] = "no-referrer"
            await send(start)
            await send({"type": "http.response.body", "body": page})

        await self._app(scope, receive, rewritten)


def _in_chinese(page: bytes) -> bytes:
    return page.replace(b'lang="en"', b'lang="zh-CN"', 1).replace(b"<head>", b"<head>" + _LANGUAGE, 1)
