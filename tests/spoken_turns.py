"""Everyday turns in each language, one chat a language, and words that give away a language."""

TURNS = {
    "de": (
        "Hallo", "rote Kleider für Damen", "nur in weiß", "T-Shirts unter 30 Euro", "Was kostet das erste?",
        "Woraus ist das zweite?", "Was passt zum ersten?", "zeig mir Turnschuhe", "vergleiche die ersten beiden",
        "das erste in anderen Farben", "ich trage nie Leder", "Regenschirme", "schwarze Kleider unter 20 Euro",
        "leg das erste in den Warenkorb", "speichere das erste", "danke",
    ),
    "fr": (
        "Bonjour", "robes rouges pour femme", "plutôt en blanc", "des t-shirts à moins de 30 euros",
        "combien coûte le premier ?", "en quoi est le deuxième ?", "qu'est-ce qui va avec le premier ?",
        "montre-moi des baskets", "compare les deux premiers", "le premier dans d'autres couleurs",
        "je ne porte jamais de cuir", "un parapluie", "des robes noires à moins de 20 euros",
        "ajoute le premier au panier", "enregistre le premier", "merci",
    ),
    "es": (
        "Hola", "vestidos rojos para mujer", "mejor en blanco", "camisetas por menos de 30 euros",
        "¿cuánto cuesta el primero?", "¿de qué material es el segundo?", "¿qué combina con el primero?",
        "muéstrame zapatillas", "compara los dos primeros", "el primero en otros colores", "nunca llevo cuero",
        "un paraguas", "vestidos negros por menos de 20 euros", "añade el primero al carrito", "guarda el primero",
        "gracias",
    ),
    "zh": (
        "你好", "红色连衣裙", "换成白色", "30欧元以下的T恤", "第一件多少钱？", "第二件是什么材质？", "第一件搭配什么？",
        "给我看看休闲鞋", "比较前两个", "第一件有其他颜色吗？", "我从不穿皮革", "雨伞", "20欧元以下的黑色连衣裙",
        "把第一件加入购物车", "收藏第一件", "谢谢",
    ),
}  # fmt: skip

# Words that nearly every sentence of a language has, and that the others do not share.
STOP_WORDS = {
    "en": {
        "the", "is", "are", "of", "and", "with", "for", "this", "that", "these", "here", "have", "you", "your", "would",
        "from", "not", "without", "under", "costs", "comes", "look", "first", "there", "it", "to", "rated", "reduced",
        "dresses", "sneakers", "belts", "black", "white", "red", "cotton", "linen", "leather", "canvas", "women", "men",
    },
    "de": {"der", "das", "ist", "und", "für", "ich", "du", "dein", "mit", "nicht", "hier", "von", "gibt", "einen"},
    "fr": {"le", "la", "les", "est", "et", "pour", "vous", "je", "avec", "votre", "voici", "ces", "dans", "sont"},
    "es": {"el", "los", "las", "es", "y", "para", "yo", "tu", "con", "aquí", "hay", "qué", "estos", "más"},
}  # fmt: skip
