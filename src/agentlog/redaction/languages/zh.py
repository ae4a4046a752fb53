"""Chinese: names, addresses and companies. Mobile numbers and identity cards say themselves what they are (`digits`)."""

# ruff: noqa: RUF001 - Chinese punctuation is what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import ADDRESS, DOB, NATIONAL_ID, ORGANIZATION, PAYMENT_ID, USER_ID, Finding
from agentlog.redaction.languages.table import IdNumber, Language
from agentlog.redaction.languages.zh_names import find_names

_REGION: Final = r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆|香港|澳门|台湾)市?)"
# only the first character may be one that names end with: else a long row of such is parted in every possible way
_PART: Final = r"[\u4e00-\u9fff](?:(?![市盟州区县旗镇乡])[\u4e00-\u9fff]){0,7}?(?:自治州|自治县|地区|市|盟|州|区|县|旗|镇|乡|街道|新区|开发区)"
_ROAD: Final = r"[\u4e00-\u9fff](?:(?![路街巷弄道里村])[\u4e00-\u9fff]){0,7}?(?:大道|大街|路|街|巷|弄|道|胡同|里|村|庄|屯|组|园|苑|小区|花园|广场|公寓|大厦|新村)"
_HOUSE: Final = (
    r"(?:[东南西北中][一二三四五]?段)?[ ]?(?:[0-9０-９A-Za-z一二三四五六七八九十百]{1,6}(?:-[0-9A-Za-z]{1,5}){0,3}[ ]?(?:号楼|号院|号|弄|座|栋|幢|单元|室|楼|层|户|队|组|期)"
    r"(?:[\u4e00-\u9fff]{1,8}?(?:小区|花园|公寓|大厦|广场|苑|园|城)(?=[0-9A-Za-z一二三四五六七八九十]))?){1,6}"
)
_ADDRESS: Final = re.compile(
    rf"(?:{_REGION}(?:{_PART}){{0,4}}|(?:{_PART}){{1,4}})?(?:{_ROAD}){{1,3}}{_HOUSE}(?:-?[0-9]{{1,4}}(?:-[0-9]{{1,4}})?室?)?(?:之[一二三四五六七八九十])?(?:附[0-9]{{1,4}}号)?(?:[ ，,]{{0,2}}[0-9]{{6}}(?![0-9]))?"
    rf"|{_REGION}(?:{_PART}){{1,4}}(?:{_ROAD}){{0,2}}(?:{_HOUSE})?(?:[ ，,]{{0,2}}[0-9]{{6}}(?![0-9]))"
)
_HOUSE_AT: Final = re.compile(
    r"[0-9０-９A-Za-z一二三四五六七八九十][ ]?(?:号|弄|座|栋|幢|单元|室|楼)|(?:省|市|区|县|路|街|镇|村).{0,4}[0-9]{6}(?![0-9])"
)
_LEAD: Final = re.compile(
    r".{0,24}(?:地址|住址|住在|位于|家住|现住|居住在|寄到|寄往|送到|送至|送货到|发到|发往|改为|改成|变更为|搬到|搬至|籍贯|户籍|前往|来自|[在到至往为是从])(?=[\u4e00-\u9fff]{2})",
)

_FIRM: Final = re.compile(
    r"(?:股份|有限责任|集团|控股)?(?:有限公司|有限责任公司|股份公司|集团公司|(?:律师|会计师)事务所|有限合伙)(?:[\u4e00-\u9fff]{2,6}分公司)?"
)
_FIRM_HEAD: Final = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·&]{1,24}\Z")
_FIRM_LEAD: Final = re.compile(
    ".{0,24}(?:使用|关于|投诉|起诉|就诊于|就职于|任职于|供职于|毕业于|入职|就职|来自|代表|联系|委托|名称|客户|用户|公司是|供应商|甲方|乙方|卖方|买方|雇主|单位|"
    "申请|收购|付给|支付|通知|要求|举报|控告|加入|隶属于|[是为在于和与及向给由的被对跟从到把将让找]|[：:])(?=.{4})"
)
_NO_FIRMS: Final = frozenset(
    "这家 那家 该家 一家 某家 几家 本家 我们 你们 他们 咱们 我司 贵司 所有 任何 每家 各家 一人 新设 国内 外国".split()
)
_KANA: Final = re.compile("[\u3041-\u30ff]")
_JAPANESE: Final = re.compile(
    "[\u3041-\u30ff々込働峠畑辻円駅県気広図対発乗黒巻栄戻圏囲団応渋滝択転軽鉄隣売読変検様歳経済沢浜桜権価仮応拡払労実険届帯斎]|氏名|名義|御中"
)
_SIMPLIFIED: Final = re.compile(
    "[这们说请问题时长电车东书马风龙为个发给经红级约统计认证让谢样话联开关间单业务产师员费买卖实货运银钱记张陈刘杨黄赵吴孙罗郑图对检频进还没从网络讯账户规则吗呢吧您]"
)


def japanese(text: str) -> bool:
    """Whether a text with Chinese characters is a Japanese one.

    >>> japanese("氏名 松本 花子"), japanese("姓名 陈花"), japanese("鲜の每日牛奶已发货")
    (True, False, False)
    """
    kana = len(_KANA.findall(text))
    if kana * 8 > len(text):
        return True
    return _JAPANESE.search(text) is not None and _SIMPLIFIED.search(text) is None


def find_chinese(text: str) -> Iterator[Finding]:
    """Addresses, companies and names in a text with Chinese characters."""
    if japanese(text):
        return
    yield from _addresses(text)
    yield from _companies(text)
    yield from (Finding(*match.span(), NATIONAL_ID) for match in _PLATE.finditer(text))
    yield from _lunar_births(text)
    yield from find_names(text)


_PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][ ]?[·•・.-]?[ ]?(?=[A-Z0-9]{0,5}[0-9])[0-9A-HJ-NP-Z]{4,6}[挂学警港澳超]?(?![0-9A-Za-z])"
)
"""A license plate: province, town, number."""
_LUNAR: Final = re.compile(
    "(?:(?:19|20)[0-9]{2} ?年|[一二三四五六七八九〇零○]{4}年)?(?:农历|阴历|旧历)?(?:19[0-9]{2}年|20[0-9]{2}年)?闰?(?:正|冬|腊|[一二三四五六七八九十]{1,2})月(?:初[一二三四五六七八九十]|[二廿三卅]?十[一二三四五六七八九]?|[二廿][一二三四五六七八九])[日号]?"
)
_BORN_BEFORE: Final = re.compile("(?:生日|出生日期|出生|生于|诞辰|生辰)(?:[是为在]|[：:]|是在)?[ ]?\\Z")


def _lunar_births(text: str) -> Iterator[Finding]:
    """Dates of birth in the lunar calendar, which have no one date in ours: `1951年冬月初六生`."""
    if "月" not in text or "生" not in text:
        return
    for date in _LUNAR.finditer(text):
        behind = re.match("[ ,，（(]?(?:的?生(?!产|效|活)|出生|的生日)", text[date.end() : date.end() + 5])
        if behind is not None or _BORN_BEFORE.search(text, max(0, date.start() - 10), date.start()) is not None:
            yield Finding(*date.span(), DOB)


def _addresses(text: str) -> Iterator[Finding]:
    if _HOUSE_AT.search(text) is None:
        return
    position = 0
    for run in _RUN.finditer(text):
        position = run.start()
        lead = _LEAD.match(text, position, run.end())
        match = _ADDRESS.search(text, lead.end() if lead is not None else position, min(len(text), run.end() + 12))
        if match is None and lead is not None:
            match = _ADDRESS.search(text, position, min(len(text), run.end() + 12))
        if match is not None:
            yield Finding(*match.span(), ADDRESS)


_RUN: Final = re.compile(r"[\u4e00-\u9fff0-9０-９A-Za-z（）() -]{6,80}")


def _companies(text: str) -> Iterator[Finding]:
    for firm in _FIRM.finditer(text):
        head = _FIRM_HEAD.search(text[max(0, firm.start() - 24) : firm.start()])
        if head is None:
            continue
        begin = firm.start() - len(head.group())
        lead = _FIRM_LEAD.match(text, begin, firm.end())
        start = lead.end() if lead is not None else begin
        if firm.start() - start >= 2 and text[start : firm.start()] not in _NO_FIRMS:
            yield Finding(start, firm.end(), ORGANIZATION)


CHINESE: Final = Language(
    "zh",
    script="[\u4e00-\u9fff]",
    more=find_chinese,
    ids=(
        IdNumber("护照|护照号|护照号码|通行证|港澳通行证|台胞证", r"[A-Z]{1,2}[0-9]{7,8}(?![0-9A-Za-z])"),
        IdNumber("身份证|身份证号|身份证号码|身份证件号", r"[0-9]{17}[0-9xX](?![0-9A-Za-z])|[0-9]{15}(?![0-9A-Za-z])"),
        IdNumber(
            "社保|社保号|社会保障号|医保卡|医保|病历号|住院号|驾驶证|驾照|统一社会信用代码|工号|学号",
            r"(?=[A-Z]{0,4}[0-9]{4})[A-Z0-9]{6,20}(?![0-9A-Za-z])",
            entity=NATIONAL_ID,
        ),
        IdNumber(
            "保单|保单号|保单号码|保险单号|保险合同号|投保单号|车架号|行驶证|行驶证号|驾驶证号|驾驶证号码|证件号|证件号码|居住证|居住证号|结婚证号|出生证编号|准考证号|"
            "社保账号|公积金账号|公积金号|就诊卡号|就诊卡|门诊号|病案号|纳税人识别号",
            r"(?=[A-Z]{0,6}[0-9]{4})[A-Z0-9]{6,24}[Xx]?(?![0-9A-Za-z])",
            near=8,
        ),
        IdNumber("军官证|士兵证|警官证|记者证|执业证|执业证书", r"[0-9]{6,17}(?![0-9A-Za-z])", near=8),
        IdNumber(
            "银行卡|银行卡号|信用卡|信用卡号|信用卡号码|储蓄卡|储蓄卡号|借记卡|卡号|银行账号|银行账户|收款账号|账号|账户",
            r"[0-9]{4}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{0,3}(?![0-9A-Za-z])",
            entity=PAYMENT_ID,
            near=6,
        ),
        IdNumber("qq|qq号|qq号码|qq群", r"[1-9][0-9]{4,10}(?![0-9A-Za-z])", entity=USER_ID, near=4),
    ),
    phones="手机|手机号|手机号码|电话|电话号码|联系电话|联系方式|座机|致电|拨打|传真",
    phone=r"(?<![0-9A-Za-z.-])(?:0[1-9][0-9]{1,2}-[0-9]{7,8}|\(0[1-9][0-9]{1,2}\) ?[0-9]{7,8}|1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4})(?![0-9A-Za-z])",
    births="出生|出生日期|生日|出生于|生于",
    postcodes="邮编|邮政编码",
    postcode=r"[0-9]{6}(?![0-9])",
)
"""The table of Chinese."""
