"""What words mean: spellings, families, paths, labels."""

from pathlib import Path

import pytest

from tools.taxonomy import TAXONOMY_FILE, load_taxonomy, read_taxonomy


@pytest.mark.parametrize(
    ("facet", "word", "expected"),
    [
        ("category", "T-shirt", "T-shirt"),
        ("category", "Tshirts", "T-shirt"),
        ("category", "t shirts", "T-shirt"),
        ("category", "TEE", "T-shirt"),
        ("category", "Casual Shoes", "Sneakers"),
        ("category", "trainers", "Sneakers"),
        ("category", "Innerwear Vests", "Undershirt"),
        ("category", "Necklace and Chains", "Necklace"),
        ("category", "dresses", "Dress"),
        ("category", "Tops", "Top"),
        ("category", "ties", "Tie"),
        ("category", "tie", "Tie"),
        ("category", "Scarves", "Scarf"),
        ("category", "watches", "Watch"),
        ("category", "footwear", "Shoes"),
        ("category", "hoodies", "Hoodie"),
        ("category", "hoody", "Hoodie"),
        ("colour", "Navy Blue", "navy"),
        ("colour", "navy-blue", "navy"),
        ("colour", "Maroon", "burgundy"),
        ("colour", "Grey Melange", "grey"),
        ("colour", "Off White", "off-white"),
        ("colour", "Multi", "multicolour"),
        ("gender", "Women", "female"),
        ("gender", "women's", "female"),
        ("gender", "Boys", "male"),
        ("gender", "Unisex", "unisex"),
        ("age_group", "Girls", "kids"),
        ("age_group", "babies", "infant"),
        ("pattern", "polka dots", "dotted"),
        ("material", "organic cotton", "cotton"),
        ("usage", "Smart Casual", "smart casual"),
        ("season", "Fall", "autumn"),
        ("category", "spaceship", None),
        ("colour", "", None),
        ("brand", "Alder", None),
    ],
)
def test_a_word_means_its_canonical_value(facet: str, word: str, expected: str | None) -> None:
    assert load_taxonomy().canonical(facet, word) == expected


def test_every_canonical_value_means_itself() -> None:
    taxonomy = load_taxonomy()
    for facet in taxonomy.terms:
        assert [taxonomy.canonical(facet, name) for name in taxonomy.names(facet)] == list(taxonomy.names(facet))


def test_a_path_runs_from_the_widest_category_to_the_narrowest() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.category_path("Cardigan") == ("Clothing", "Topwear", "Knitwear", "Cardigan")
    assert taxonomy.category_path("Shoes") == ("Shoes",)
    assert taxonomy.category_path("Free Gifts") == ("Free Gifts",)


def test_descendants_are_all_that_is_below() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.descendants("Headwear") == ("Cap", "Hat", "Beanie", "Headband")
    assert {"Cap", "Headwear", "Earrings"} <= set(taxonomy.descendants("Accessories"))
    assert taxonomy.descendants("Cap") == taxonomy.descendants("Nothing") == ()


def test_every_category_is_in_a_department() -> None:
    taxonomy = load_taxonomy()
    assert {taxonomy.category_path(name)[0] for name in taxonomy.names("category")} <= set(taxonomy.departments)


def test_colours_have_a_family_and_a_swatch() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.family("navy") == "blue"
    assert taxonomy.family("ultraviolet") == "ultraviolet"
    assert taxonomy.colours_of_family("blue") == ("turquoise", "light blue", "blue", "navy")
    assert taxonomy.hex("navy") == "#1f2a4d"
    assert taxonomy.hex("ultraviolet") == ""
    assert {taxonomy.family(taxonomy.family(colour)) for colour in taxonomy.names("colour")} == {
        taxonomy.family(colour) for colour in taxonomy.names("colour")
    }


@pytest.mark.parametrize(
    ("gender", "age_group", "label"),
    [
        ("female", "adult", "women"), ("male", "", "men"), ("unisex", "adult", "everyone"), ("female", "kids", "girls"),
        ("male", "toddler", "boys"), ("unisex", "kids", "kids"), ("", "kids", "kids"), ("male", "infant", "babies"),
        ("", "", ""), ("", "adult", ""),
    ],
)  # fmt: skip
def test_labels_say_who_an_item_is_for(gender: str, age_group: str, label: str) -> None:
    assert load_taxonomy().label(gender, age_group) == label


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Blouse: {under: Topwear, synonyms: []}", "Blouse: {under: Topwear, synonyms: [tees]}", "'tees' means both"),
        ("Blouse: {under: Topwear", "Blouse: {under: Attic", "'Blouse' is under 'Attic', which is not defined"),
        ("navy: {family: blue", "navy: {family: marine", "'navy' is of the family 'marine', which is not defined"),
    ],
)
def test_a_contradiction_in_the_file_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = TAXONOMY_FILE.read_text()
    assert old in text
    (tmp_path / "taxonomy.yaml").write_text(text.replace(old, new))
    with pytest.raises(ValueError, match=message):
        read_taxonomy(tmp_path / "taxonomy.yaml")
