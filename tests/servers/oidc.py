"""A small OpenID Connect provider: whoever is named as `user` signs in at once, with the claims given for them."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT_ID, CLIENT_SECRET = "vitrine", "a-client-secret-of-tests"


class Provider:
    """What it signs with, and who is about to sign in."""

    def __init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "only", "use": "sig", "alg": "RS256"})
        self.claims: Mapping[str, Any] = {}
        self.url = ""
        self.asked: dict[str, dict[str, str]] = {}

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        paths = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {
            "issuer": self.url,
            **{name: self.url + path for name, path in paths.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to, with a code for whoever signs in now."""
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> dict[str, Any]:
        """The tokens for a code, once; KeyError for a code nobody was given."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization != f"Basic {basic}" and sent.get("client_secret") != CLIENT_SECRET:
            raise KeyError("client")
        asked, now = self.asked.pop(sent["code"]), int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 600, "nonce": asked["nonce"]}
        signed = jwt.encode({"alg": "RS256", "kid": "only"}, {**claims, **self.claims}, self.key)
        return {"access_token": "an-access-token", "token_type": "Bearer", "expires_in": 600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorized({name: each[0] for name, each in asked.items()}))
            self.end_headers()
        elif path == "/keys":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        else:
            self._json(self.provider.metadata())

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        try:
            first = {name: each[0] for name, each in sent.items()}
            self._json(self.provider.token(first, self.headers.get("Authorization", "")))
        except KeyError:
            self._json({"error": "invalid_grant"}, 400)

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


@contextmanager
def oidc_provider() -> Iterator[Provider]:
    """A provider on a free port of this machine."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
