"""Japanese: addresses and numbers; names are found by `ja_names`."""

# ruff: noqa: RUF001 - Japanese punctuation is what is looked for

from __future__ import annotations

from typing import Final

from agentlog.redaction.entities import PAYMENT_ID
from agentlog.redaction.languages.checks import japanese_individual
from agentlog.redaction.languages.ja_names import find_names
from agentlog.redaction.languages.table import IdNumber, Language

_REGION: Final = r"(?:東京都|北海道|大阪府|京都府|(?:神奈川|和歌山|鹿児島|[\u4e00-\u9fff]{2})県)"
_CITY: Final = r"(?:[\u4e00-\u9fff々ヶケ](?:(?![市区郡町村])[\u4e00-\u9fff々ヶケ]){0,4}?|[\u3041-\u309f]{2,6}|[\u4e00-\u9fff][\u3041-\u309f]{1,3}[\u4e00-\u9fff]?)(?:市|区|郡|町|村)"
_TOWN: Final = r"[\uff21-\uff3a\u4e00-\u9fff\u3041-\u309f\u30a1-\u30fa々ヶー]{0,12}?"
_BLOCK: Final = r"[ \u3000]?[0-9０-９一二三四五六七八九十]{1,4}(?:丁目|番地|番|号|[-－ー‐−–の])(?:[0-9０-９]{1,4}(?:番地|番|号|[-－ー‐−–の])?){0,4}"
_BUILDING: Final = r"(?:[ \u3000]?(?:[\u30a1-\u30faー・A-Za-z]{2,20}[ \u3000]?)?[\u4e00-\u9fff\u30a1-\u30faーA-Za-z]{0,12}?[0-9０-９]{1,4}(?:号室|号|階|F|号棟)|[ \u3000](?:[\u30a1-\u30faー・]{2,20}|[\u4e00-\u9fff\u30a1-\u30faーA-Za-z]{2,14}(?:館|荘|棟|ビル|寮))[\u4e00-\u9fffA-Z]{0,6}[0-9０-９]{0,4}(?![0-9０-９年月日時分]))?"

_PLATE: Final = r"[\u4e00-\u9fff\u3041-\u309f]{1,4}[ \u3000]?[0-9]{2,3}[A-Z]?[ \u3000]?[\u3041-\u309f][ \u3000]?(?:[0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}|[・0-9]{4})(?![0-9])"


def _plate(value: str) -> bool:
    """Whether a license plate's shape is one: the office, the class, a kana and four places."""
    return value[0] not in "第約計"


JAPANESE: Final = Language(
    "ja",
    script="[\u3041-\u30ff々込働峠畑辻円駅県気広図対発売読変検様歳経済沢浜桜権価仮応拡払労実総険届]|氏名|番号|丁目|番地|担当|住所|会社|東京都|大阪府|京都府|北海道",
    more=find_names,
    phones="電話|電話番号|携帯|携帯電話|携帯番号|連絡先|お電話|ファックス|固定電話|自宅電話|勤務先電話|tel|fax",
    phone=r"(?<![0-9A-Za-z.-])(?:0[5789]0-?[0-9]{4}-?[0-9]{4}|0[1-9][0-9]{0,3}-[0-9]{1,4}-[0-9]{4}|\(0[1-9][0-9]{0,3}\) ?[0-9]{1,4}-[0-9]{4})(?![0-9A-Za-z-])",
    births="生年月日|生まれ|誕生日|出生|誕生|生",
    addresses="住所|現住所|居住地|届け先|送付先|お届け先|請求先|本籍|所在地",
    place=rf"(?:〒? ?[0-9]{{3}}-[0-9]{{4}}[ \u3000]{{0,2}})?(?:{_REGION}(?:{_CITY}){{0,3}}|(?:{_CITY}){{1,3}}){_TOWN}(?:[東西南北]?[0-9０-９一二三四五六七八九十]{{1,3}}条(?:通)?[東西南北]?)?{_BLOCK}{_BUILDING}",
    postcodes="〒|郵便番号",
    postcode=r"[0-9]{3}-?[0-9]{4}(?![0-9-])",
    ids=(
        IdNumber(
            "マイナンバー|個人番号|マイナンバーカード",
            r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])",
            japanese_individual,
        ),
        IdNumber("パスポート|パスポート番号|旅券|旅券番号", r"[A-Z]{1,2}[0-9]{7,8}[A-Z]?(?![0-9A-Za-z])"),
        IdNumber("在留カード|在留カード番号", r"[A-Z]{2}[0-9]{8}[A-Z]{2}(?![0-9A-Za-z])"),
        IdNumber("免許証|免許証番号|運転免許証|運転免許", r"[0-9]{12}(?![0-9])"),
        IdNumber("基礎年金番号|年金番号", r"[0-9]{4}-?[0-9]{6}(?![0-9])"),
        IdNumber(
            "保険証|被保険者番号|保険者番号|保険証番号|診察券番号|雇用保険|後期高齢者医療|介護保険",
            r"[0-9]{6,11}(?![0-9])",
        ),
        IdNumber("記号・番号|記号番号|保険証の記号|被保険者証", r"[0-9A-Z]{2,8}[-‐・ ][0-9]{1,8}(?![0-9])", near=8),
        IdNumber(
            "証券番号|保険証券番号|証券番号は|契約番号|約款番号|事故受付番号",
            r"(?=[A-Z]{0,4}[0-9]{4})[A-Z0-9]{6,16}(?![0-9A-Za-z])",
            near=6,
        ),
        IdNumber("車番|車両番号|ナンバー|登録番号|車のナンバー|ナンバープレート", _PLATE, near=8),
        IdNumber("車両|事故車両|乗用車", _PLATE, _plate, _PLATE, near=12),
        IdNumber(
            "カード番号|クレジットカード番号|クレジットカード|デビットカード|キャッシュカード",
            r"[0-9]{4}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{0,3}(?![0-9A-Za-z])",
            near=6,
            entity=PAYMENT_ID,
        ),
        IdNumber("口座番号|口座|普通預金|普通|当座", r"[0-9]{7,8}(?![0-9])", near=8, entity=PAYMENT_ID),
        IdNumber("記号", r"[0-9]{5}(?![0-9])", near=3, entity=PAYMENT_ID),
        IdNumber("番号", r"(?<=[0-9]番号)[0-9]{7,8}(?![0-9])", near=2, entity=PAYMENT_ID),
    ),
)
"""The table of Japanese."""
