"""From an item to its picture: which drawer draws which article type."""

from collections.abc import Callable

from PIL import Image

from ingest.demo import (
    accessories,
    bags,
    boots_and_heels,
    bottoms,
    dresses,
    headwear,
    jewellery,
    knitwear,
    outerwear,
    shoes,
    tops,
)
from ingest.demo.canvas import Canvas
from ingest.demo.scene import compose
from ingest.demo.spec import DemoItem

DRAWERS: dict[str, Callable[[Canvas], None]] = {
    "T-shirt": tops.t_shirt, "Shirt": tops.shirt, "Blouse": tops.blouse, "Polo shirt": tops.polo,
    "Tank top": tops.tank, "Top": tops.top, "Tunic": tops.tunic, "Kurta": tops.tunic,
    "Sweatshirt": tops.sweatshirt, "Hoodie": tops.sweatshirt,
    "Sweater": knitwear.sweater, "Cardigan": knitwear.cardigan,
    "Jeans": bottoms.trousers, "Trousers": bottoms.trousers, "Capris": bottoms.trousers,
    "Track pants": bottoms.track_pants, "Shorts": bottoms.shorts, "Leggings": bottoms.leggings,
    "Skirt": bottoms.skirt, "Dress": dresses.dress, "Jumpsuit": dresses.jumpsuit,
    "Jacket": outerwear.jacket, "Coat": outerwear.coat, "Blazer": outerwear.blazer,
    "Waistcoat": outerwear.waistcoat, "Tracksuit": outerwear.tracksuit,
    "Sneakers": shoes.sneakers, "Sports shoes": shoes.sports_shoes, "Formal shoes": shoes.formal_shoes,
    "Loafers": shoes.loafers, "Boots": boots_and_heels.boots, "Heels": boots_and_heels.heels,
    "Flats": boots_and_heels.flats, "Sandals": boots_and_heels.sandals, "Flip flops": boots_and_heels.flip_flops,
    "Handbag": bags.handbag, "Tote bag": bags.tote, "Backpack": bags.backpack, "Clutch": bags.clutch,
    "Messenger bag": bags.messenger, "Duffel bag": bags.duffel, "Wallet": bags.wallet,
    "Watch": accessories.watch, "Sunglasses": accessories.sunglasses, "Belt": accessories.belt,
    "Tie": accessories.tie, "Scarf": accessories.scarf, "Gloves": accessories.gloves, "Socks": accessories.socks,
    "Umbrella": accessories.umbrella, "Earrings": jewellery.earrings, "Necklace": jewellery.necklace,
    "Bracelet": jewellery.bracelet, "Ring": jewellery.ring,
    "Cap": headwear.cap, "Hat": headwear.hat, "Beanie": headwear.beanie,
}  # fmt: skip

_STANDING = {
    "Sneakers", "Sports shoes", "Formal shoes", "Loafers", "Boots", "Heels", "Flats", "Sandals", "Handbag",
    "Tote bag", "Backpack", "Messenger bag", "Duffel bag",
}  # fmt: skip
_FLOOR_Y = 535


def draw(item: DemoItem) -> Image.Image:
    """The item's picture: 600x800, RGB. The same item gives the same pixels."""
    canvas = Canvas(item.drawing)
    DRAWERS[item.category](canvas)
    return compose(canvas, _FLOOR_Y if item.category in _STANDING else None)
