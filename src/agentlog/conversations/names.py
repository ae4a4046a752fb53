"""Common names that belong to nobody in particular, for surrogates.

Lengths of the tables of people are primes, so that first and last names run out of step and whole names repeat late.
"""

from __future__ import annotations

from typing import Final

GIVEN: Final = tuple(
    "Ada Alice Amir Anders Anita Bella Boris Carla Cedric Clara Daniel Dora Elena Elias Emma Erik Farah Felix Fiona Gavin "
    "Greta Hana Hugo Ines Ivan Jana Jonas Julia Karim Katya Lara Leo Lina Lucas Maja Marco Maria Mateo Mira Nadia Nils Nora "
    "Oliver Olga Oscar Paula Peter Priya Quentin Rafael Rita Rosa Samir Selma Sofia Theo Tomas Uma Vera Victor Zoe".split()
)
FAMILY: Final = tuple(
    "Abbott Adler Almeida Andersen Baker Bauer Bergman Blake Brandt Carter Castro Chandra Cohen Costa Dalton Dietrich Duarte "
    "Eriksen Farkas Ferrari Fischer Foster Garcia Gruber Haddad Hansen Hayes Holm Ibrahim Ivanov Jansen Jensen Kapoor Keller "
    "Kowalski Kumar Larsen Lehmann Lindgren Lopez Marino Martin Mercer Moreau Nakamura Novak Okafor Olsen Parker Petrov "
    "Quinn Ramos Reyes Rossi Sanders Schmid Silva Sorensen Tanaka Turner Ueda Vargas Vogel Walker Weber Young Zimmer".split()
)
GIVEN_CHINESE: Final = tuple(
    "伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 志强 建国 雨桐 子轩 浩然 欣怡 梓涵".split()
)
FAMILY_CHINESE: Final = tuple("王 李 张 刘 陈 杨 黄 赵 周 吴 徐 孙 马 朱 胡 郭 何 高 林 罗 郑 梁 谢".split())
CITIES: Final = tuple(
    "Ashford Brookfield Clayton Dover Easton Fairview Georgetown Greenville Hudson Kingston Lakewood Madison Milton Newport "
    "Oakland Oxford Riverside Salem Springfield Winchester".split()
)
CITIES_CHINESE: Final = tuple("青云 长河 东山 南湖 西岭 北川 明水 清泉 安平 永宁".split())
STREETS: Final = tuple(
    f"{name} {kind}"
    for kind in ("Street", "Avenue", "Lane")
    for name in "Maple Oak Cedar Elm Pine Walnut Chestnut Willow Birch Juniper Hawthorn Laurel".split()
)
STREETS_CHINESE: Final = tuple("人民路 中山路 解放路 建设路 和平路 文化路 新华路 胜利路".split())
COMPANIES: Final = tuple(
    f"{name} {kind}"
    for kind in ("Ltd", "Group", "Partners")
    for name in "Aldermere Brightwell Calderton Dunmoor Elmhurst Farrowgate Glenholt Harrowby Ironbridge Kestrelworth".split()
)
TRADES_CHINESE: Final = tuple("科技 贸易 传媒 信息 物流 餐饮 教育 医药 建筑 电子".split())
AREA_CODES: Final = (212, 303, 312, 404, 415, 503, 512, 602, 617, 702, 713, 808)
