"""What the English rules look for, and the plain forms of the verbs they know."""

import re

MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
DATE = rf"(?:{MONTH} (?:\d{{1,2}}, )?(?:19|20)\d\d|(?:year-end |fiscal year |the end of )?(?:19|20)\d\d)"
WHEN = rf"(?:(?P<when>(?:In|During|By|As of|At|Through|Since) {DATE}),? )?"
APART = r"\b(?:that|which|who|while|where|when|if|because|but|these|those|\w+ed and)\b"
SUBJECT = rf"(?P<subject>(?:(?!{APART})[^,;:()]){{3,90}}?)"
SCALE = r"(?: (?:hundred|thousand|million|billion|trillion))?"
WORDS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
NUMBER = rf"\d[\d,]*(?:\.\d+)?{SCALE}|{WORDS}"
ABOUT = r"(?:(?:approximately|about|nearly|over|more than|almost) )?"
PERCENT = r"\d[\d,.]* (?:percent(?:age points)?|basis points)"
OF_WHAT = r"(?: (?:of|for) (?:the )?[A-Za-z][\w’-]+(?: [\w’-]+){0,2})?"
WHOLE_NOUN = rf"(?P<noun>[a-z][a-z-]*s\b(?!\.\w){OF_WHAT}|[\w’-]+(?: [\w’-]+){{0,3}}? [a-z-]+s)"
STOP = r"(?=[.,;]| and | that | which | with | from | to | in | at | during | for | through | by | as | of )"
BASES = {
    "processed": "process", "conducted": "conduct", "completed": "complete", "issued": "issue", "received": "receive",
    "supervised": "supervise", "collected": "collect", "hosted": "host", "held": "hold", "approved": "approve",
    "operated": "operate", "employed": "employ", "published": "publish", "reviewed": "review", "handled": "handle",
    "recorded": "record", "made": "make", "paid": "pay", "opened": "open", "served": "serve", "destroyed": "destroy",
    "referred": "refer", "released": "release", "performed": "perform", "inspected": "inspect", "filed": "file",
    "acted on": "act on", "commissioned": "commission", "distributed": "distribute", "transferred": "transfer",
}  # fmt: skip
DEEDS = {
    "launched": "launch", "announced": "announce", "proposed": "propose", "finalized": "finalize", "adopted": "adopt",
    "established": "establish", "introduced": "introduce", "created": "create", "developed": "develop",
    "began": "begin", "entered into": "enter into", "appointed": "appoint", "amended": "amend",
    "extended": "extend", "awarded": "award",
    "implemented": "implement", "terminated": "terminate", "required": "require", "expanded": "expand",
}  # fmt: skip
CHANGES = {
    "increased": "increase", "decreased": "decrease", "rose": "rise", "fell": "fall", "grew": "grow",
    "declined": "decline", "dropped": "drop",
}  # fmt: skip
COUNT = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>{'|'.join(BASES)}) {ABOUT}(?P<answer>{NUMBER}) {WHOLE_NOUN}{STOP}(?P<tail>.*)$"
)
CHANGE = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>{'|'.join(CHANGES)}) (?:by )?{ABOUT}(?P<answer>{PERCENT})(?P<tail>.*)$"
)
TOTAL = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>totaled|amounted to|averaged) {ABOUT}"
    rf"(?P<answer>(?:[$€£]\s?)?\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion|percent))?)(?P<tail>(?:[ .,;].*)?)$"
)
TOTALS = {"totaled": "total", "amounted to": "amount to", "averaged": "average"}
DEFINITION = re.compile(
    r"^(?P<subject>(?:The |An? )?(?:[A-Z][\w’/&.-]*)(?: (?:[A-Z][\w’/&.-]*|of|for|and|the|on)){0,7}"
    r"(?: \([A-Z][\w-]*\))?) (?P<verb>is|are|was|were) (?P<answer>(?:an?|the|one of the) .+)$"
)
ACTION = re.compile(
    rf"^{WHEN}{SUBJECT} (?P<verb>{'|'.join([*BASES, *DEEDS])}) "
    r"(?P<answer>(?:an?|the|its|their|one|two|three|final|new|\d)\b.+)$"
)
ONGOING = re.compile(rf"^{WHEN}{SUBJECT} continued to (?P<answer>.+)$")
MODAL = re.compile(
    r"^(?P<subject>(?:The|A|An|All|Each|[A-Z][\w’-]*)\b[^;:()]{3,110}?) "
    r"(?P<verb>may|must|should|shall|can)(?P<negation> not)? (?P<answer>(?!be\b|not\b|also\b|have\b)[a-z]+ .+)$"
)
DIRECT = re.compile(r"^(?P<verb>(?:result in|lead to|include|consist of|apply to|depend on)) (?P<answer>.+)$")
PRESENT = re.compile(
    r"^(?P<subject>(?:(?!\bto\b|\bthat\b|\bwhich\b)[^,;:()]){3,70}?) (?:also )?"
    r"(?P<verb>provides?|offers?|requires?|prohibits?|includes?|consists? of|consisted of|applies to|apply to)"
    r" (?P<answer>(?!that\b).+)$"
)
FRONTED = re.compile(
    r"^(?:In|On|At|As|For|To|By|With|Under|During|When|While|If|Although|After|Before|Since|From|Through|Because|Despite"
    r"|Given)\b"
)
SECOND_VERB = re.compile(r",? and (?=[a-z]+ed\b|[a-z]+ (?:the|a|an|its|their|to)\b)")
DUTY = re.compile(
    r"^(?P<lead>Under [^,]+?, )?(?P<subject>(?:The|the) [^,;()]{3,60}?) (?P<verb>is|are) "
    r"(?:also )?"
    r"(?P<what>responsible for|required to|prohibited from|subject to|intended to|based on|designed to|composed of)"
    r" (?P<answer>.+)$"
)
CONDITION = re.compile(r"^If (?P<condition>[^,]{12,150}), (?P<answer>(?!then)[^;]{12,})$")
UNCLEAR = re.compile(
    r"^(?:.{0,60}, )?(?:it|they|these|this|those|he|she|such|both|the (?:former|latter|two|three|first|second))\b"
    r"|^(?:[^,]{0,60}, )?[\w ]{0,20}\b(?:of|in|for|by) (?:these|those|this|them|which|the total)\b|^Of \b"
    r"|^(?:Table|Figure|Box|Note|Chart|Section)s?\b"
    r"|^(?:Here|There|Instead|Moreover|Overall|Similarly|Also|As a result|Therefore|Thus|Consequently|Likewise"
    r"|Meanwhile)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\s*[(\[](?:[Ss]ee|refer)\b[^)\]]*[)\]]")
PURPOSE = (
    "address|assist|develop|encourage|enhance|ensure|facilitate|help|identify|improve|learn|maintain|promote|protect|provide"
    "|reduce|support"
)
CUT = re.compile(
    rf",? (?:that|which|where|who|while|but|so|such as|including|unless|to (?:{PURPOSE})) |; | \(|, (?=[a-z]+ing\b)"
)
CLAUSE = re.compile(r",? (?:that|which|where|who|while|but|so) |; | \(")
EXTENDED = re.compile(r"[^,]*? with (?:an?|the|access|information|support)\b")

LONGEST_ANSWER = 150
AMBIGUOUS = re.compile(r"(?!What (?:is|are) )(?!(?:How many|By how much|What did .* total)\b.*\b(?:19|20)\d\d\b)")
ARTICLES = frozenset({"The", "A", "An", "All", "Each", "Most", "Some", "Total", "Its", "Their"})
OF_SOMETHING = re.compile(r"(?:of|from|for|in|on|to|by|and|against|with|that|are|is|were|was)\b")
