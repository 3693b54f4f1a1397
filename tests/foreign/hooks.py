"""Checks of ours that schemathesis makes on each answer."""

import schemathesis


@schemathesis.check
def valid_requests_keep_the_rules(ctx, response, case):
    """A request that is valid by the schema never breaks a rule of the contract."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    status = response.json()
    if status["message"].endswith("Proto fields must have a name."):
        return  # see schemathesis.toml
    if any(detail.get("reason") == "INVALID_REQUEST" for detail in status["details"]):
        raise AssertionError(f"valid by the schema, but refused: {status['message']}")


@schemathesis.check
def errors_are_a_status_with_a_reason(ctx, response, case):
    """Every error has the shape that the guide promises."""
    if response.status_code < 400 or case.method == "HEAD":
        return
    if not response.content.startswith(b"{"):
        raise AssertionError(f"an error that is no JSON: {response.content[:200]!r}")
    status = response.json()
    infos = [detail for detail in status["details"] if detail["@type"].endswith("/google.rpc.ErrorInfo")]
    if not status["message"] or len(infos) != 1 or not infos[0]["reason"] or not infos[0]["domain"]:
        raise AssertionError(f"an error without message, reason or domain: {status}")
    if None in infos[0].get("metadata", {}).values():
        raise AssertionError(f"null in the metadata: {status}")
