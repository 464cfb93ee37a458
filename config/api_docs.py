"""The API's document and page, and the answer to addresses that it does not have."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from branches.enums import ClientScope

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457：出了什么问题，该怎么办。",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "一句话：原因和办法。"},
        "instance": {"type": "string", "description": "请求的地址。"},
        "errors": {
            "type": "array",
            "description": "逐个字段的问题；嵌套的字段写成 attendance.3.member。",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_READING = {
    "400": "参数有误。",
    "401": "没有令牌，或令牌无效、已过期。",
    "403": "凭据没有这项权限。",
}
_ONE = {"404": "没有这条数据，或不在授权范围内。"}
_WRITING = {
    "409": "别人刚改过，或同键请求正在处理。",
    "415": "请求体不是 application/json。",
    "422": "内容不能接受，或同键不同内容。",
}


def tell_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Hook of the schema: every operation says how it refuses."""
    result["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for address, operations in result["paths"].items():
        for method, operation in operations.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            told = _READING | (_ONE if "{" in address else {})
            told |= _WRITING if method != "get" else {}
            for status, text in told.items():
                operation["responses"].setdefault(status, {"description": text, "content": content})
    return result


class ClientScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema tells of tokens."""

    target_class = "branches.clients.ClientAuthentication"
    name = "clientCredentials"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """OAuth 2 client credentials with our scopes."""
        return {
            "type": "oauth2",
            "description": "用组织部发放的客户端编号和密钥换取一小时有效的令牌。",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/identity/o/api/token",
                    "scopes": dict(ClientScope.choices),
                }
            },
        }


class ApiSchema(SpectacularAPIView):
    """The OpenAPI document; open to everybody, it holds no data."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class ApiPage(SpectacularSwaggerSplitView):
    """The document to read and to try, without a script of its own in the page."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "config/api_docs.html"


@extend_schema(exclude=True)
class NoSuchAddress(APIView):
    """A problem document instead of a page: callers here are programs."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whatever is asked: there is nothing here."""
        raise NotFound("接口没有这个地址。地址都以 / 结尾，可用的地址见 /api/v1/docs/。")
