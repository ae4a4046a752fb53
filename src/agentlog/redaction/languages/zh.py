"""Chinese: names, addresses and companies. Mobile numbers and identity cards say themselves what they are (`digits`)."""

# ruff: noqa: RUF001 - Chinese punctuation is what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import ADDRESS, NATIONAL_ID, ORGANIZATION, PERSON, Finding
from agentlog.redaction.languages.table import IdNumber, Language
from agentlog.redaction.words import SURNAMES_ZH

_COMPOUND: Final = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 端木 南宫 司徒 轩辕 宇文 长孙 独孤 呼延 西门 申屠 澹台 闻人 公冶".split()
)
_WORDS: Final = frozenset(
    """方案 方便 方式 方法 方面 方向 高级 高峰 高效 高铁 高中 高考 高速 高温 金额 金融 金牌 马上 马路 白天 白色 成功 时间 时候 平台 常见 常用 常规
    包括 包裹 包含 包装 安全 安装 安排 安卓 安检 于是 余额 任何 任务 任意 张贴 程序 程度 应该 应用 应当 应收 权限 温度 温馨 路线 路由 路径 解决 解释
    解除 管理 管家 黄金 黄色 江苏 江西 江北 云南 石家 石油 钱包 车票 车辆 车次 车型 车位 关于 关闭 关系 关注 关键 关联 向导 项目 符合 连接 连续 连锁
    单位 单号 单价 单独 单个 左右 左侧 时长 时效 时区 时段 房间 房产 房屋 房东 房租 房型 文件 文本 文档 文字 文章 文化 经理 华东 华南 华北 华为 武汉
    广东 广州 海南 海关 曾经 何时 何种 何处 许多 许可 胡同 万元 万一 严格 严重 徐州 苏州 郑州 杭州 康复 易用 尚未 常州 章节 费用 费率 季度 简单 简介
    简称 游客 游戏 景区 景点 席位 米饭 谷歌 盛大 管道 管控 史上 毛利 陶瓷 叶子 周一 周二 周三 周四 周五 周六 周日 周末 周期 周边 周年 周围 周转 龙头 林业 田地
    唐朝 宋体 汉字 金卡 白金 银行 申请 申诉 申报 申领 宁波 宁夏 兰州 梅花 池州 卓越 舒适 毕竟 毕业 柯达 项下 曲线 连同 欧元 欧洲 欧盟 顾客 顾问 贺卡 齐全
    卫生 卫星 花费 花园 丰富 储存 储值 储蓄 山东 山西 祖国 司机 印刷 宿舍 索引 索赔 蒙古 党员 劳动 边缘 农业 容易 容量 古代 师傅 师生 冷却 冷藏 沙发 盖章 原因 原价 原告 原来 原始 练习 况且 宣传 怀疑 幸运 扶手 厉害 巴士 牧场
    寿命 燕麦 柴油 楚天 闻名 束缚 谢谢 孔径 向上 向下 向您 雷达 段落 侯选 莫非 戴尔 汤品 夏季 夏天 秦皇 江河 石材 丁烷 任职 任期 沈阳 钟点 范围 范例 熊猫 孟加 薛定 龙卷 黎明 贾府""".split()
)
"""Words that begin with a family name's character and are no name."""
_NOT_IN_NAME: Final = frozenset(
    "的是在和与说，请来于为把给有不需因女男已打投申表提由共要问了能可以您我你他她它这那也都就叫到从被对将并或及号码您吗呢吧啊着过"
)
_GIVEN: Final = "\u4e00-\u9fff"

_BEFORE: Final = re.compile(
    "我叫|我是|我名叫|名叫|叫做|名字是|名字叫|姓名|联系人|收件人|收货人|寄件人|发件人|客户|用户|病人|患者|乘客|旅客|会员|员工|同事|您好|你好|尊敬的|亲爱的|"
    "律师|经理|主任|医生|护士|老师|教授|司机|业主|租客|房东|学生|家长|申请人|投保人|被保险人|受益人|持卡人|户主|户名|开户人|负责人|经办人|"
    "担保人|法定代表人|法人|原告|被告|证人|妻子|丈夫|儿子|女儿|母亲|父亲|朋友|哥哥|姐姐|弟弟|妹妹|先生|女士|本人|顾客|买家|卖家|房客|嘉宾|"
    "(?:发|交|寄|转|送|还|汇|转账|转告|分配|推荐|留)给|通知|联系|感谢|转接|约见|抄送|委托|给|由(?!于)|跟|找|让|请|向|与|和|及|、"
)
_AFTER_CUE: Final = re.compile('(?:[（(][^（）()]{1,12}[）)])?[是为叫]?[ \t]{0,2}[：:]?[ \t]{0,2}(?:["“《【]?)')
_WEAK: Final = frozenset(
    (
        "给",
        "由",
        "跟",
        "找",
        "让",
        "请",
        "向",
        "对",
        "与",
        "和",
        "及",
        "、",
        "通知",
        "联系",
        "感谢",
        "抄送",
        "委托",
        "转接",
    )
)
_VAGUE: Final = frozenset(("向", "与", "和", "及", "、", "请", "让"))
"""Words before a name that stand before everything else as well."""
_BEHIND: Final = re.compile(
    "先生|女士|小姐|老师|经理|医生|律师|教授|同学|同志|师傅|主任|护士|总监|总裁|院长|校长|局长|部长|处长|科长|董事长|大夫|警官|阿姨|叔叔"
)
_OWN: Final = re.compile(
    "的(?:身份证|手机|电话|护照|银行卡|邮箱|地址|住址|订单|生日|账户|账号|卡号|合同|病历|简历|工资|快递|行李|机票|座位|护照号|联系方式|微信|密码|户口)"
    "|打(?:了|个|一个)?电话|回(?:了|个)?电话|发(?:了|一)?(?:短信|邮件)|[（(][^（）()\\s]{1,40}@|身份证号|手机号|住在|来电|共同|签字|签名|要求|投诉|表示|反映|"
    "申请|确认|说|想|咨询|和|与|、|及|已|将|负责|办理|于(?:今|昨|明|本|上|[0-9])|出生|生于|就诊|入住|登机|乘坐|预订|购买|提交|同意|拒绝|签署|支付|参加|主持|接待"
)
_EDGE: Final = re.compile(r"[^\u4e00-\u9fff]|\Z")
_TITLES: Final = (
    "先生",
    "女士",
    "小姐",
    "老师",
    "经理",
    "医生",
    "律师",
    "教授",
    "同学",
    "师傅",
    "主任",
    "护士",
    "大夫",
    "警官",
    "院长",
    "总监",
)
_OWNED: Final = re.compile(
    "的(?:身份证|手机|电话|护照|银行卡|邮箱|住址|生日|病历|简历|工资|联系方式|微信|户口)"
    "|(?:身份证号|手机号|护照号)|打电话|来电(?!话)"
)

_REGION: Final = r"(?:[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆|香港|澳门|台湾)市?)"
_PART: Final = r"[\u4e00-\u9fff]{1,8}?(?:自治州|自治县|地区|市|盟|州|区|县|旗|镇|乡|街道|新区|开发区)"
_ROAD: Final = (
    r"[\u4e00-\u9fff]{1,8}?(?:大道|大街|路|街|巷|弄|道|胡同|里|村|庄|屯|组|园|苑|小区|花园|广场|公寓|大厦|新村)"
)
_HOUSE: Final = (
    r"(?:[东南西北中][一二三四五]?段)?[ ]?(?:[0-9０-９A-Za-z一二三四五六七八九十百]{1,6}(?:-[0-9A-Za-z]{1,5}){0,3}[ ]?(?:号楼|号院|号|弄|座|栋|幢|单元|室|楼|层|户|队|组|期)"
    r"(?:[\u4e00-\u9fff]{1,8}?(?:小区|花园|公寓|大厦|广场|苑|园|城)(?=[0-9A-Za-z一二三四五六七八九十]))?){1,6}"
)
_ADDRESS: Final = re.compile(
    rf"(?:{_REGION}(?:{_PART}){{0,4}}|(?:{_PART}){{1,4}})?(?:{_ROAD}){{1,3}}{_HOUSE}(?:[0-9]{{1,4}}室?)?(?:[ ，,]{{0,2}}[0-9]{{6}}(?![0-9]))?"
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
_MANY_KANA: Final = re.compile("[\u3041-\u30ff]")


def chinese_name_at(text: str, start: int) -> tuple[int, int] | None:
    """The Chinese name that begins at `start`: family name and one or two characters, up to a mark or a word.

    >>> chinese_name_at("王小明先生", 0)
    (0, 3)
    """
    head = 2 if text[start : start + 2] in _COMPOUND else 1
    if (head == 1 and text[start : start + 1] not in SURNAMES_ZH) or text[start : start + 2] in _WORDS:
        return None
    for length in (head + 2, head + 1):
        end = start + length
        given = text[start + head : end]
        if len(given) == length - head and all("\u4e00" <= c <= "\u9fff" and c not in _NOT_IN_NAME for c in given):
            if length == head + 2 and _stops(text, end - 1) and not _stops(text, end):
                continue
            return start, end
    return None


def _stops(text: str, at: int) -> bool:
    """Whether a name ends at `at` for sure: a mark, a title or a word that goes with people follows."""
    return _BEHIND.match(text, at) is not None or _OWN.match(text, at) is not None or _EDGE.match(text, at) is not None


def find_chinese(text: str) -> Iterator[Finding]:
    """Addresses, companies and names in a text with Chinese characters."""
    if len(_MANY_KANA.findall(text)) * 8 > len(text):
        return  # Japanese
    yield from _addresses(text)
    yield from _companies(text)
    yield from _names(text)


def _names(text: str) -> Iterator[Finding]:
    ends: set[int] = set()
    for cue in _BEFORE.finditer(text):
        skipped = _AFTER_CUE.match(text, cue.end())
        start = skipped.end() if skipped is not None else cue.end()
        span = chinese_name_at(text, start)
        if span is not None and (cue.group() not in _WEAK or _stops(text, span[1])):
            if cue.group() in _VAGUE and cue.start() not in ends and not _sure(text, *span):
                continue
            ends.add(span[1])
            yield Finding(*span, PERSON)
    for title in _TITLES:
        at = text.find(title)
        while at >= 0:
            yield from _ending_at(text, at, must_begin=False)
            at = text.find(title, at + len(title))
    for match in _OWNED.finditer(text):
        yield from _ending_at(text, match.start(), must_begin=True)


def _sure(text: str, start: int, end: int) -> bool:
    """Behind a word as vague as "and": a title, or what only people have."""
    return _BEHIND.match(text, end) is not None or _OWNED.match(text, end) is not None


def _ending_at(text: str, end: int, must_begin: bool) -> Iterator[Finding]:
    """The name that ends at `end`; `must_begin`: what stands before it must be no Chinese word, or one before names."""
    for length in (4, 3, 2):
        start = end - length
        if start < 0:
            continue
        head = 2 if text[start : start + 2] in _COMPOUND else 1
        given = text[start + head : end]
        if (
            (head == 2 or (length < 4 and text[start] in SURNAMES_ZH))
            and 1 <= len(given) <= 2
            and text[start : start + 2] not in _WORDS
            and all("\u4e00" <= c <= "\u9fff" and c not in _NOT_IN_NAME for c in given)
            and (not must_begin or start == 0 or _EDGE.match(text[start - 1]) or text[start - 1] in _NOT_IN_NAME)
        ):
            yield Finding(start, end, PERSON)
            return


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
    ),
    phones="手机|手机号|手机号码|电话|电话号码|联系电话|联系方式|座机|致电|拨打|传真",
    phone=r"(?<![0-9A-Za-z.-])(?:0[1-9][0-9]{1,2}-[0-9]{7,8}|\(0[1-9][0-9]{1,2}\) ?[0-9]{7,8}|1[3-9][0-9][ -][0-9]{4}[ -][0-9]{4})(?![0-9A-Za-z])",
    births="出生|出生日期|生日|出生于|生于",
    postcodes="邮编|邮政编码",
    postcode=r"[0-9]{6}(?![0-9])",
)
"""The table of Chinese."""
