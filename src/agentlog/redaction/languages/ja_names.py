"""Names in a Japanese text: a title behind them, a cue before them, a line of a signature; where the cue is weak, a known family name."""

# ruff: noqa: RUF001 - Japanese punctuation is what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.languages.ja_words import FAMILIES, FOREIGN, GIVEN_ENDS, PLACES

_KANJI: Final = "[\u4e00-\u9fff々ヶ]"
_SURNAME: Final = rf"(?:{_KANJI}{{1,3}}[ノヶ之]{_KANJI}{{1,2}}|{_KANJI}{{1,5}})"
_KATAKANA: Final = "[\u30a1-\u30faー]"
_HIRAGANA: Final = "[\u3041-\u309f]"
_FOREIGN_NAME: Final = rf"{_KATAKANA}{{2,12}}(?:[・ \u3000=＝·]{{1,2}}{_KATAKANA}{{1,12}}){{1,4}}"
_LATIN_NAME: Final = r"[A-Z][A-Za-z'’-]{1,24}(?:[ ,]{1,2}[A-Z][A-Za-z.'’-]{0,24}){1,3}"
_ENDS: Final = (
    r"(?:です|でし|でご|と申|と言|とい[いう]|と名|さん|さま|ちゃん|くん|の|は|が|を|に|へ|で|も|から|まで|より|宛|だ|様|氏|君|殿|先生|名義|"
    r"[^\u3041-\u30ff\u4e00-\u9fff々A-Za-z]|\Z)"
)
_GIVEN: Final = rf"(?:{_KANJI}{{1,3}}|(?!(?:です|でし|と申|さん|さま|の|は|が|を|に|で|も){_KANJI}?)[\u3041-\u309f]{{2,4}}?(?={_ENDS})|[\u3041-\u309f]{{1,3}}[子美代江恵]|[\u30a1-\u30fa]{{2,6}})"
_NAME: Final = re.compile(
    rf"{_SURNAME}[ \u3000]{_GIVEN}|{_KANJI}{{1,4}}[\u3041-\u309f]{{1,3}}[子美代江恵](?={_ENDS})|{_KANJI}{{1,6}}(?!{_ENDS})[\u3041-\u309f]{{2,4}}?(?={_ENDS})"
    rf"|{_KANJI}{{1,3}}[ノ之]{_KANJI}{{1,4}}|{_KANJI}{{2,6}}(?![\u30a1-\u30fa])|{_FOREIGN_NAME}|{_KATAKANA}{{2,10}}|{_HIRAGANA}{{2,5}}[ \u3000]{_HIRAGANA}{{2,5}}(?={_ENDS})|{_LATIN_NAME}|{_KANJI}"
)
_TITLE: Final = (
    "(?:様(?!子|々|式|態|相)|さん(?!ざん|か(?![らなと])|でん)|さま(?!ざま)|ちゃん|くん|殿(?!下)|氏(?!名)|先生)"
)
_TITLES: Final = re.compile(rf"{_TITLE}++")
"""A title, and others right behind it, which say no more."""
_POSTS: Final = re.compile(
    "部長|課長|係長|社長|専務|常務|主任|店長|院長|所長|室長|教授|講師|医師|看護師|弁護士|税理士|会計士|選手|議員|刑事|機長|次長|支店長|会長|校長|園長|学長|局長|工場長|班長|隊長|"
    "取締役|監査役|理事|理事長|主査|主事|参事|部長代理|課長代理|助教|准教授|司法書士|行政書士|薬剤師|警部|巡査|コーチ|監督|マネージャー|リーダー|君"
)
_DEPARTMENTS: Final = frozenset(
    """営業 人事 総務 経理 開発 財務 法務 技術 製造 品質 購買 企画 広報 宣伝 販売 物流 情報 研究 管理 業務 生産 資材 監査 国際 海外 秘書 社会 事業 本部 支社 支店 新任 前任 後任 現任 歴代 直属
    担当 所属 当該 各部 部署 副部 統括 執行 代表 専任 常任 名誉 主治 担任 産業 当直 専門 内科 外科 小児 眼科 麻酔 救急 看護 病棟 医局 外来 公認 認定 顧問 国選 私選 代理 男性 女性 若手 元 前 新 現 副 両 各 同 弊社 当社 御社 貴社 他社 自社
    出版 会社 銀行 大学 病院 学校 工場 店舗 区 市 県 町 村 消費 生活 環境 教育 福祉 税務 警察 消防 市民 住民 戸籍 都市 建設 土木 水道 農林 商工 観光 文化 健康 保健 保険 年金 介護 障害 子育 子供 高齢 地域 防災 危機 契約 会計 用度 庶務 人権 労務
    客員 非常 特任 准 助 名 主席 首席 上席 上級 一等 二等 副社 元社 新社 取締 役員 社外 独立 筆頭 実行 執行役 最高 野球 有名 人気 日本 代表取締役""".split()
)
_NAME_BEFORE: Final = re.compile(
    rf"(?:{_FOREIGN_NAME}|{_KATAKANA}{{1,3}}・{_KATAKANA}{{1,12}}(?:・{_KATAKANA}{{1,12}}){{0,3}}|{_SURNAME}[ \u3000]{{0,2}}(?:{_KANJI}{{1,3}}|[\u3041-\u309f]{{2,4}}|[\u3041-\u309f]{{1,3}}[子美代江恵]|[\u30a1-\u30fa]{{2,6}})?"
    rf"|{_KATAKANA}{{2,10}}|{_LATIN_NAME})[ \u3000]?\Z"
)
_STARTS: Final = re.compile(
    "患者|担当者|担当|社員|会員|主治医|顧客|夫|妻|息子|娘|父|母|兄|弟|姉|妹|同僚|友人|受取人|契約者|申込者|代表|利用者|乗客|現在|本日|昨日|先日|今日|明日|毎週|月曜日?|火曜日?|水曜日?|木曜日?|金曜日?|土曜日?|日曜日?|"
    "営業部|人事部|総務部|経理部|開発部|[\u4e00-\u9fff]{2,4}(?:部|課|室|係)(?=[ \u3000])|営業|人事|総務|経理|内科|外科|小児科|眼科|弊社|当社|宛名|送付先|氏名|名前"
)
_NO_NAMES: Final = frozenset(
    """客 皆 奥 神 王 仏 殿 各位 皆々 子 母 父 兄 姉 弟 妹 孫 嫁 叔父 叔母 伯父 伯母 祖父 祖母 親 患者 利用者 担当者 担当 会員 契約者 申込者 被保険者 店員 職員 社員 従業員
    業者 大家 同 両 貴 何 誰 医者 看護師 主治医 学生 生徒 息子 娘 旦那 隣 関係者 参加者 保護者 管理者 責任者 購入者 受取人 代表者 所有者 運転手 お客 御 家族 氏名 名前
    名義 必須 不明 未定 任意 以下 下記 上記 本人 変更 確認 登録 入力 次 別 上 下 今 前 後 人 株主 取引先 得意先 消費者 読者 視聴者 乗客 旅行者 学者 記者 弁護士 患者数 全員 各自 一同 数 名
    店舗 会社 営業 部署 商品 番号 住所 電話 連絡 予約 注文 配送 営業部 人事部 総務部 経理部 開発部 情報 自動 無料 有料 必要 可能 不要 未入力 未登録 新規 既存 一般 法人 個人 匿名 なし""".split()
)
_CUES: Final = (
    "(?:氏名|お名前|名前|ご芳名|お客様名|顧客名|契約者名|担当者名|口座名義人?|名義人?|名義|フルネーム|宛名|受取人名?|申込者名?|搭乗者名?|搭乗者|乗客名?|宿泊者名?|契約者|申込者|"
    "代表者名?|責任者|担当者|担当|患者名?|患者|被保険者|利用者名?|予約者名?|予約者|差出人|連絡先氏名|緊急連絡先|保護者|社員名?|従業員名?|会員名?|予約|ゲスト名?|お客様氏名|参加者名?|"
    "受講者名?|応募者名?|求職者|候補者|面談希望者|申請者名?|届出人|世帯主|筆頭者|保証人|連帯保証人|債務者|債権者|借主|貸主|買主|売主|入居者|賃借人|所有者|名義者|使用者|運転者名?|運転者|ドライバー|"
    "加害者|被害者|目撃者|容疑者|被告人?|原告|証人|相続人|被相続人|後見人|代理人|依頼者|依頼人|通報者|来訪者|来客|講師名?|医師名?|主治医|看護師|執刀医|介護者|配偶者|キーパーソン|"
    "代表取締役(?:社長|会長)?|取締役|監査役|理事長?|支配人|店長|社長|部長|課長|係長|主任|所長|院長|校長|事務局長|総務|受付|作成者|承認者|報告者|記入者|発注者|受注者|送り主|贈り主|"
    "私|わたくし|わたし|夫|妻|主人|息子|娘|長男|長女|次男|次女|三男|三女|父|母|兄|弟|姉|妹|祖父|祖母|孫|義父|義母|叔父|叔母|友人|同僚|上司|部下|弊社|当社|社員|本人|後任|前任|オペレーター|通訳)"
)
_BEFORE: Final = re.compile(
    rf'{_CUES}(?:[（(][^（）()\n]{{1,8}}[）)])?[ \u3000]{{0,2}}(?:[：:][ \u3000]?(?:妹|弟|姉|兄|妻|夫|父|母|娘|息子)?の?|は、?|が|の|、|[をは]?["“「『]:? ?["“「『]?)[ \u3000]?(?:名前は)?["「『]?'
)
_NO_END: Final = frozenset("部課室店社名額率表先線格号日時係局所費数量")
"""Lines of a table end so: `商品名 価格`."""
_BLANKS: Final = (" ", "\u3000")
_STRONG: Final = re.compile('[：:「"]')
_DIRECT: Final = re.compile(
    "(?:患者|主治医|担当医|担当|被保険者|契約者|申込者|申請者|受取人|名義人|運転者|保証人|依頼者|依頼人|被害者|加害者|容疑者|被告人|世帯主|利用者|入居者|参加者|応募者|代表取締役(?:社長|会長)?|取締役|監査役|理事長|"
    "支配人|看護師|医師|弁護士|講師|教授|担当者|ドライバー|運転手|キーパーソン|後見人|代理人|相続人|通訳|従業員|社員|会員|部長|課長|係長|主任|総務部|営業部|人事部|経理部|開発部|[\u4e00-\u9fff]{1,6}(?:部|課|室|係|科)(?=[ \u3000]))[ \u3000]{0,2}"
    "(?=[\u4e00-\u9fff])"
)
_RELATIVE: Final = re.compile(
    "(?:父|母|妻|夫|娘|息子|長男|長女|次男|次女|三男|三女|兄|姉|弟|妹|祖父|祖母|孫|義父|義母|義兄|義姉|叔父|叔母|伯父|伯母|甥|姪|いとこ|従兄|従妹|奥様|主人|家内|子ども|子供|子|友人|同僚|彼氏|彼女|婚約者)の"
    rf"(?=({_KANJI}{{1,3}})(?:[（(、。,.さく様がはをもと]|です|に|で(?!き)|の(?![日会病介仕生家実])|\s|\Z))"
)
_NO_GIVEN: Final = frozenset(
    """様子 椅子 息子 帽子 電子 女子 男子 王子 母子 調子 分子 原子 格子 菓子 本人 夫人 主人 友人 知人 恋人 家人 老人 希望 要望 事情 病気 入院 手術 介護 扶養 収入 名前 名義 氏名 住所 電話 携帯 写真 会社 職場 仕事
    学校 大学 結婚 出産 誕生 死亡 死去 葬儀 遺産 相続 年金 保険 診察 診断 治療 通院 薬 財布 車 部屋 実家 家 土地 口座 通帳 印鑑 荷物 予約 切符 席 分 方 件 為 時 年 月 日 声 顔 手 足 体 心 気持 看病 世話 面倒 転勤 退職 就職 入学 卒業 愛 恩 味 真
    代 愛情 平和 都合 幸 安静 静養 健康 安心 感謝 信仰 一生 人生 命日 四十九日 三回忌""".split()
)
_UNIT: Final = re.compile(
    rf"(?:部|課|室|係|科|支店|店|社|会社|センター|チーム|事務所|大学|病院|銀行|窓口|受付|担当|本社|工場|グループ|本人|こちら|こちらは|私|わたくし)(?:の|、|は)?(?=({_KANJI}{{1,4}})(?:が|は|です|でござ|でし|と申|から|まで|に|を|も|と|様|氏|、|・))"
)
_SERVED: Final = re.compile(rf"[の、]({_KANJI}{{1,3}})(?=が(?:対応|承|伺|お電話|ご案内|お伺)|と申しま|でございま)")
_CALLED: Final = re.compile(
    "と申します|と申し|と言います|といいます|という者|の名前で|の名義で|名義で|宛に|宛で|が承り|が対応|が担当|が伺"
)
_CLOSING: Final = re.compile(
    "(?:お願い(?:いた|致)?し(?:ます|申し上げます)|敬具|草々|以上|かしこ|失礼いたします|失礼します)[。．]?[ \u3000]{0,4}\n{1,3}[ \u3000]{0,8}"
)
_LINE: Final = re.compile(
    rf"(?m)^[ \u3000・•*-]{{0,4}}(?:[0-9]{{1,2}}[.．)）][ \u3000]?)?({_SURNAME}[ \u3000]{{1,2}}{_GIVEN})(?:[（(][\u3041-\u30ff A-Za-z\u3000]{{2,24}}[）)])?[ \u3000]*$"
)
_READING: Final = re.compile(
    rf"({_SURNAME}[ \u3000]?{_KANJI}{{1,3}})[（(](?:{_HIRAGANA}{{2,6}}[ \u3000]{_HIRAGANA}{{2,6}}|{_KATAKANA}{{2,7}}[ \u3000]{_KATAKANA}{{2,7}})[）)]"
)
_OFFICE: Final = re.compile(
    "(?:部|課|室|係|センター|事務所|支店|本社|工場|役|長|会社[^\n]{0,16}|法人[^\n]{0,16}|---?|━+|――+)[ \u3000]*\\Z"
)
"""How the line above a name in a signature ends."""
_CONTACT: Final = re.compile("TEL|Tel|tel|電話|FAX|携帯|直通|〒|メール|[^\n]{0,12}@|[^\n]{2,8}[都道府県市区]")
"""How the line below it begins."""
_PARTED: Final = re.compile(rf"{_SURNAME}[ \u3000]{_GIVEN}")
_ONE_FOREIGN: Final = re.compile(rf"{_KATAKANA}+")
_KANJI_NEXT: Final = re.compile(_KANJI)
_RECORDED: Final = re.compile(
    "患者|契約者|申込者|利用者|運転者|受取人|名義人|依頼者|被保険者|世帯主|被害者|加害者|容疑者|被告人|保証人|申請者|相続人|後見人"
)
_FIRMS: Final = ("会社", "法人", "部", "課", "室", "センター")
_BARE: Final = re.compile(
    rf"(?<!{_KANJI})({_KANJI}{{3,6}})(?=(?:は|が|を|に|と|も|から|って|の(?!ため))(?!{_KATAKANA})|[、。,:：（(\n]|[ \u3000]|\Z)"
)


def find_names(text: str) -> Iterator[Finding]:
    """Names of people in a Japanese text."""
    for start, end in _all(text):
        yield Finding(start, end, PERSON)


def _all(text: str) -> Iterator[tuple[int, int]]:
    for pattern, post in ((_TITLES, False), (_POSTS, True)):
        for title in pattern.finditer(text):
            yield from _named(text, title.start(), known=post)
    for cue in _CALLED.finditer(text):
        yield from _named(text, cue.start(), known=cue.group().startswith(("の", "名", "宛", "が")))
    for cue in _BEFORE.finditer(text):
        match = _NAME.match(text, cue.end())
        if match is not None and _likely(match.group(), sure=_STRONG.search(cue.group()) is not None):
            yield match.span()
            yield from _listed(text, match.end())
    yield from _close_to_roles(text)
    yield from _lines(text)
    for match in _BARE.finditer(text):
        name = match.group(1)
        for length in (2, 3):
            family, given = name[:length], name[length:]
            if (
                family in FAMILIES
                and family not in PLACES
                and _given(given)
                and (len(given) > 1 or given in "修剛誠茂勇勝正昭明薫司学猛武治")
            ):
                yield match.span(1)
                break


def _close_to_roles(text: str) -> Iterator[tuple[int, int]]:
    """Names that follow a role, a relative or an office at once."""
    for cue in _DIRECT.finditer(text):
        match = _NAME.match(text, cue.end())
        name = match.group() if match is not None else ""
        recorded = (
            _RECORDED.match(cue.group()) is not None
            and 3 <= len(name) <= 5
            and _given(name[-2:])
            and _KANJI_NEXT.match(text, cue.end() + len(name)) is None
        )
        parted = recorded or (_PARTED.fullmatch(name) is not None and name[:2] not in _NO_NAMES | _DEPARTMENTS)
        if len(name) > 1 and name not in _NO_NAMES and (parted or _begins_with_family(name, weak=False)):
            yield cue.end(), cue.end() + len(name)
    for relative in _RELATIVE.finditer(text):
        if _given(relative.group(1)):
            yield relative.span(1)
    for served in _SERVED.finditer(text):
        name = served.group(1)
        if name not in _NO_NAMES | _DEPARTMENTS and name[-1] not in _NO_END and name[-1] not in "者員客":
            yield served.span(1)
    for unit in _UNIT.finditer(text):
        if _only_a_name(unit.group(1)):
            yield unit.span(1)


def _only_a_name(name: str) -> bool:
    """Whether this is a family name, or one and a given name, and nothing else."""
    if name in FAMILIES:
        return name not in PLACES and len(name) > 1
    return name[:2] in FAMILIES and name[:2] not in PLACES and _given(name[2:])


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Names that are lines of their own, as in a signature or a list, and names with their reading behind them."""
    for closing in _CLOSING.finditer(text):
        match = _NAME.match(text, closing.end())
        name = match.group() if match is not None else ""
        ends = text[closing.end() + len(name) : closing.end() + len(name) + 1] in ("", "\n")
        if (
            name
            and ends
            and not _ONE_FOREIGN.fullmatch(name)
            and name not in _NO_NAMES
            and not name.endswith(_FIRMS)
            and _likely(name, sure=True)
        ):
            yield closing.end(), closing.end() + len(name)
    for reading in _READING.finditer(text):
        if reading.group(1)[:2] not in _DEPARTMENTS:
            yield reading.span(1)
    if "\n" in text:
        for line in _LINE.finditer(text):
            name = line.group(1)
            before = text[max(0, line.start() - 40) : line.start()].rstrip("\n").rpartition("\n")[2]
            after = text[line.end() : line.end() + 24].lstrip("\n").partition("\n")[0]
            if _begins_with_family(name, weak=True) or _OFFICE.search(before) or _CONTACT.match(after):
                parts = re.split("[ \u3000]+", name)
                if not (_NO_NAMES | _DEPARTMENTS).intersection(parts) and not any(one[-1] in _NO_END for one in parts):
                    yield line.span(1)


def _given(name: str) -> bool:
    """Whether this looks like a given name: by its last character, and no word."""
    return (
        1 <= len(name) <= 3
        and name not in _NO_GIVEN
        and name[-1] in GIVEN_ENDS
        and not (len(name) == 1 and name in "真代愛")
    )


def _listed(text: str, end: int) -> Iterator[tuple[int, int]]:
    """More names in a list, each with a known family name: `、` between them."""
    for _ in range(8):
        match = _NAME.match(text, end + 1) if text[end : end + 1] in ("、", "，", "・", "と") else None
        if match is None or not _likely(match.group(), sure=False):
            return
        yield match.span()
        end = match.end()


def _begins_with_family(name: str, weak: bool) -> bool:
    """Whether a name begins with a family name that is known; `weak`: one that is nothing else."""
    for head in (name[:4], name[:3], name[:2]):
        if head in FAMILIES and (not weak or head not in PLACES or name[len(head) : len(head) + 1] in _BLANKS):
            return True
    if name[:1] not in FAMILIES:
        return False
    if len(name) == 1:
        return not weak
    return name[1] in _BLANKS or (name[0] not in PLACES and _given(name[1:]))


def _likely(name: str, sure: bool) -> bool:
    """Whether this may be a name; `sure`: the cue leaves little doubt, so that the family name may be a rare one."""
    if name in _NO_NAMES or (name[:2] in _NO_NAMES and " " not in name):
        return False
    if name[0].isascii():
        return True
    parts = re.split("[ \u3000・=＝·]", name)
    if parts[0] in _NO_NAMES or parts[-1] in _NO_NAMES:
        return False
    if re.match(_KATAKANA, name) is not None:
        return len(parts) > 1 or (sure and len(name) > 2)
    if _begins_with_family(name, weak=False):
        return True
    if not sure:
        return len(parts) == 2 and len(parts[0]) <= 3
    return len(parts) > 1 or 2 <= len(name) <= 6


@lru_cache(4096)
def _name_before(window: str) -> int | None:
    """Where the name begins that ends a stretch of text; the same stretch comes again and again in a text made to be slow."""
    match = _NAME_BEFORE.search(window)
    return match.start() if match is not None else None


def _named(text: str, end: int, known: bool) -> Iterator[tuple[int, int]]:
    """The name right before `end`; `known`: only with a known family name, or one that no word is."""
    window = max(0, end - 32)
    before = _name_before(text[window:end])
    if before is None:
        return
    start = window + before
    lead = _STARTS.match(text, start, end)
    if lead is not None and lead.end() < end:
        start = lead.end()
    while text[start : start + 1] in (" ", "\u3000"):
        start += 1
    while end > start and text[end - 1] in " \u3000":
        end -= 1
    name = text[start:end]
    if (
        not name
        or name in _NO_NAMES
        or name[-1] in "者員客"
        or (len(name) == 1 and name not in FAMILIES and name not in FOREIGN)
    ):
        return
    if known and not _holds_post(text, start, name):
        return
    yield start, end


def _holds_post(text: str, start: int, name: str) -> bool:
    """Whether a name before a post is one: its family name is known, or it stands by itself and is no department."""
    if name in FAMILIES or (_begins_with_family(name, weak=False) and name not in _DEPARTMENTS):
        return True
    if name in _DEPARTMENTS or name[-2:] in _DEPARTMENTS or name[-1] in "副新元前現各同両部課室局係":
        return False
    alone = start == 0 or re.match(r"[^\u4e00-\u9fff\u30a1-\u30faの]", text[start - 1]) is not None
    return (
        alone
        and re.fullmatch(rf"{_KANJI}{{2,3}}|{_KANJI}{{1,3}}[ \u3000]{_KANJI}{{1,3}}", name) is not None
        and name[:2] not in _DEPARTMENTS
    )
