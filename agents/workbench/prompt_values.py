"""What a stored turn fills into the variables of a prompt."""

from collections.abc import Mapping

from agents.prompt import Prompt, load_prompt
from agents.prompt_check import used_in
from agents.workbench.preview import preview
from tools.shop import Shop
from tools.store_latest import LatestTurn

# Data is without control characters once it is in a prompt, so these stand for nothing else.
_BEFORE, _AFTER = "\x1e", "\x1f"


def values_of(name: str, turn: LatestTurn, shop: Shop) -> Mapping[str, str]:
    """Variable to text, as the code that serves shoppers fills it in.

    Raises:
        PromptError: no code fills this prompt.
        CatalogError: the stored catalogue cannot serve the search.
    """
    shipped = load_prompt(name)
    marked = {
        piece: "".join(f"{_BEFORE}{variable}{_AFTER}${variable}" for variable in used_in(text)) or text
        for piece, text in shipped.template.items()
    }
    said = preview(Prompt(name, shipped.version, shipped.variables, marked), turn, shop)
    found: dict[str, str] = {}
    for part in (part for message in said for part in message.parts):
        for marked_value in part.split(_BEFORE)[1:]:
            variable, _, value = marked_value.partition(_AFTER)
            found.setdefault(variable, value)
    return found
