"""An authorizer that lets nobody in, and an identity provider with several users."""

from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User

ASKED: list[tuple[str, str]] = []


class Denying(Authorizer):
    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        ASKED.append((action, resource))
        return False


class ByHeader(IdentityProvider):
    """Believes who somebody claims to be, as no real one does."""

    def get_user(self, handler: Any) -> User | None:
        name = handler.request.headers.get("X-Test-User")
        return None if name is None else User(username=name)

    def is_token_authenticated(self, handler: Any) -> bool:
        return True
