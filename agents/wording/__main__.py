"""`python -m agents.wording`: brings every catalogue up to date with the English wordings and lists what is missing."""

import io

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from agents.speaking import LANGUAGES
from agents.wording import ENGLISH_FILE
from agents.wording.catalogues import catalogue_path, read_catalogue, sources

_WIDTH = 120


def main() -> None:
    """Write the catalogues anew: kept translations first of all, new wordings empty, gone ones left out."""
    texts = yaml.safe_load(ENGLISH_FILE.read_text(encoding="utf-8"))
    for language in LANGUAGES:
        if language != "en":
            n_missing = _update(language, texts)
            print(f"{language}: {n_missing} wordings to translate in {catalogue_path(language)}")


def _update(language: str, texts: dict[str, object]) -> int:
    path = catalogue_path(language)
    before = read_catalogue(language) if path.exists() else Catalog(locale=language)
    after = Catalog(locale=language, project="Vitrine", fuzzy=False)
    after.mime_headers = before.mime_headers
    language_name = after.locale.english_name if after.locale else language
    after.header_comment = (
        f"# What the shop says, in {language_name}. Contexts are the names in agents/wording/en.yaml."
    )
    n_missing = 0
    for source in sources(texts):
        message_id = (source.text, source.other) if source.other else source.text
        known = before.get(message_id, context=source.context)
        kept = known.string if known is not None else ""
        n_missing += not (all(kept) if isinstance(kept, tuple) else kept)
        after.add(message_id, kept, context=source.context)
    written = io.BytesIO()
    write_po(written, after, width=_WIDTH, omit_header=False, sort_output=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())
    return n_missing


if __name__ == "__main__":
    main()
