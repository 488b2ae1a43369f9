from raftune.personal_data.check_digits import (
    digits_of,
    has_business_check,
    has_resident_check,
    is_card,
    is_corporate,
    is_iban,
    is_resident_date,
)


def test_a_date_of_birth_has_a_day_of_the_calendar() -> None:
    assert is_resident_date(digits_of("000229-3000000"))
    assert not is_resident_date(digits_of("010229-3000000"))
    assert not is_resident_date(digits_of("991301-1000000"))
    assert not is_resident_date(digits_of("991201-9000000"))
    assert not is_resident_date(digits_of("990101-3000000"))


def test_check_digits_of_residents_and_foreigners_differ_by_two() -> None:
    assert [n for n in range(10) if has_resident_check(digits_of(f"900101-123456{n}"))] == [8]
    assert [n for n in range(10) if has_resident_check(digits_of(f"900101-523456{n}"))] == [1]


def test_a_company_is_nobody_over_a_hundred() -> None:
    assert is_corporate(digits_of("110111-1129497"))
    assert not is_corporate(digits_of("900101-1234568"))


def test_business_numbers_of_large_companies_are_right() -> None:
    assert has_business_check(digits_of("124-81-00998"))
    assert has_business_check(digits_of("120-81-47521"))
    assert not has_business_check(digits_of("124-81-00997"))
    assert not has_business_check(digits_of("000-00-00000"))


def test_cards_have_an_issuer_a_length_and_a_check_digit() -> None:
    for good in ("4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005", "30569309025904", "3530111333300000"):
        assert is_card(good)
    for bad in ("4111 1111 1111 1112", "1111 1111 1111 1117", "41111111111111", "7111111111111119"):
        assert not is_card(bad)


def test_ibans_have_their_countrys_length_and_check() -> None:
    assert is_iban("DE89 3704 0044 0532 0130 00")
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("DE89 3704 0044 0532 0130 01")
    assert not is_iban("DE89 3704 0044 0532 0130")
    assert not is_iban("ZZ89 3704 0044 0532 0130 00")
