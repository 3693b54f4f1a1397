"""An organization's settings as core follows them."""

from typing import Any

from frontdesk.admin import v1 as admin

from services.core.domain.money import MICROS
from services.core.domain.policy import ModelChoice, Style, Thresholds


def values_from_pb(value: admin.SettingValue) -> dict[str, Any]:
    """The fields of a `Policy` that a setting decides."""
    match value.WhichOneof("kind"):
        case "assistant":
            return _assistant(value.assistant)
        case "limits":
            return {"concurrent_turns": value.limits.concurrent_turns}
        case "budget":
            daily = value.budget.daily
            return {"daily_micros": daily.units * MICROS + daily.nanos // 1000}
    return {}


def _assistant(value: admin.AssistantSettings) -> dict[str, Any]:
    thresholds = value.thresholds
    return {
        "disabled": value.disabled,
        "style": Style(value.display_name, value.tone, value.instructions, tuple(value.languages), value.max_words),
        "models": tuple(map(_model, value.models)),
        "thresholds": Thresholds(
            min_similarity=thresholds.min_dense_score if thresholds.HasField("min_dense_score") else None,
            min_lexical=thresholds.min_lexical_score if thresholds.HasField("min_lexical_score") else 0.5,
            max_passages=thresholds.max_passages,
        ),
        "unknown_answers": value.handover.unknown_answers,
        "handover_notice": value.handover.notice,
    }


def _model(choice: admin.ModelChoice) -> ModelChoice:
    return ModelChoice(
        model=choice.model,
        credential=choice.credential.rpartition("/")[2],
        temperature=choice.temperature if choice.HasField("temperature") else None,
        max_output_tokens=choice.max_output_tokens,
    )
