"""How invented people, places and numbers are written in each language.

Names are common ones that belong to nobody in particular. Numbers come from ranges that are given to nobody: reserved by the
authority for films and books (US 555-01xx, Ofcom, BNetzA, ARCEP), or left out of the plan of numbers. `#` is a digit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    """`Name` or `名:latin`: as it is written, and as an address or a login name spells it."""
    pairs = (word.partition(":") for word in words.split())
    return tuple((written, latin or written) for written, _, latin in pairs)


@dataclass(frozen=True, slots=True)
class Locale:
    """One language's forms. Lengths of the tables of people are primes: whole names repeat late."""

    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    cities: tuple[str, ...]
    streets: tuple[str, ...]
    address: str
    """With `{street}` and `{number}`."""
    phones: tuple[str, ...]
    zips: tuple[str, ...]
    """`@` is a letter."""
    national_id: str
    """A pattern, or the name of a form with a check digit in `surrogates`."""
    iban: str
    """Country, and what follows the check number 00, which is never one."""
    brands: tuple[str, ...]
    nationalities: tuple[str, ...]
    organisations: dict[str, str]
    """Kind → how one is called, with `{name}` (a place and a brand) or `{city}` alone."""
    family_first: bool = False
    between: str = " "
    """Between the parts of a name, and between a place and a brand."""


_GIVEN: Final = _pairs(
    "Ada Alice Amir Anders Anita Bella Boris Carla Cedric Clara Daniel Dora Elena Elias Emma Erik Farah Felix Fiona Gavin "
    "Greta Hana Hugo Ines Ivan Jana Jonas Julia Karim Katya Lara Leo Lina Lucas Maja Marco Maria Mateo Mira Nadia Nils Nora "
    "Oliver Olga Oscar Paula Peter Priya Quentin Rafael Rita Rosa Samir Selma Sofia Theo Tomas Uma Vera Victor Zoe"
)
_FAMILY: Final = _pairs(
    "Abbott Adler Almeida Andersen Baker Bauer Bergman Blake Brandt Carter Castro Chandra Cohen Costa Dalton Dietrich Duarte "
    "Eriksen Farkas Ferrari Fischer Foster Garcia Gruber Haddad Hansen Hayes Holm Ibrahim Ivanov Jansen Jensen Kapoor Keller "
    "Kowalski Kumar Larsen Lehmann Lindgren Lopez Marino Martin Mercer Moreau Nakamura Novak Okafor Olsen Parker Petrov "
    "Quinn Ramos Reyes Rossi Sanders Schmid Silva Sorensen Tanaka Turner Ueda Vargas Vogel Walker Weber Young Zimmer"
)
_CITIES: Final = tuple(
    "Ashford Brookfield Clayton Dover Easton Fairview Georgetown Greenville Hudson Kingston Lakewood Madison Milton Newport "
    "Oakland Oxford Riverside Salem Springfield Winchester".split()
)
_BRANDS: Final = tuple(
    "Aldermere Brightwell Calderton Dunmoor Elmhurst Farrowgate Glenholt Harrowby Ironbridge Kestrelworth Larkmead Moorvale "
    "Northgale Pellbrook Ravensholt Stonemere Thornfell".split()
)
_TREES: Final = "Maple Oak Cedar Elm Pine Walnut Chestnut Willow Birch Juniper Hawthorn Laurel".split()

ENGLISH: Final = Locale(
    given=_GIVEN,
    family=_FAMILY,
    cities=_CITIES,
    streets=tuple(f"{tree} {kind}" for kind in ("Street", "Avenue", "Lane") for tree in _TREES),
    address="{number} {street}",
    phones=tuple(f"{area}-555-01##" for area in (212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808)),
    zips=("694##", "695##", "696##", "697##", "698##", "699##"),
    national_id="ssn",
    iban="DE00##################",
    brands=_BRANDS,
    nationalities=tuple("Norwegian Chilean Kenyan Irish Vietnamese Canadian Greek Ghanaian Peruvian Finnish Nepalese".split()),
    organisations={
        "company": "{name} Ltd", "bank": "{name} Bank", "insurer": "{name} Insurance", "airline": "{name} Airways",
        "hotel": "{name} Hotel", "hospital": "{name} Hospital", "school": "{name} University", "shop": "{name} Stores",
        "restaurant": "{name} Kitchen", "lawyers": "{name} Law", "authority": "{city} County Office",
    },
)  # fmt: skip
BRITISH: Final = Locale(
    given=_GIVEN,
    family=_FAMILY,
    cities=_CITIES,
    streets=tuple(f"{tree} {kind}" for kind in ("Road", "Close", "Lane") for tree in _TREES),
    address="{number} {street}",
    phones=("07700 900###", "020 7946 0###", "0161 496 0###", "0113 496 0###"),
    zips=("ZZ1# #@@", "ZZ2# #@@"),
    national_id="ZZ######A",
    iban="GB00ZZZZ##############",
    brands=_BRANDS,
    nationalities=ENGLISH.nationalities,
    organisations={**ENGLISH.organisations, "authority": "{city} Borough Council"},
)
GERMAN: Final = Locale(
    given=_pairs("Anna Bernd Carla Dirk Elke Frank Greta Heike Ingo Jana Jonas Karin Klara Lars Lena Markus Nele Oskar Petra Ralf Sabine Silke Timo Ulrike Uwe Vera Volker Wiebke Yvonne"),
    family=_pairs("Ackermann Albrecht Arnold Becker Brandt Busch Dietrich Engel Falk Frank Graf Haas Hartmann Jung Kaiser Keller Krämer:Kraemer Lorenz Ludwig Maurer Neumann Otto Pohl Roth Sauer Seidel Simon Vogel Voigt Wagner Winkler"),
    cities=tuple("Altenau Buchfelde Eichwalde Grünhausen Lindental Neuburgdorf Rosenau Steinbeck Tannwald Weidenbach Ahornstadt".split()),
    streets=tuple(f"{tree}{kind}" for kind in ("straße", "weg", "allee") for tree in "Ahorn Birken Buchen Eichen Erlen Kastanien Linden Rosen Tannen Ulmen Wiesen".split()),
    address="{street} {number}",
    phones=("030 23125###", "040 66969###", "069 90009###", "089 99998###", "0221 4710###"),
    zips=("62###",),
    national_id="0##########",
    iban="DE00##################",
    brands=tuple("Ahrenholt Brückfeld Dornbusch Eschenau Falkental Greifenau Hainbuch Kranichhof Lerchenau Mühlfeld Nordhain".split()),
    nationalities=tuple("norwegisch chilenisch kenianisch irisch vietnamesisch kanadisch griechisch ghanaisch peruanisch finnisch nepalesisch".split()),
    organisations={
        "company": "{name} GmbH", "bank": "Bank {name}", "insurer": "{name} Versicherung", "airline": "{name} Air", "hotel": "Hotel {name}",
        "hospital": "Klinikum {name}", "school": "Hochschule {name}", "shop": "Kaufhaus {name}", "restaurant": "Gasthaus {name}",
        "lawyers": "Kanzlei {name}", "authority": "Landratsamt {city}",
    },
)  # fmt: skip
FRENCH: Final = Locale(
    given=_pairs("Adèle:Adele Alice Antoine Benoît:Benoit Camille Chloé:Chloe Claire Denis Élodie:Elodie Émile:Emile Fabien Gaëlle:Gaelle Hugo Inès:Ines Julien Léa:Lea Louis Manon Mathilde Nicolas Noémie:Noemie Paul Romain"),
    family=_pairs("Aubert Bailly Barbier Blanchard Bouvier Carpentier Chevalier Collet Delattre Dupuis Faure Fontaine Gaillard Girard Lacroix Leclerc Lemoine Marchand Meunier Moreau Perrin Renaud Rousseau Roy Simon Tessier Valentin Vasseur Vidal"),
    cities=tuple("Beaulieu Clairmont Fontbelle Grandval Montclair Rivebelle Rochefleur Saint-Aubin Valbonne Villeneuve Boisjoli".split()),
    streets=tuple(f"{kind} {tree}" for kind in ("rue", "avenue", "allée") for tree in ("des Érables", "des Tilleuls", "des Chênes", "des Lilas", "des Platanes", "des Peupliers", "des Noyers", "du Moulin", "de la Fontaine", "des Acacias", "des Saules")),
    address="{number} {street}",
    phones=("01 99 00 ## ##", "02 61 91 ## ##", "03 53 01 ## ##", "04 65 71 ## ##", "05 36 49 ## ##", "06 39 98 ## ##"),
    zips=("96###",),
    national_id="9##############",
    iban="FR00#######################",
    brands=tuple("Aubrelac Belcastel Cendrière Duvalmont Échalier Fontrive Garennes Hautbois Lanterne Merlière Orvalon".split()),
    nationalities=tuple("norvégienne chilienne kényane irlandaise vietnamienne canadienne grecque ghanéenne péruvienne finlandaise népalaise".split()),
    organisations={
        "company": "{name} SARL", "bank": "Banque {name}", "insurer": "Assurances {name}", "airline": "{name} Air", "hotel": "Hôtel {name}",
        "hospital": "Hôpital de {name}", "school": "Université de {name}", "shop": "Magasins {name}", "restaurant": "Auberge {name}",
        "lawyers": "Cabinet {name}", "authority": "Préfecture de {city}",
    },
)  # fmt: skip
SPANISH: Final = Locale(
    given=_pairs("Adriana Alba Álvaro:Alvaro Andrés:Andres Beatriz Carmen Clara Daniel Elena Emilio Esteban Gloria Héctor:Hector Inés:Ines Irene Javier Laura Lucía:Lucia Manuel Marta Nuria Óscar:Oscar Raquel"),
    family=_pairs("Aguilar Alonso Blanco Cabrera Calvo Campos Castillo Delgado Díaz:Diaz Domínguez:Dominguez Fuentes Gallego Herrera Iglesias León:Leon Lozano Marín:Marin Medina Molina Navarro Ortega Pascual Peña:Pena Prieto Ramos Rubio Santos Serrano Soto Vega Vidal"),
    cities=tuple("Aldeanueva Buenavista Fuenteclara Montealto Peñablanca Riosol Valdeflores Villaclara Puertomar Sierraluz Campoverde".split()),
    streets=tuple(f"calle {tree}" for tree in ("de los Arces", "de los Olmos", "del Roble", "de los Pinos", "del Molino", "de la Fuente", "de los Tilos", "del Prado", "de las Acacias", "de los Álamos", "del Nogal")),
    address="{street}, {number}",
    phones=("550 ### ###", "551 ### ###"),
    zips=("60###",),
    national_id="########I",
    iban="ES00####################",
    brands=tuple("Alcorán Brisamar Castroluz Doramar Encinar Florenta Granal Hispalia Lumarte Nebrina Oropal".split()),
    nationalities=tuple("noruega chilena keniana irlandesa vietnamita canadiense griega ghanesa peruana finlandesa nepalí".split()),
    organisations={
        "company": "{name} S.L.", "bank": "Banco {name}", "insurer": "Seguros {name}", "airline": "Aerolíneas {name}", "hotel": "Hotel {name}",
        "hospital": "Hospital de {name}", "school": "Universidad de {name}", "shop": "Almacenes {name}", "restaurant": "Mesón {name}",
        "lawyers": "Bufete {name}", "authority": "Ayuntamiento de {city}",
    },
)  # fmt: skip
PORTUGUESE: Final = Locale(
    given=_pairs("Afonso Alice Ana André:Andre Beatriz Bruno Camila Carolina Diogo Duarte Eduarda Filipa Gonçalo:Goncalo Helena Inês:Ines João:Joao Leonor Luís:Luis Mariana Marta Nuno Rafael Tiago"),
    family=_pairs("Almeida Araújo:Araujo Azevedo Barbosa Barros Batista Cardoso Carneiro Coelho Correia Cunha Esteves Faria Figueiredo Fonseca Freitas Leite Lourenço:Lourenco Macedo Machado Magalhães:Magalhaes Matos Moreira Neves Nogueira Pinheiro Pinto Ramos Teixeira"),
    cities=tuple("Aldeia-Nova Boavista Campo-Claro Fontenova Monte-Alto Ribeira-Verde Serra-Branca Vale-Formoso Vila-Clara Porto-Sereno Lagoa-Fria".split()),
    streets=tuple(f"rua {tree}" for tree in ("das Oliveiras", "dos Pinheiros", "do Carvalho", "das Acácias", "da Fonte", "do Moinho", "das Flores", "dos Plátanos", "da Ribeira", "das Tílias", "do Olival")),
    address="{street}, {number}",
    phones=("950 ### ###", "951 ### ###"),
    zips=("0###-###",),
    national_id="0########",
    iban="PT00#####################",
    brands=tuple("Alvorela Brisanova Carvalhal Douravista Estrelor Fontal Garcenal Lusomar Marvila Novaterra Olivande".split()),
    nationalities=tuple("norueguesa chilena queniana irlandesa vietnamita canadiana grega ganesa peruana finlandesa nepalesa".split()),
    organisations={
        "company": "{name} Lda", "bank": "Banco {name}", "insurer": "Seguros {name}", "airline": "Linhas Aéreas {name}", "hotel": "Hotel {name}",
        "hospital": "Hospital de {name}", "school": "Universidade de {name}", "shop": "Armazéns {name}", "restaurant": "Tasca {name}",
        "lawyers": "Escritório {name}", "authority": "Câmara Municipal de {city}",
    },
)  # fmt: skip
JAPANESE: Final = Locale(
    given=_pairs("陽菜:hina 結衣:yui 美咲:misaki 葵:aoi 彩香:ayaka 真由:mayu 桜:sakura 直子:naoko 恵:megumi 大輔:daisuke 健太:kenta 翔:sho 拓也:takuya 蓮:ren 悠斗:yuto 和也:kazuya 誠:makoto 浩二:koji 亮:ryo"),
    family=_pairs("佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 山本:yamamoto 中村:nakamura 小林:kobayashi 加藤:kato 吉田:yoshida 山田:yamada 松本:matsumoto 井上:inoue 木村:kimura 清水:shimizu 森:mori"),
    cities=tuple("青葉市 若葉市 緑川市 白浜市 桜台市 星野市 風見市 朝日野市 月島市 泉ヶ丘市 霧島台市".split()),
    streets=tuple(f"{name}町" for name in "青葉 若葉 桜 緑 泉 朝日 旭 栄 幸 本 元".split()),
    address="{street}{number}番地",
    phones=("090-0###-####", "080-0###-####"),
    zips=("000-####",),
    national_id="my number",
    iban="DE00##################",
    brands=tuple("青空 若草 白樺 銀河 東雲 明星 清流 瑞穂 朝霧 千草 紅葉".split()),
    nationalities=tuple("ノルウェー チリ ケニア アイルランド ベトナム カナダ ギリシャ ガーナ ペルー フィンランド ネパール".split()),
    organisations={
        "company": "{name}株式会社", "bank": "{name}銀行", "insurer": "{name}保険", "airline": "{name}航空", "hotel": "ホテル{name}",
        "hospital": "{name}病院", "school": "{name}大学", "shop": "{name}百貨店", "restaurant": "{name}食堂", "lawyers": "{name}法律事務所",
        "authority": "{city}役所",
    },
    family_first=True,
    between="",
)  # fmt: skip
CHINESE: Final = Locale(
    given=_pairs("伟:wei 芳:fang 娜:na 敏:min 静:jing 丽:li 强:qiang 磊:lei 洋:yang 艳:yan 勇:yong 军:jun 杰:jie 娟:juan 涛:tao 明:ming 超:chao 秀兰:xiulan 霞:xia 平:ping 刚:gang 桂英:guiying 志强:zhiqiang 建国:jianguo 雨桐:yutong 子轩:zixuan 浩然:haoran 欣怡:xinyi 梓涵:zihan"),
    family=_pairs("王:wang 李:li 张:zhang 刘:liu 陈:chen 杨:yang 黄:huang 赵:zhao 周:zhou 吴:wu 徐:xu 孙:sun 马:ma 朱:zhu 胡:hu 郭:guo 何:he 高:gao 林:lin 罗:luo 郑:zheng 梁:liang 谢:xie"),
    cities=tuple("青云 长河 东山 南湖 西岭 北川 明水 清泉 安平 永宁".split()),
    streets=tuple("人民路 中山路 解放路 建设路 和平路 文化路 新华路 胜利路".split()),
    address="{street}{number}号",
    phones=("154########",),
    zips=("98####",),
    national_id="resident",
    iban="DE00##################",
    brands=tuple("恒远 瑞丰 华盛 嘉禾 鼎新 宏图 泰和 锦程 盛景 朗悦 昌达".split()),
    nationalities=tuple("挪威 智利 肯尼亚 爱尔兰 越南 加拿大 希腊 加纳 秘鲁 芬兰 尼泊尔".split()),
    organisations={
        "company": "{name}有限公司", "bank": "{name}银行", "insurer": "{name}保险公司", "airline": "{name}航空公司", "hotel": "{name}酒店",
        "hospital": "{name}医院", "school": "{name}大学", "shop": "{name}商场", "restaurant": "{name}饭店", "lawyers": "{name}律师事务所",
        "authority": "{city}市管理局",
    },
    family_first=True,
    between="",
)  # fmt: skip

LOCALES: Final[dict[str, Locale]] = {
    "en": ENGLISH,
    "en-GB": BRITISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "ja": JAPANESE,
    "zh": CHINESE,
}
"""By the code of the language (ISO 639-1)."""

KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(
        "ORGANIZATION ORGANISATION ORG COMPANY CUSTOMER CLIENT VENDOR SUPPLIER PARTNER EMPLOYER BUSINESS MERCHANT COMPETITOR".split(), "company"
    ),
    "BANK": "bank",
    **dict.fromkeys(("INSURER", "INSURANCE"), "insurer"),
    "AIRLINE": "airline",
    "HOTEL": "hotel",
    **dict.fromkeys(("HOSPITAL", "CLINIC"), "hospital"),
    **dict.fromkeys(("UNIVERSITY", "SCHOOL", "COLLEGE"), "school"),
    **dict.fromkeys(("SHOP", "STORE", "RETAILER"), "shop"),
    "RESTAURANT": "restaurant",
    **dict.fromkeys(("LAW_FIRM", "LAWYERS"), "lawyers"),
    **dict.fromkeys(("AUTHORITY", "AGENCY", "GOVERNMENT"), "authority"),
}  # fmt: skip
"""What a policy's `vocabulary` calls organisations → their kind."""
