"""What the API is, for programs: an OpenAPI document, made from the routes themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from presswatch.web.api import routes

router = APIRouter()


@router.get("/api/v1/openapi.json")
def openapi() -> Response:
    """The description."""
    return JSONResponse(describe())


@cache
def describe() -> dict[str, Any]:
    """The OpenAPI document."""
    found = get_openapi(
        title="presswatch",
        version="1",  # of the API; the program's own is nobody's business
        summary="What was found, as the pages show it.",
        routes=routes.router.routes,
    )
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    for path in found["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if status in ("4XX", "5XX"):
                    answer["content"] = {"application/problem+json": answer["content"]["application/json"]}
    return found
