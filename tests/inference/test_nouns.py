"""Names as words of a sentence."""

import pytest

from pact_recorder.inference.nouns import member_name, noun_of, thing_of, with_article


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("user_id", "user"),
        ("userId", "user"),
        ("ServiceID", "service"),
        ("idBoard", "board"),
        ("order-ref", "order"),
        ("resourceGroup", "resource group"),
        ("HTTPServer", "http server"),
        ("oauth2_token", "oauth2 token"),
        ("größe", "größe"),
        ("user_2", "user 2"),
        ("id", "id"),
        ("", "value"),
        ("--", "value"),
    ],
)
def test_a_name_gives_the_noun_of_the_thing(name: str, noun: str) -> None:
    assert noun_of(name) == noun


@pytest.mark.parametrize(
    ("article", "nouns"),
    [
        ("a", "user unit uuid url uri usage utility unique union euro one-time ubiquitous ulid us hotel book year u"),
        ("an", "order account id image entry uncle update upload untagged unnamed hour honest ftp ssh html"),
    ],
)
def test_the_article_goes_by_the_sound(article: str, nouns: str) -> None:
    expected = {noun: f"{article} {noun}" for noun in nouns.split()}
    assert {noun: with_article(noun) for noun in expected} == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("$.account_id", "account_id"),
        ("$.user.id", "user_id"),
        ("$.orders[*].ref", "order_ref"),
        ("$.data.relationships.user.data.id", "user_id"),
        ("$.data.id", "id"),
        ("$.tag_ids[*]", "tag_id"),
        ("$.linodes[*]", "linode"),
        ("$[*]", "value"),
        ("$.id", "id"),
    ],
)
def test_a_place_of_a_body_has_a_name(path: str, name: str) -> None:
    assert member_name(path) == name


def test_what_says_more_than_that_it_identifies_names_the_thing() -> None:
    assert thing_of(["id", "account_id", "order"]) == "account"
    assert thing_of(["id", "id", "order"]) == "order"
    assert thing_of(["id", "uuid"]) == "id"
