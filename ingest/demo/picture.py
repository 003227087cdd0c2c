"""From an item to its picture: which drawer draws which article type."""

from collections.abc import Callable

from PIL import Image

from ingest.demo import (
    accessories,
    bags,
    boots,
    bottoms,
    dresses,
    headwear,
    jackets,
    jewellery,
    knitwear,
    outerwear,
    packs,
    sandals,
    shirts,
    shoes,
    sneakers,
    tops,
    watches,
)
from ingest.demo.canvas import Canvas
from ingest.demo.scene import compose
from ingest.demo.spec import DemoItem

DRAWERS: dict[str, Callable[[Canvas], None]] = {
    "T-shirt": tops.t_shirt, "Shirt": shirts.shirt, "Blouse": shirts.blouse, "Polo shirt": shirts.polo,
    "Tank top": tops.tank, "Top": tops.top, "Tunic": tops.tunic, "Kurta": tops.tunic,
    "Sweatshirt": tops.sweatshirt, "Hoodie": tops.sweatshirt,
    "Sweater": knitwear.sweater, "Cardigan": knitwear.cardigan,
    "Jeans": bottoms.trousers, "Trousers": bottoms.trousers, "Capris": bottoms.trousers,
    "Track pants": bottoms.track_pants, "Shorts": bottoms.shorts, "Leggings": bottoms.leggings,
    "Skirt": bottoms.skirt, "Dress": dresses.dress, "Jumpsuit": dresses.jumpsuit,
    "Jacket": jackets.jacket, "Coat": outerwear.coat, "Blazer": outerwear.blazer,
    "Waistcoat": jackets.waistcoat, "Tracksuit": jackets.tracksuit,
    "Sneakers": sneakers.sneakers, "Sports shoes": sneakers.sports_shoes, "Formal shoes": shoes.formal_shoes,
    "Loafers": shoes.loafers, "Boots": boots.boots, "Heels": boots.heels,
    "Flats": sandals.flats, "Sandals": sandals.sandals, "Flip flops": sandals.flip_flops,
    "Handbag": bags.handbag, "Tote bag": bags.tote, "Backpack": packs.backpack, "Clutch": bags.clutch,
    "Messenger bag": packs.messenger, "Duffel bag": packs.duffel, "Wallet": bags.wallet,
    "Watch": watches.watch, "Sunglasses": watches.sunglasses, "Belt": accessories.belt,
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
