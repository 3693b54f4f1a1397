"""An organization's settings as core follows them."""

from typing import Any

from frontdesk.admin import v1 as admin

from kit.convert import hours_from_pb
from services.core.convert.money import micros_from_pb
from services.core.domain.policy import ModelChoice, Style, Thresholds


def values_from_pb(value: admin.SettingValue, version: str = "") -> dict[str, Any]:
    """The fields of a `Policy` that a version of a setting decides."""
    match value.WhichOneof("kind"):
        case "assistant":
            return {"version": version, **_assistant(value.assistant)}
        case "business_hours":
            return {"hours": hours_from_pb(value.business_hours)}
        case "limits":
            return {"concurrent_turns": value.limits.concurrent_turns, "context_tokens": value.limits.context_tokens}
        case "budget":
            return {"daily_micros": micros_from_pb(value.budget.daily)}
        case "retention":
            kept = value.retention.HasField("conversations")
            return {"retention": value.retention.conversations.ToTimedelta() if kept else None}
    return {}


def _assistant(value: admin.AssistantSettings) -> dict[str, Any]:
    thresholds = value.thresholds
    return {
        "disabled": value.disabled,
        "style": Style(value.display_name, value.tone, value.instructions, tuple(value.languages), value.max_words),
        "models": tuple(map(_model, value.models)),
        "next_when_unsure": value.ask_next_when_unsure,
        "thresholds": Thresholds(
            min_similarity=thresholds.min_dense_score if thresholds.HasField("min_dense_score") else None,
            min_lexical=thresholds.min_lexical_score if thresholds.HasField("min_lexical_score") else 0.5,
            max_passages=thresholds.max_passages,
            enough=thresholds.enough_score if thresholds.HasField("enough_score") else None,
            weak=thresholds.weak_score if thresholds.HasField("weak_score") else None,
        ),
        "unknown_answers": value.handover.unknown_answers if value.handover.HasField("unknown_answers") else None,
        "handover_notice": value.handover.notice,
        "closed_notice": value.handover.closed_notice,
    }


def _model(choice: admin.ModelChoice) -> ModelChoice:
    return ModelChoice(
        model=choice.model,
        credential=choice.credential.rpartition("/")[2],
        temperature=choice.temperature if choice.HasField("temperature") else None,
        max_output_tokens=choice.max_output_tokens,
    )
