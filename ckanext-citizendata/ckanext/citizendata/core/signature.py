"""Signed texts: JSON Web Signatures in their compact form (RFC 7515 §3.1) with Ed25519 (RFC 8037 §3.1).

What is signed are bytes, never graphs: a graph that says the same in another order would pass for another text.
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

__all__ = ["PublicKey", "Signer", "Unsigned", "signed_by", "signer_of", "unverified"]

ALGORITHM = "EdDSA"
KEY_BYTES = 32


class Unsigned(Exception):  # noqa: N818 - what is true of a text, not an error of the program
    """This text isn't signed by that key; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key: `x` is its 32 bytes in base64url without padding, as in a JSON Web Key."""

    x: str

    @property
    def is_key(self) -> bool:
        """Whether `x` is a key at all."""
        try:
            return len(_bytes_of(self.x)) == KEY_BYTES
        except ValueError:
            return False

    @property
    def kid(self) -> str:
        """A short name for people and headers: the first 16 hex digits of SHA-256 of its bytes."""
        return sha256(_bytes_of(self.x)).hexdigest()[:16]

    def verified(self, text: str, typ: str) -> bytes:
        """What a text of this type says that this key signed; raises `Unsigned`."""
        try:
            key = Ed25519PublicKey.from_public_bytes(_bytes_of(self.x))
            found = PyJWS().decode_complete(text, key, algorithms=[ALGORITHM])
        except (PyJWTError, ValueError) as error:
            raise Unsigned(f"it isn't signed by the key {self.kid}: {error}") from error
        if found["header"].get("typ") != typ:
            raise Unsigned(f"it is signed as {found['header'].get('typ')!r} instead of {typ!r}")
        return found["payload"]


@dataclass(frozen=True, slots=True)
class Signer:
    """The private half of a key, as its 32 bytes."""

    secret: bytes

    @classmethod
    def new(cls) -> Signer:
        """A key that nobody had before."""
        key = Ed25519PrivateKey.generate()
        return cls(key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption()))

    @property
    def public(self) -> PublicKey:
        """The half that everyone may know."""
        key = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        return PublicKey(_text_of(key.public_bytes(Encoding.Raw, PublicFormat.Raw)))

    def signed(self, payload: bytes, typ: str) -> str:
        """The payload as a signed text of this type."""
        key = Ed25519PrivateKey.from_private_bytes(self.secret)
        return PyJWS().encode(payload, key, algorithm=ALGORITHM, headers={"typ": typ, "kid": self.public.kid})


def signer_of(text: str) -> Signer:
    """The key that a file tells, in base64url; raises `ValueError` where it is none."""
    secret = _bytes_of(text.strip())
    if len(secret) != KEY_BYTES:
        message = f"a key has {KEY_BYTES} bytes in base64url, and this text has {len(secret)}"
        raise ValueError(message)
    return Signer(secret)


def signed_by(text: str) -> str:
    """The `kid` that a signed text claims, "" where it claims none; proves nothing. Raises `Unsigned`."""
    try:
        kid = PyJWS().get_unverified_header(text).get("kid", "")
    except PyJWTError as error:
        raise Unsigned(f"it is no signed text: {error}") from error
    return str(kid)


def unverified(text: str) -> bytes:
    """What a signed text says, whoever signed it; for looking, never for believing. Raises `Unsigned`."""
    try:
        return PyJWS().decode_complete(text, options={"verify_signature": False})["payload"]
    except PyJWTError as error:
        raise Unsigned(f"it is no signed text: {error}") from error


def _text_of(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _bytes_of(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
