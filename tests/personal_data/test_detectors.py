"""What is found, and what looks like it and is not."""

import pytest

from raftune.personal_data import ALL_KINDS, find_personal

FOUND = [
    ("담당자 주민등록번호는 900101-1234568입니다.", "resident_number", "900101-1234568"),
    ("외국인등록번호 900101-5234564", "resident_number", "900101-5234564"),
    ("2021년생: 210315-3999999 (새 번호)", "resident_number", "210315-3999999"),
    ("번호 9001011234568 참조", "resident_number", "9001011234568"),
    ("주민등록번호: 210315 3999999", "resident_number", "210315 3999999"),
    ("사업자등록번호 124-81-00998", "business_number", "124-81-00998"),
    ("사업자번호 1248100998", "business_number", "1248100998"),
    ("카드 4111-1111-1111-1111로 결제", "card", "4111-1111-1111-1111"),
    ("Card: 4111 1111 1111 1111.", "card", "4111 1111 1111 1111"),
    ("Amex 3782 822463 10005 on file", "card", "3782 822463 10005"),
    ("휴대전화 010-1234-5678로 연락", "phone", "010-1234-5678"),
    ("연락처 01012345678.", "phone", "01012345678"),
    ("전화 ０１０－１２３４－５６７８", "phone", "０１０－１２３４－５６７８"),
    ("문의: 02-2100-2950", "phone", "02-2100-2950"),
    ("(031) 123-4567", "phone", "(031) 123-4567"),
    ("Call 206–231–3195 today", "phone", "206–231–3195"),
    ("phone (816) 329-4148", "phone", "(816) 329-4148"),
    ("fax: +41 (0)41 619 67 73;", "phone", "+41 (0)41 619 67 73"),
    ("tel +82-10-1234-5678", "phone", "+82-10-1234-5678"),
    ("SSN 219-09-9999", "social_security_number", "219-09-9999"),
    ("social security number 219 09 9999", "social_security_number", "219 09 9999"),
    ("여권번호 M12345678", "passport", "M12345678"),
    ("passport no. M123A4567", "passport", "M123A4567"),
    ("운전면허 11-23-456789-01", "driving_licence", "11-23-456789-01"),
    ("IBAN DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
    ("이메일 kim.minsu@bank.co.kr로", "email", "kim.minsu@bank.co.kr"),
    ("write to <a+b@mail.faa.gov>.", "email", "a+b@mail.faa.gov"),
]


@pytest.mark.parametrize(("text", "kind", "data"), FOUND)
def test_is_found(text: str, kind: str, data: str) -> None:
    assert [(span.kind, text[span.start : span.end]) for span in find_personal(text, ALL_KINDS)] == [(kind, data)]


@pytest.mark.parametrize(
    "text",
    [
        "ISBN 978-89-374-1234-5 and ISBN 9788937412345",
        "법인등록번호 110111-1129497, 법인등록번호 130111-0006246",
        "Section 225.281 and 12 CFR 217.300; Docket No. 2020-12-34",
        "1,234 5,678 9,012 3,456",
        "2019 2020 2021 2022 2023",
        "4,111 1111 1111 1111 1111 22",
        "Service\nBulletin 737-27-1318, Revision 1",
        "between 2020-01-01 and 2021-12-31",
        "대표번호 1588-1234, 무료 080-123-4567",
        "toll-free (800) 555-0199 or 1-888-555-0199",
        "user@example.com, git@github.com:a/b.git, getty@tty1.service",
        "version 10.1.2.3, address 192.168.10.200",
        "계좌 잔액 010 억 원, 2023. 5. 12. 시행",
        "SHA 900101-12345678 and ZIP 90740-5600",
        "제10조제2항 및 제102-3456호",
        "| 123-45-67890 | 219-09-99991 |",
        "M12345678 is a part number",
        "growth of +1.5 and +12 and +2.25 percent",
    ],
)
def test_is_nobodys(text: str) -> None:
    assert find_personal(text, ALL_KINDS) == []
