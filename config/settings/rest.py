"""The REST API and its document."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "branches.clients.ClientAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["branches.clients.ScopedAccess"],
    "DEFAULT_PAGINATION_CLASS": "core.api.StableCursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.BodyParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.problems.problem",
    "COERCE_DECIMAL_TO_STRING": True,
    # The address alone says what is answered: no ?format=.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "组织工作台接口",
    "DESCRIPTION": (
        "区委组织部基层党建数据接口。凭组织部发放的客户端凭据换取令牌，只能读到授权范围内的数据；"
        "不在范围内的与不存在的，应答相同（404）。\n\n"
        "列表按游标翻页：一直读到 next 为 null。增量读取用 updated_since，取上次开始读取的时刻"
        "再减去 10 分钟，按 uuid 或代码覆盖写入。日期为北京时间的日期，时刻为 UTC。"
        "得分与得分率是文本形式的十进制数，不经过浮点数。\n\n"
        "出错时返回 application/problem+json（RFC 9457）：detail 说明原因和办法，"
        "errors 逐个字段列出问题。"
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.0.3",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None, "docExpansion": "list", "deepLinking": True},
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_docs.tell_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "branches.enums.UnitKind",
        "UnitField": "branches.enums.Field",
        "Sex": "branches.enums.Sex",
        "MemberKind": "branches.enums.MemberKind",
        "MemberState": "branches.enums.MemberState",
        "PostKind": "branches.enums.PostKind",
        "DutyKind": "branches.enums.DutyKind",
        "DutyState": "meetings.enums.DutyState",
        "ExemptionState": "branches.enums.ExemptionState",
        "MeetingStatus": "meetings.api.shapes.STATUS_CHOICES",
        "CourseKind": "meetings.enums.lectures.CourseKind",
        "BookingState": "meetings.enums.lectures.BookingState",
        "CaseState": "rectification.api.feeds.CASE_STATES",
        "ProblemState": "rectification.api.feeds.PROBLEM_STATES",
        "ProblemSource": "rectification.enums.Source",
        "FigureKind": "rectification.enums.FigureKind",
        "AllotmentState": "dues.enums.AllotmentState",
        "RunState": "assessment.enums.RunState",
        "FileKind": "meetings.enums.FileKind",
        "Item": "meetings.enums.Item",
        "AbsenceReason": "meetings.enums.AbsenceReason",
    },
}
