"""Text in a document that talks to a model instead of a reader: "ignore all previous instructions"."""

import re

ROLE_TOKENS = (
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|begin_of_text|start_header_id|end_header_id|eot_id)\|>",
    r"\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|\[\|(?:system|user|assistant|endofturn)\|\]",
    r"(?:^|\n)[#* ]*(?:system|assistant|human)[* ]*:(?=[* ]*\S)(?![^\n]*\|)",
)
EARLIER = r"(?:previous|prior|above|preceding|earlier|foregoing|existing|original|system)"
ORDERS = r"(?:instructions?|prompts?|directions?|commands?|guidelines|context|messages?)"
MODEL = r"(?:AI|A\.I\.|language model|LLM|chatbot|ChatGPT|GPT-?\d\w*|Claude|Gemini|(?:AI|virtual|helpful) assistant)"
ARTICLE = r"(?:an? |the |any |all )?(?:[\w-]+ )?"
BEGINS = r"(?:^|[.!?\n:]\s*)"
SAY = r"(?:reply|respond|answer|output)"
ENGLISH = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{{0,30}}\b{EARLIER}\b[^.!?\n]{{0,20}}\b{ORDERS}\b",
    r"\b(?:ignore|disregard|forget)\s+(?:everything|all|anything)\s+(?:above|before this|you (?:were|are) told)\b",
    rf"\byou are (?:now |henceforth )?{ARTICLE}{MODEL}\b",
    rf"\b(?:act|behave|{SAY}) as (?:if you (?:are|were) )?{ARTICLE}(?:{MODEL}|system|developer|assistant|DAN)\b",
    rf"\bas {ARTICLE}(?:{MODEL}|assistant),? (?:you|{SAY}|always|never|do not|I)\b",
    rf"\b(?:if you are|attention|note to|instructions? (?:for|to)|message (?:for|to)) {ARTICLE}{MODEL}s?\b",
    (
        r"\b(?:reveal|print|repeat|show|output|leak|ignore)\b[^.!?\n]{0,25}"
        r"\b(?:your|the) (?:system|initial|hidden) (?:prompt|instructions)\b"
    ),
    r"\byour (?:new|real|only|next) (?:instructions?|task|goal|role|rules?) (?:is|are)\b|\bnew instructions:",
    rf"{BEGINS}(?:please )?{SAY} (?:only )?with (?:only|just|nothing but|exactly|the (?:word|phrase))\b",
    rf"{BEGINS}(?:please )?{SAY} only with\b",
    r"\b(?:enable|enter|activate) (?:developer|DAN|jailbreak|god) mode\b|\bdo anything now\b|\bprompt injection\s*:",
)
KOREAN_MODEL = r"(?:인공지능|AI|챗봇|챗\s?GPT|ChatGPT|언어\s?모델|어시스턴트)"
KOREAN_ORDER = r"(?:하라|해라|하세요|하십시오|해\s?줘|해\s?주세요)"
KOREAN = (
    (
        r"(?:이전|앞선|앞의|위의|위|기존|지금까지의|모든)\s*(?:의\s*)?(?:모든\s*)?(?:지시|지침|명령|프롬프트|설정|대화)"
        r"(?:\s*(?:사항|문|내용))?(?:들)?(?:을|를|은|는)?\s*(?:모두|전부|다|완전히)?\s*(?:무시|잊|따르지|무효)"
    ),
    (
        rf"(?:너|당신|귀하)(?:는|은)\s*(?:이제(?:부터)?|지금부터)?\s*[^.!?\n]{{0,20}}(?:{KOREAN_MODEL}|비서)"
        r"(?:이다|다|입니다|이야|야|로서|처럼|\s*역할)"
    ),
    rf"{KOREAN_MODEL}(?:는|은|에게|이라면|라면|로서)\s*[^.!?\n]{{0,40}}(?:답|답변|출력|말|응답){KOREAN_ORDER}",
    rf"{KOREAN_MODEL}(?:는|은|에게|이라면|라면|로서)\s*[^.!?\n]{{0,40}}(?:무시(?:하라|하고|해)|따르라)",
    r"시스템\s?프롬프트(?:를|을|은|는)?\s*(?:\S+\s*)?(?:출력|공개|알려|보여|무시|반복|말해)",
    rf"{BEGINS}[^.!?\n]{{0,25}}(?:이라고만|라고만|로만)\s*(?:답|대답|답변|응답|출력){KOREAN_ORDER}",
    rf"{BEGINS}(?:새로운|새)\s*(?:지시|명령)(?:\s?사항)?\s*:",
    r"(?:개발자|탈옥)\s?모드(?:를|로)\s*(?:활성화|켜|전환|진입)",
)
BASE64 = "[A-Za-z0-9+/]"
PAYLOAD = (
    rf"(?<![A-Za-z0-9+/=])(?={BASE64}*[a-z])(?={BASE64}*[A-Z])(?={BASE64}*\d){BASE64}{{120,}}={{0,2}}"
    r"(?![A-Za-z0-9+/])"
)
UNSEEN = r"[\U000e0020-\U000e007f]{4,}|[\u202a-\u202e\u2066-\u2069]{2,}"

INSTRUCTION = re.compile("|".join((*ENGLISH, *KOREAN, *ROLE_TOKENS)), re.IGNORECASE)
DISGUISE = re.compile(f"{PAYLOAD}|{UNSEEN}")
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")

# Each pattern needs one of these words, or one of each tuple; looking for words is much faster than for patterns.
WORDS = (
    "ignore", "disregard", "forget", "override", "bypass", " ai", " a.i.", "language model", "llm", "chatbot", "gpt",
    "claude", "gemini", "assistant", "human", "prompt", "instructions", " mode", "do anything now",
    "your new", "your real", "your only", "your next", "<|", "inst]", "sys>>", "_of_turn>", "[|",
    "지시", "지침", "명령", "프롬프트", "설정", "대화", "당신", "귀하", "너는", "너은", "인공지능", "챗", "언어",
    "어시스턴트", "ai는", "ai은", "ai에게", "ai이라면", "ai라면", "ai로서", "라고만", "로만", "모드",
)  # fmt: skip
PAIRS = (
    (("system",), (":", " as ")),
    (("developer", "dan"), (" as ",)),
    (("reply", "respond", "answer", "output"), (" with",)),
)


def find_instructions(text: str) -> list[str]:
    """The pieces of a text that read as orders to a model, as marks of its conversation, or as a coded payload.

    Law and procedure ("the applicant shall", "users must") are no orders to a model. Invisible characters between
    letters hide nothing. The list is empty for ordinary text.
    """
    plain = INVISIBLE.sub("", text)
    orders = INSTRUCTION.finditer(plain) if may_hold_orders(plain) else ()
    found = [*orders, *DISGUISE.finditer(plain)]
    return [match.group().strip() for match in sorted(found, key=lambda match: match.start())]


def may_hold_orders(text: str) -> bool:
    """Whether a text has words without which none of the patterns can match."""
    folded = text.casefold()
    if any(word in folded for word in WORDS):
        return True
    return any(all(any(word in folded for word in words) for words in pair) for pair in PAIRS)
