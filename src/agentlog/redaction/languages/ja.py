"""Japanese. Names are told by a title behind them, a cue before them, or a known family name where the cue is weak."""

# ruff: noqa: RUF001 - Japanese punctuation is what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.languages.checks import japanese_individual
from agentlog.redaction.languages.table import IdNumber, Language

_FAMILIES: Final = frozenset(
    """佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 斉藤 齋藤 齊藤 清水 山崎 森 池田 橋本 阿部 石川
    山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 中野 三浦 原田 中川 松田 竹内 小野 田村 中山
    和田 石田 森田 上田 原 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 工藤 今井 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口
    武田 松井 千葉 岩崎 菅原 木下 久保 佐野 野村 松尾 市川 菊地 菊池 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 山内 西田 飯田 西川 小松 北村 安田 五十嵐
    川口 平田 関 中田 久保田 服部 東 岩田 土屋 川崎 福島 本田 辻 樋口 秋山 田口 永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 星野 矢野 浅野 大久保
    吉岡 小池 野田 荒木 熊谷 松浦 大谷 内藤 黒田 尾崎 川村 永田 望月 松村 田辺 荒井 堀 平井 大島 西山 早川 栗原 広瀬 横田 石橋 岩本 萩原 片山 関口 宮田
    大石 本間 高山 須藤 岡崎 小田 吉野 伊東 鎌田 上原 小西 篠原 中井 松原 福井 古賀 大川 成田 南 奥村 内山 児玉 小沢 桑原 川島 松下 富田 片岡 小原 杉浦
    沢田 向井 榎本 落合 神田 三宅 堀内 坂口 白石 宮下 黒木 大山 津田 根本 青山 米田 東海林 澤田 髙橋 濱田 相馬 東野 豊田 神谷 竹田 牧野 河合 堀田 小泉""".split()
)
_KANJI: Final = "[\u4e00-\u9fff々ヶ]"
_ENDS: Final = (
    r"(?:です|でし|でご|と申|と言|とい[いう]|と名|さん|さま|ちゃん|くん|の|は|が|を|に|へ|で|も|から|まで|より|宛|だ|様|氏|君|殿|先生|名義|"
    r"[^\u3041-\u30ff\u4e00-\u9fff々A-Za-z]|\Z)"
)
_GIVEN: Final = rf"(?:{_KANJI}{{1,3}}|(?!(?:です|でし|と申|さん|さま|の|は|が|を|に|で|も){_KANJI}?)[\u3041-\u309f]{{2,4}}?(?={_ENDS})|[\u3041-\u309f]{{1,3}}[子美代江恵]|[\u30a1-\u30fa]{{2,6}})"
_NAME: Final = re.compile(
    rf"{_KANJI}{{1,5}}[ \u3000]{_GIVEN}|{_KANJI}{{1,4}}[\u3041-\u309f]{{1,3}}[子美代江恵](?={_ENDS})|{_KANJI}{{1,6}}(?!{_ENDS})[\u3041-\u309f]{{2,4}}?(?={_ENDS})|{_KANJI}{{2,6}}(?![\u30a1-\u30fa])"
    rf"|[\u30a1-\u30faー]{{2,10}}(?:[・ \u3000=＝][\u30a1-\u30faー]{{2,10}}){{0,2}}|{_KANJI}"
)
_TITLES: Final = re.compile("様(?!子|々|式|態)|さん(?!ざん|か|で)|さま(?!ざま)|ちゃん|くん|殿(?!下)|氏(?!名)|先生")
_POSTS: Final = re.compile(
    "部長|課長|係長|社長|専務|常務|主任|店長|院長|所長|室長|教授|講師|医師|看護師|弁護士|税理士|会計士|選手|議員|刑事|機長|次長|支店長|会長|校長|君"
)
_NAME_BEFORE: Final = re.compile(
    rf"(?:{_KANJI}{{1,5}}[ \u3000]?(?:{_KANJI}{{1,3}}|[\u3041-\u309f]{{2,4}}|[\u3041-\u309f]{{1,3}}[子美代江恵]|[\u30a1-\u30fa]{{2,6}})?|[\u30a1-\u30faー]{{2,10}}(?:[・ \u3000][\u30a1-\u30faー]{{2,10}})?)\Z"
)
_STARTS: Final = re.compile(
    "患者|担当|担当者|社員|会員|主治医|顧客|夫|妻|息子|娘|父|母|兄|弟|姉|妹|同僚|友人|受取人|契約者|申込者|代表|利用者|乗客|現在|本日|昨日|先日|"
    "営業部|人事部|総務部|経理部|開発部|営業|人事|総務|経理|内科|外科|小児科|眼科|弊社|当社"
)
_NO_NAMES: Final = frozenset(
    """客 皆 奥 神 王 仏 殿 各位 皆々 子 母 父 兄 姉 弟 妹 孫 嫁 叔父 叔母 伯父 伯母 祖父 祖母 親 患者 利用者 担当者 担当 会員 契約者 申込者 被保険者 店員 職員 社員 従業員
    業者 大家 同 両 貴 何 誰 医者 看護師 主治医 学生 生徒 息子 娘 旦那 隣 関係者 参加者 保護者 管理者 責任者 購入者 受取人 代表者 所有者 運転手 お客 御 家族 氏名 名前
    名義 必須 不明 未定 任意 以下 下記 上記 本人 変更 確認 登録 入力 次 別 上 下 今 前 後 人 株主 取引先 得意先 消費者 読者 視聴者 乗客 旅行者 学者 記者 弁護士""".split()
)
_BEFORE: Final = re.compile(
    "(?:氏名|お名前|名前|ご芳名|お客様名|顧客名|契約者名|担当者名|口座名義人?|名義人?|フルネーム|宛名|受取人名?|申込者名?|搭乗者名?|搭乗者|乗客名?|宿泊者名?|契約者|申込者|"
    "代表者名?|責任者|担当者|担当|患者名?|患者|被保険者|利用者名?|予約者名?|予約者|差出人|連絡先氏名|緊急連絡先|保護者|社員名?|従業員名?|会員名?|予約|"
    "私|わたくし|わたし|夫|妻|主人|息子|娘|長男|長女|次男|次女|父|母|兄|弟|姉|妹|友人|同僚|上司|部下|弊社|当社|社員|本人)"
    '[ \u3000]?(?:[：:][ \u3000]?(?:妹|弟|姉|兄|妻|夫|父|母|娘|息子)?の?|は、?|が|の|、|["“「『]:? ?["“「『]?)[ \u3000]?(?:名前は)?'
)
_STRONG: Final = re.compile('[：:「"]')
_CALLED: Final = re.compile("と申します|と申し|と言います|といいます|という者|の名前で|の名義で|名義で|宛に|宛で")
_CLOSING: Final = re.compile(
    "(?:お願い(?:いた|致)?し(?:ます|申し上げます)|敬具|草々|以上|かしこ|失礼いたします|失礼します)[。．]?[ \u3000]{0,4}\n{1,3}[ \u3000]{0,8}"
)


def find_japanese(text: str) -> Iterator[Finding]:
    """Names in a Japanese text."""
    for pattern, post in ((_TITLES, False), (_POSTS, True)):
        for title in pattern.finditer(text):
            yield from _named(text, title.start(), known=post)
    for cue in _CALLED.finditer(text):
        yield from _named(text, cue.start(), known=cue.group().startswith(("の", "名", "宛")))
    for cue in _BEFORE.finditer(text):
        match = _NAME.match(text, cue.end())
        if match is not None and _likely(match.group(), sure=_STRONG.search(cue.group()) is not None):
            yield Finding(*match.span(), PERSON)
            yield from _listed(text, match.end())
    for cue in _CLOSING.finditer(text):
        match = _NAME.match(text, cue.end())
        if (
            match is not None
            and text[match.end() : match.end() + 1] in ("", "\n")
            and _likely(match.group(), sure=True)
        ):
            yield Finding(*match.span(), PERSON)


def _listed(text: str, end: int) -> Iterator[Finding]:
    """More names in a list, each with a known family name: `、` between them."""
    for _ in range(8):
        match = _NAME.match(text, end + 1) if text[end : end + 1] in ("、", "，", "・", "と") else None
        if match is None or not _likely(match.group(), sure=False):
            return
        yield Finding(*match.span(), PERSON)
        end = match.end()


def _likely(name: str, sure: bool) -> bool:
    """Whether this may be a name; `sure`: the cue leaves little doubt, so that the family name may be a rare one."""
    if name in _NO_NAMES or name[:2] in _NO_NAMES:
        return False
    family = re.split("[ \u3000・]", name)
    if any(name.startswith(known) for known in (name[:3], name[:2], name[:1]) if known in _FAMILIES):
        return True
    if not sure:
        return len(family) == 2 and len(family[0]) <= 3
    return len(family) > 1 or 2 <= len(name) <= 6


def _named(text: str, end: int, known: bool) -> Iterator[Finding]:
    """The name right before `end`; `known`: only with a known family name."""
    window = max(0, end - 12)
    match = _NAME_BEFORE.search(text[window:end])
    if match is None:
        return
    start = window + match.start()
    lead = _STARTS.match(text, start, end)
    if lead is not None and lead.end() < end:
        start = lead.end()
    while text[start : start + 1] in (" ", "\u3000"):
        start += 1
    name = text[start:end]
    if not name or name in _NO_NAMES or name[-1] in "者員客" or (len(name) == 1 and name not in _FAMILIES):
        return
    if known and not any(name.startswith(part) for part in (name[:3], name[:2], name[:1]) if part in _FAMILIES):
        return
    yield Finding(start, end, PERSON)


_REGION: Final = r"(?:東京都|北海道|大阪府|京都府|(?:神奈川|和歌山|鹿児島|[\u4e00-\u9fff]{2})県)"
_CITY: Final = r"(?:[\u4e00-\u9fff々ヶケ]{1,5}?|[\u3041-\u309f]{2,6}|[\u4e00-\u9fff][\u3041-\u309f]{1,3}[\u4e00-\u9fff]?)(?:市|区|郡|町|村)"
_TOWN: Final = r"[\uff21-\uff3a\u4e00-\u9fff\u3041-\u309f\u30a1-\u30fa々ヶー]{0,12}?"
_BLOCK: Final = r"[ \u3000]?[0-9０-９一二三四五六七八九十]{1,4}(?:丁目|番地|番|号|[-－ー‐−–の])(?:[0-9０-９]{1,4}(?:番地|番|号|[-－ー‐−–の])?){0,4}"
_BUILDING: Final = r"(?:[ \u3000]?(?:[\u30a1-\u30faー・A-Za-z]{2,20}[ \u3000]?)?[\u4e00-\u9fff\u30a1-\u30faーA-Za-z]{0,12}?[0-9０-９]{1,4}(?:号室|号|階|F|号棟))?"

JAPANESE: Final = Language(
    "ja",
    script="[\u3041-\u30ff々込働峠畑辻円駅県気広図対発売読変検様歳経済沢浜桜権価仮応拡払労実総険届]|氏名|番号|丁目|番地|担当|住所|会社|東京都|大阪府|京都府|北海道",
    more=find_japanese,
    phones="電話|電話番号|携帯|携帯電話|携帯番号|連絡先|お電話|ファックス|固定電話|自宅電話|勤務先電話|tel|fax",
    phone=r"(?<![0-9A-Za-z.-])(?:0[5789]0-?[0-9]{4}-?[0-9]{4}|0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{4}|\(0[1-9][0-9]{0,3}\) ?[0-9]{1,4}-[0-9]{4})(?![0-9A-Za-z-])",
    births="生年月日|生まれ|誕生日|出生|誕生|生",
    addresses="住所|現住所|居住地|届け先|送付先|お届け先|請求先|本籍|所在地",
    place=rf"(?:〒? ?[0-9]{{3}}-[0-9]{{4}}[ \u3000]{{0,2}})?(?:{_REGION}(?:{_CITY}){{0,3}}|(?:{_CITY}){{1,3}}){_TOWN}{_BLOCK}{_BUILDING}",
    postcodes="〒|郵便番号",
    postcode=r"[0-9]{3}-?[0-9]{4}(?![0-9-])",
    ids=(
        IdNumber(
            "マイナンバー|個人番号|マイナンバーカード",
            r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])",
            japanese_individual,
        ),
        IdNumber("パスポート|パスポート番号|旅券|旅券番号", r"[A-Z]{2}[0-9]{7}(?![0-9A-Za-z])"),
        IdNumber("在留カード|在留カード番号", r"[A-Z]{2}[0-9]{8}[A-Z]{2}(?![0-9A-Za-z])"),
        IdNumber("免許証|免許証番号|運転免許証|運転免許", r"[0-9]{12}(?![0-9])"),
        IdNumber("基礎年金番号|年金番号", r"[0-9]{4}-?[0-9]{6}(?![0-9])"),
        IdNumber("保険証|被保険者番号|保険者番号|保険証番号|診察券番号|雇用保険", r"[0-9]{6,11}(?![0-9])"),
    ),
)
"""The table of Japanese."""
