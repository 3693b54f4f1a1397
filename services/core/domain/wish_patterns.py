"""Requests for a human in some languages that the assistant has no phrases of: what they say, in one pattern each."""

import re
import unicodedata

from kit.text import without_accents

_RUSSIAN_HUMAN = (
    r"(?:(?:живым|живого|живой|настоящим|вашим) )?(?:оператор|человек|менеджер|сотрудник|специалист|консультант)\w*"
)
_PATTERNS = (
    r"[^不别]{0,6}(?:转|要|找|接|联系|跟|和|请|需要)[^,.?!，。？！不别]{0,6}(?:人工(?!智能)|真人)(?:客服|服务)?(?:谈|说话|聊|聊天|对话|沟通|吧|谢谢)*",
    r"(?:人工|人工客服|人工服务|真人|真人客服|转人工)",
    r".{0,20}(?:オペレーター?|担当者|担当|人間|有人|スタッフ|係の人|係員)(?:の方|さん|対応)?[とにへを]"
    r"(?:直接)?(?:話|はな|つな|繋|相談|代わ|替わ|お願い|取り次|呼).{0,14}",
    r"(?:オペレーター|オペレーターお願いします|有人対応)",
    rf"(?:\w+ ){{0,4}}(?:по)?(?:говорить|связаться|общаться|соедин\w*|переключ\w*|свяж\w*|перевед\w*|позов\w*)"
    rf"(?: \w{{1,4}}){{0,2}} {_RUSSIAN_HUMAN}(?: пожалуйста| сейчас)*",
    rf"(?:мне )?(?:нужен|нужна|хочу|позовите|дайте) {_RUSSIAN_HUMAN}(?: пожалуйста| сейчас)*|оператор|живой человек",
    r"(?:\w+ ){0,4}(?:التحدث|التكلم|الحديث|أتحدث|اتحدث|أتكلم|اتكلم|تحويلي|التواصل) (?:مع|إلى|الى) (?:\w+ )?"
    r"(?:شخص|موظف|إنسان|انسان|ممثل|مندوب|خدمة العملاء)(?: \w+){0,2}",
    r"(?:\w+ ){0,4}(?:po)?(?:rozmawiac|polacz\w*|gadac|skontaktowac sie|mowic)(?: \w{1,4}){0,2} (?:zywym |prawdziwym )?"
    r"(?:konsultantem|czlowiekiem|pracownikiem|kims|operatorem|doradca)(?: prosze)?",
    r"(?:\w+ ){0,3}(?:temsilci|insan|yetkili|gercek kisi|operator)\w*(?: (?:ile|biri|biriyle|birine))* (?:gorus|konus|bagla)\w*"
    r"(?: \w+){0,2}",
    r".{0,8}(?:상담원|상담사|사람|직원|담당자)(?:이랑|랑|과|와|하고|에게|으로|을|를)?\s?(?:직접\s?)?"
    r"(?:연결|통화|대화|얘기|이야기|바꿔).{0,12}|상담원",
)
_REQUEST = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
_NOT = re.compile(r"\bне\b|\bnie\b|\bلا\b|不|ない|ません|\w(?:지 않|지 마)")
_SIGNS = re.compile(r"[\s.,!?;:…。、！？，؟]+")
_MAX_CHARACTERS = 80


def is_request_elsewhere(text: str) -> bool:
    """Whether a text asks for a human in Chinese, Japanese, Russian, Arabic, Polish, Turkish or Korean."""
    if len(text) > _MAX_CHARACTERS:
        return False
    said = _SIGNS.sub(" ", unicodedata.normalize("NFC", text.casefold())).strip()
    latin = without_accents(said).replace("ł", "l").replace("ı", "i")
    return not _NOT.search(said) and any(_REQUEST.fullmatch(form) for form in (said, latin))
