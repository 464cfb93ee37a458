"""Problem documents (RFC 9457): whatever goes wrong is told in Chinese, saying what to do."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.db import IntegrityError, OperationalError
from django.db.models import BaseConstraint
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import Refusal

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
TITLES = {
    400: "请求有误",
    401: "凭据无效或已过期",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    406: "不支持这种格式",
    409: "有冲突",
    415: "不支持这种内容类型",
    422: "内容不能接受",
    429: "请求过于频繁",
    500: "系统出现意外",
    503: "暂时不能服务",
}
# What is said whatever the library would say.
_SENTENCES: dict[type[Exception], str] = {
    exceptions.ParseError: "请求体不是合法的 JSON，请检查后重发。",
    exceptions.NotAuthenticated: "请先用客户端凭据换取令牌，再带上 Authorization: Bearer 令牌。",
    exceptions.NotFound: "没有这条数据，或不在您的授权范围内，请核对标识。",
    exceptions.MethodNotAllowed: "这个地址不支持这种请求方法，请查阅接口文档。",
    exceptions.NotAcceptable: "接口只返回 application/json，请改用这种 Accept。",
    exceptions.UnsupportedMediaType: "接口只接收 application/json，请改用这种 Content-Type。",
    exceptions.Throttled: "请求过于频繁，请按 Retry-After 所示的秒数等待后重试。",
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn whatever went wrong into a problem document in Chinese; the database is rolled back.

    Shape: ``type title status detail instance`` and, for faults in what was sent, ``errors``: a
    list of ``{field, message}`` with the path of the field (``attendance.3.member``).
    """
    request = context["request"]
    exc = _ours(exc)
    if isinstance(exc, exceptions.ValidationError):
        errors = [{"field": field, "message": text} for field, text in _faults(exc.detail)]
        detail = f"有 {len(errors)} 处需要更正，请按 errors 所列逐项修改后重发。"
        return answer(request, 400, detail, errors=errors)
    if isinstance(exc, Refusal):
        errors = [{"field": exc.field, "message": exc.message}] if exc.field else []
        return answer(request, exc.status, exc.message, errors=errors)
    if isinstance(exc, exceptions.APIException):
        response = answer(request, exc.status_code, _sentence(exc))
        if getattr(exc, "auth_header", None):
            response["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
        if getattr(exc, "wait", None):
            response["Retry-After"] = str(int(exc.wait))  # type: ignore[attr-defined]
        return response
    if isinstance(exc, OperationalError):
        log.exception("database away", exc_info=exc)
        response = answer(request, 503, "数据库暂时不可用，请稍后用原样内容重试。")
        response["Retry-After"] = "5"
        return response
    log.exception("api", exc_info=exc)
    got_request_exception.send(sender=None, request=request._request)
    return answer(request, 500, "系统出现意外，数据没有改动；请稍后重试，仍不行请联系系统管理员。")


def answer(
    request: Request,
    status: int,
    detail: str,
    *,
    errors: Sequence[dict[str, str]] = (),
) -> Response:
    """One problem document."""
    set_rollback()
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, "请求没有完成"),
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(body, status=status, content_type=PROBLEM_TYPE)


def _ours(exc: Exception) -> Exception:
    """The same fault in the words of the REST framework."""
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, DjangoPermissionDenied):
        return exceptions.PermissionDenied(*exc.args)
    if isinstance(exc, DjangoValidationError):
        return exceptions.ValidationError(serializers.as_serializer_error(exc))
    if isinstance(exc, IntegrityError):
        cause = getattr(exc.__cause__, "diag", None)
        message = _constraint_messages().get(getattr(cause, "constraint_name", None) or "")
        return Refusal(message, code="conflict") if message else exc
    return exc


@cache
def _constraint_messages() -> dict[str, str]:
    """What each constraint of the database that has a sentence says."""
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message != BaseConstraint.default_violation_error_message
    }


def _sentence(exc: exceptions.APIException) -> str:
    for kind, text in _SENTENCES.items():
        if type(exc) is kind:
            return text
    if isinstance(exc, exceptions.PermissionDenied) and "CSRF" in str(exc.detail):
        return "页面令牌不对，请刷新页面后重试；其他系统请改用客户端凭据。"
    text = str(exc.detail)
    return text if _CHINESE.search(text) else TITLES.get(exc.status_code, "请求没有完成") + "。"


def _faults(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Flatten nested faults into (path, sentence); what is no field stands under an empty path."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _faults(inner, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _faults(inner, f"{path}.{place}" if nested and path else path)
    else:
        yield path, str(detail)
