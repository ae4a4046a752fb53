"""Names in a Chinese text: what announces one, what may stand behind one, and how sure each of them makes it.

A name is a family name and one or two characters more; nothing parts words, so that a name is told by its family name and
by what stands around it. The surer the cue, the rarer the family name may be, and the more it may look like a word.
"""

# ruff: noqa: RUF001 - Chinese punctuation is what is looked for

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from agentlog.redaction.entities import PERSON, Finding
from agentlog.redaction.languages.zh_words import ALL, COMPOUND, COMPOUND_WORDS, FREQUENT, WORDS

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
"""Words that begin with a family name's character and are no name, whatever announces one."""
_SURE_COMPOUND: Final = COMPOUND - COMPOUND_WORDS
_NEVER: Final = frozenset("的是在了吗呢吧啊着过您你他她它我们这那把被给与说请从将就也及或并已投该地去")
"""Characters that no given name holds."""
_SELDOM: Final = frozenset("和为来不需因女男打申表提由共要问能可以都叫到对号码有于")
"""Characters of a given name only where it ends there for sure."""
_GLUE: Final = _NEVER | _SELDOM | frozenset("向跟找让由替对联系见局部科处室院司厂店组队校班系里")
"""What a name may follow where it must begin a word of its own."""

_BEFORE: Final = re.compile(
    "我叫|我是|我名叫|名叫|叫做|名字是|名字叫|姓名|联系人|收件人|收货人|寄件人|发件人|寄货人|取件人|签收人|客户|用户|病人|患者|乘客|旅客|会员|员工|同事|您好|你好|尊敬的|亲爱的|"
    "律师|经理|主任|医生|护士|老师|教授|司机|业主|租客|房东|学生|家长|申请人|投保人|被保险人|受益人|持卡人|户主|户名|开户人|负责人|经办人|"
    "担保人|法定代表人|法人代表|法人|原告|被告|证人|妻子|丈夫|儿子|女儿|母亲|父亲|朋友|哥哥|姐姐|弟弟|妹妹|先生|女士|本人|顾客|买家|卖家|房客|嘉宾|"
    "报案人|参保人|持证人|投诉人|举报人|申诉人|借款人|贷款人|承租人|出租人|承租方|出租方|转让人|受让人|委托人|受托人|代理人|监护人|被监护人|继承人|被继承人|"
    "当事人|嫌疑人|受害人|被害人|肇事者|伤者|死者|失主|报警人|目击者|车主|机主|店主|债权人|债务人|保证人|抵押人|付款人|收款人|汇款人|预订人|预约人|入住人|登机人|"
    "审核人|审批人|复核人|填表人|记录人|见证人|承办人|交接人|推荐人|介绍人|联络人|接收人|使用人|所有人|开户者|持有人|纳税人|参会人|主讲人|作者|讲师|导师|学员|考生|"
    "新生|同学|参与者|志愿者|应聘者|候选人|面试者|新员工|新同事|职工|员工姓名|主治医师|主治医生|医师|家属|配偶|爱人|法官|检察官|"
    "(?:发|交|寄|转|送|还|汇|转账|转告|分配|推荐|留|交接|派|移交)给|通知|联系|感谢|转接|约见|抄送|委托|问过|给|由(?!于)|跟|找|让|请|向|与|和|及|、"
)
_AFTER_CUE: Final = re.compile('(?:[（(][^（）()]{1,12}[）)])?[是为叫]?[ \t]{0,2}[：:]?[ \t]{0,2}(?:["“《【]?)')
_WEAK: Final = frozenset(
    "给 由 跟 找 让 请 向 对 与 和 及 、 通知 联系 感谢 抄送 委托 转接 派给 同学 作者 问过".split()
)
_VAGUE: Final = frozenset(("向", "与", "和", "及", "、", "请", "让"))
"""Words before a name that stand before everything else as well."""
_KIN: Final = (
    "妈妈|爸爸|妈|爸|老公|老婆|爱人|爷爷|奶奶|外公|外婆|姥姥|姥爷|儿子|女儿|孩子|小孩|宝宝|丈夫|妻子|太太|先生|媳妇|岳父|岳母|公公|婆婆|父亲|母亲|"
    "哥哥|姐姐|弟弟|妹妹|哥|姐|弟|妹|姑姑|姑妈|舅舅|舅妈|叔叔|伯伯|伯父|阿姨|姨妈|侄子|侄女|外甥|外甥女|孙子|孙女|外孙|外孙女|表哥|表姐|表弟|表妹|堂哥|堂姐|堂弟|"
    "堂妹|男朋友|女朋友|男友|女友|对象|闺女|室友|同桌|女婿|嫂子|姐夫|妹夫|弟媳|未婚夫|未婚妻|前夫|前妻|养父|养母|继父|继母|干妈|干爹"
)
_RELATIVE: Final = re.compile(rf"(?:[我俺咱其他她你您]|我家|我们家|的)(?:{_KIN})[ ]?(?=[\u4e00-\u9fff])")
_CALLED: Final = re.compile(
    rf"(?:{_KIN}|我|本人|他|她|小朋友|名字|人|学生|患者|患儿|宝贝|娃|员工|同事|邻居|朋友)(?:名字|的名字)?(?:是?叫做?|名叫)[ ]?(?=[\u4e00-\u9fff])"
)
_SURNAMED: Final = re.compile(r"(?:免贵|(?<![百同异改贵老随]))姓(?:是|为)?[ ]?(?=[\u4e00-\u9fff])")
_LABEL: Final = re.compile('[：:][ \t\u3000]{0,3}["“]?(?=[\u4e00-\u9fffA-Z])')
_LABELLED: Final = re.compile(
    r"(?:人|者|[方员主师属](?<!地方)(?<!官方)(?<!成员)|姓名|名字|户名|名|代表|称呼|拼音[）)]?|父亲|母亲|配偶|家长|学生|医生|护士|司机|老师|乘客|患者|嘉宾|签名|签字|签署)"
    r"(?:[（(][^（）()\n]{1,8}[）)])?[ \t]{0,2}\Z"
)
_BEHIND: Final = re.compile(
    "先生|女士|小姐|太太|夫人|老师|经理|医生|医师|律师|教授|同学|同志|师傅|主任|护士|总监|总裁|院长|校长|园长|局长|部长|处长|科长|所长|厂长|店长|组长|队长|班长|站长|"
    "行长|厅长|市长|县长|镇长|村长|会长|馆长|秘书|书记|主管|董事长|大夫|警官|法官|检察官|阿姨|叔叔|大爷|大妈|大叔|大姐|大哥|奶奶|爷爷|博士|工程师|会计|助理|教练|老板"
)
_OWN: Final = re.compile(
    "的(?:身份证|手机|电话|护照|银行卡|邮箱|地址|住址|订单|生日|账户|账号|卡号|合同|病历|简历|工资|快递|行李|机票|座位|护照号|联系方式|微信|密码|户口|号码|名字|档案|转正|证件|"
    "孩子|妈妈|爸爸|家属|家人|居住证|社保|医保|保单|车票|作业|成绩|请假|申请)"
    "|打(?:了|个|一个)?电话|回(?:了|个)?电话|发(?:了|一)?(?:短信|邮件)|[（(][^（）()\\s]{1,40}@|身份证号|手机号|住在|来电|共同|签字|签名|要求|投诉|表示|反映|"
    "申请|确认|说|想|咨询|和|与|、|及|已|将|负责|办理|于(?:今|昨|明|本|上|[0-9])|出生|生于|就诊|入住|登机|乘坐|预订|购买|提交|同意|拒绝|签署|支付|参加|主持|接待|"
    "称[，,：:]?|本(?:人|月|年|周|次)|上(?:周|个?月|学期)|下(?:周|个?月)|今[天年早晚日]|昨[天晚日]|明[天日早]|前天|后天|请假|替|刚|曾|还没|没有|没在|未"
)
_EDGE: Final = re.compile(r"[^\u4e00-\u9fff]|\Z")
_TITLES: Final = (
    "先生|女士|小姐|太太|夫人|老师|经理|医生|医师|律师|教授|同学|师傅|主任|护士|大夫|警官|法官|院长|校长|园长|局长|部长|处长|科长|厂长|店长|队长|行长|厅长|市长|县长|镇长|"
    "村长|会长|馆长|总监|总裁|主管|董事长|秘书|书记|阿姨|叔叔|大爷|大妈|大叔|大姐|大哥|奶奶|爷爷|博士|会计|助理|教练|老板"
)
_OPEN_TITLES: Final = frozenset(
    "先生 女士 小姐 老师 经理 医生 律师 教授 同学 师傅 主任 护士 大夫 警官 院长 总监".split()
)
"""Before these a name of two and more characters may stand behind anything."""
_TITLE: Final = re.compile(rf"({_TITLES})(?:{_TITLES})*+")
"""A title, and others right behind it, which say no more."""
_ALONE: Final = re.compile(
    rf"(?:{_TITLES})|"
    "(?:[总董工导局处队](?:(?=[^\u4e00-\u9fff]|\\Z)|(?=[您你说那已来在让要请和与今昨明刚的去没也还对给替他她]))(?!.说明|.的来说|.对象)"
    "|[哥姐妹叔姨嫂爷婶](?=[^\u4e00-\u9fff]|\\Z|[您你说那已来在让要请和与今昨明刚的去没也]))"
)
"""Titles before which a family name may stand by itself."""
_LINKS: Final = frozenset("和同可以有与别但由让后那都过来能从对成为应时全原")
"""Family names that are other words behind `用户` or `客户` far more often."""
_FUNCTION_WORDS: Final = frozenset(
    "班向应于和与任时别但由让经全后那都过来能有从关对成为代原项管查解司各年须连满平常总并找是方门户区单公师生使宜"
)
"""Family names that are other words before a title far more often: `应经理要求`, `原主任`."""
_ROLE_BEFORE: Final = re.compile(
    "(?:房东|班主任|司机|客户|病人|患者|客服|同事|助理|顾问|您好|你好|尊敬的|亲爱的|联系人|业主|家长|邻居|乘客|快递员|负责人|经办人|联系|通知|感谢|转告|"
    "收件人|医院|大学|中学|小学|公司|集团|银行|分行|支行|门店|总部|车间|财务|人事|行政|销售|市场|技术|工程|采购|法务|客服部|主治|值班|语文|数学|英语|体育|物理|化学|"
    "麻烦|拜托|问问|问|见|约|告诉|提醒|帮|安排|陪|替|代替|配合|邀请|欢迎|祝|认识|还有|以及|或者|就是|应该是|好像是|今天|昨天|明天|刚才|上次|下次|早上|下午|晚上)\\Z"
)
_BY_ITSELF: Final = frozenset(
    "王李张刘陈杨黄赵吴徐孙朱胡郭郑梁谢宋唐许韩冯邓曹彭曾肖董潘袁蔡蒋杜魏吕丁沈姚卢姜崔谭陆汪廖贾韦邹孟熊秦邱尹薛阎闫侯黎郝龚邵"
)
"""Family names that end no other word before a title, so that anything may stand before them."""
_NICK: Final = re.compile("[小老阿](?=[\u4e00-\u9fff])")
_NICK_BEFORE: Final = re.compile(
    "(?:^|[^\u4e00-\u9fff])(?:我是|这是|请|让|给|找|叫|跟|和|问|是|由|的)?\\Z|(?:客服|同事|助理|顾问|助手|专员|我是|麻烦|联系|通知|让|问|跟|找|叫)\\Z"
)
_NICK_END: Final = re.compile(
    "[^\u4e00-\u9fff]|\\Z|[啊呀呢吧您你说来去在那帮把给跟会要的姐哥也已刚今昨明没就]|为您|请假|师傅|同学|一起|负责|反馈|反映|告诉|上班|下班|接手|处理"
)
_NO_NICK: Final = frozenset(
    "时米程康麦方于高龙白黄金石花鱼路车区单包牛毛水左右温常万项费党华明文平安全计样公大家心学说费师是有子青年红火开生户业店票组型数额费狗猫雪雨伊香巧众叶段武满票便古景曲丁伍辛戈柴寿祖童甘谷农幸司边索"
)
"""Behind `小` or `老` these make another word: 小米, 小时, 老师. One of them needs a title, too."""
_SURE_NICK: Final = re.compile(
    "[小老阿](?:曲|丁|叶|段|武|金|白|黄|方|高|龙|石|温|常|万|毛|牛|费|文|伍|辛|童|甘|谷|康|程|安|平)(?=[，,：:！!。 ]|啊|为您|您|昨天|今天|明天|请假|师傅|姐|哥|说|\\Z)"
)

_MINORITY: Final = (
    "阿艾爱埃安奥巴白拜班贝比毕博布查达丹德迪丁东杜顿多俄厄尔法凡方菲费芬弗夫福甘冈高戈哥格古哈海汗汉赫亨洪胡华霍基吉加佳贾杰金江卡凯坎康考柯科可克肯库拉莱赖兰朗劳勒雷里"
    "利莉丽力立连列林龙卢鲁路伦罗洛马玛迈麦曼梅门蒙孟米密木莫默姆穆慕纳娜奈南尼妮宁纽努诺欧帕潘佩彭皮平珀普齐奇恰琴丘热日肉如瑞萨赛桑瑟森沙莎山珊绍舍申圣施史舒斯丝司思苏索"
    "塔泰坦汤唐陶特腾提蒂铁吐图托瓦旺万威韦维乌吾武希锡西夏肖谢辛兴休逊雅亚延央耶叶伊依亦易因英尤玉于约云再泽扎詹珍芝朱珠卓孜祖佐措次旦增仁其买合根娃仓吉"
)
_DOTS: Final = frozenset("·•・‧∙")
_DOT: Final = "[·•・‧∙]"
_DOTTED: Final = re.compile(rf"[{_MINORITY}]{{1,10}}{_DOT}[{_MINORITY}]{{1,10}}(?:{_DOT}[{_MINORITY}]{{1,10}}){{0,2}}")
_DOTTED_ANY: Final = re.compile(
    rf"[\u4e00-\u9fff]{{1,10}}{_DOT}[\u4e00-\u9fff]{{1,10}}(?:{_DOT}[\u4e00-\u9fff]{{1,10}}){{0,2}}(?![\u4e00-\u9fff])"
)
_MINORITY_RUN: Final = re.compile(rf"[{_MINORITY}]{{3,10}}(?=的|[^\u4e00-\u9fff]|\Z|本|下|上|今|已)")
_UYGHUR: Final = re.compile(
    "买买提|古丽|艾合|吐尔|孜|麦麦|阿卜|阿布|努尔|热|玛依|帕提|迪力|亚森|艾力|阿里木|哈力|库尔|伊力|塔依|肉孜|买提|木提|古力|依江|艾山|玉素|萨迪|迪丽|尼亚|巴特尔|沙吾|叶尔|哈孜"
)
_LATIN: Final = re.compile(
    r"[A-Z][A-Za-z'’-]{1,24}[ ,，/]{1,2}[A-Z][A-Za-z'’-]{1,24}(?: [A-Z][A-Za-z'’-]{1,24}){0,2}(?![A-Za-z0-9])"
)
_LATIN_GIVEN: Final = re.compile(r"[A-Z][a-z]{1,20}(?:-[A-Z][a-z]{1,20})?[ ·]?(?=[\u4e00-\u9fff])")
_SPELLED: Final = re.compile(
    r"(?:拼音|英文名|英文姓名|外文姓名|英文名字|姓名|名字)[）)]?[ \t]{0,2}[是为叫]?[：:]?[ \t]{0,2}(?=[A-Z])"
)


_HEADS: Final = ALL | {family[0] for family in COMPOUND}
"""Characters that a family name begins with."""


def chinese_name_at(text: str, start: int, rare: bool = False) -> tuple[int, int] | None:
    """The Chinese name that begins at `start`: family name and one or two characters, up to a mark or a word.

    `rare`: the family name may be a seldom one, or an ordinary word.

    >>> chinese_name_at("王小明先生", 0)
    (0, 3)
    """
    if text[start : start + 1] not in _HEADS:
        return None
    two = text[start : start + 2]
    head = 2 if two in COMPOUND else 1
    if head == 1 and (two[:1] not in (ALL if rare else FREQUENT) or (two in _WORDS and not rare)):
        return None
    for length in (head + 2, head + 1):
        end = start + length
        if not _given(text, start + head, end):
            continue
        if length == head + 2 and _stops(text, end - 1) and not _stops(text, end):
            continue
        return start, end
    return None


def _given(text: str, start: int, end: int) -> bool:
    """Whether these characters may be a given name."""
    given = text[start:end]
    if len(given) != end - start or not all("\u4e00" <= c <= "\u9fff" and c not in _NEVER for c in given):
        return False
    return _SELDOM.isdisjoint(given) or _EDGE.match(text, end) is not None


def _stops(text: str, at: int) -> bool:
    """Whether a name ends at `at` for sure: a mark, a title or a word that goes with people follows."""
    return _BEHIND.match(text, at) is not None or _OWN.match(text, at) is not None or _EDGE.match(text, at) is not None


def find_names(text: str) -> Iterator[Finding]:
    """Names of people in a text with Chinese characters."""
    for start, end in _announced(text):
        yield Finding(start, end, PERSON)
    for start, end in _titled(text):
        yield Finding(start, end, PERSON)
    for start, end in _items(text):
        yield Finding(start, end, PERSON)
    for start, end in _unannounced(text):
        yield Finding(start, end, PERSON)


def _announced(text: str) -> Iterator[tuple[int, int]]:
    """Names behind a label, a role, a relative, or "is called"."""
    for mark in _LABEL.finditer(text):
        if _LABELLED.search(text[max(0, mark.start() - 14) : mark.start()]) is not None:
            span = _person_at(text, mark.end())
            if span is not None and _EDGE.match(text, span[1]) is not None:
                yield span
    for cue in _SPELLED.finditer(text):
        match = _LATIN.match(text, cue.end())
        if match is not None:
            yield match.span()
    for cue in _CALLED.finditer(text):
        span = chinese_name_at(text, cue.end()) or _person_at(text, cue.end())
        if span is not None and (_plain(text, span[0]) or _stops(text, span[1])):
            yield span
    for cue in _RELATIVE.finditer(text):
        span = chinese_name_at(text, cue.end())
        if span is None:
            continue
        stops = _stops(text, span[1])
        if (stops and span[1] - span[0] > 2) or (_plain(text, span[0]) and (stops or text[span[1]] in _NEVER)):
            yield span
    ends: set[int] = set()
    for cue in _BEFORE.finditer(text):
        skipped = _AFTER_CUE.match(text, cue.end())
        start = skipped.end() if skipped is not None else cue.end()
        weak = cue.group() in _WEAK
        span = chinese_name_at(text, start)
        if span is None or text[span[1] : span[1] + 1] in _DOTS:
            span = None if weak else _other(text, start)
        if span is None and not weak and _plain(text, start) and text[start : start + 1] not in _LINKS:
            span = chinese_name_at(text, start, rare=True)
            span = span if span is not None and _EDGE.match(text, span[1]) is not None else None
        if span is None or (not _stops(text, span[1]) and (weak or not _plain(text, start))):
            continue
        if cue.group() in _VAGUE and cue.start() not in ends and not _sure(text, span[1]):
            continue
        ends.add(span[1])
        yield span
    for cue in _SURNAMED.finditer(text):
        head = 2 if text[cue.end() : cue.end() + 2] in COMPOUND else 1
        end = cue.end() + head
        if text[cue.end() : end] in (ALL | COMPOUND) and re.match(
            "[^\u4e00-\u9fff]|\\Z|叫|先生|女士|小姐|的|名", text[end : end + 2]
        ):
            span = chinese_name_at(text, cue.end(), rare=True) if text[end : end + 1] == "名" else None
            yield cue.end(), span[1] if span is not None else end


_ITEM: Final = re.compile(r"(?m)^[ \t]{0,8}(?:[0-9]{1,2}[.、)）]|[-*•·])[ \t]{0,3}([\u4e00-\u9fff]{2,4})[ \t]{0,3}$")


def _items(text: str) -> Iterator[tuple[int, int]]:
    """Names that are the items of a list, where two of them or more look like one."""
    spans = [item.span(1) for item in _ITEM.finditer(text)] if "\n" in text else []
    names = [span for span in spans if chinese_name_at(text, span[0]) == span and _plain(text, span[0])]
    if len(names) > 1 and len(names) * 2 >= len(spans):
        yield from names


def _plain(text: str, start: int) -> bool:
    """Whether the name that begins there begins like no ordinary word."""
    two = text[start : start + 2]
    return two in _SURE_COMPOUND or (two not in WORDS and two not in _WORDS)


def _person_at(text: str, start: int) -> tuple[int, int] | None:
    """The name of any shape that begins at `start`, behind a sure cue."""
    return _other(text, start) or chinese_name_at(text, start, rare=True)


def _other(text: str, start: int) -> tuple[int, int] | None:
    """A name that is not made of a Chinese family name first: in parts, in Latin letters, or of another people."""
    if text[start : start + 1].isascii():
        latin = _LATIN_GIVEN.match(text, start)
        if latin is None:
            match = _LATIN.match(text, start)
            return match.span() if match is not None else None
        span = chinese_name_at(text, latin.end())
        if span is not None and _stops(text, span[1]):
            return start, span[1]
        alone = latin.end() + 1
        known = text[latin.end()] in FREQUENT and _stops(text, alone)
        return (start, alone) if known else None
    if not _DOTS.isdisjoint(text[start : start + 11]):
        for pattern in (_DOTTED_ANY, _DOTTED):
            match = pattern.match(text, start)
            if match is not None:
                return match.span()
    match = _MINORITY_RUN.match(text, start)
    return match.span() if match is not None and match.end() - start > 3 else None


def _sure(text: str, end: int) -> bool:
    """Behind a word as vague as "and": a title, or what only people have."""
    return _BEHIND.match(text, end) is not None or _OWNED.match(text, end) is not None


_OWNED: Final = re.compile(
    "的(?:身份证|手机|电话|护照|银行卡|邮箱|住址|生日|病历|简历|工资|联系方式|微信|户口|妈妈|爸爸|家长|家属|孩子|母亲|父亲|老公|老婆|儿子|女儿|档案|转正|离职|请假|考勤|医保|社保|居住证)"
    "|(?:身份证号|手机号|护照号)|打电话|来电(?!话)"
)


def _titled(text: str) -> Iterator[tuple[int, int]]:
    """Names before a title, or before what only people have."""
    for title in _TITLE.finditer(text):
        span = _ending_at(text, title.start(), must_begin=title.group(1) not in _OPEN_TITLES)
        if span is not None:
            yield span
    for title in _ALONE.finditer(text):
        span = _alone(text, title.start(), title.end())
        if span is not None:
            yield span
    for match in _OWNED.finditer(text):
        span = _ending_at(text, match.start(), must_begin=True)
        if span is not None:
            yield span


def _alone(text: str, end: int, behind: int) -> tuple[int, int] | None:
    """The family name that ends at `end`, before a title that goes on to `behind`, with a given name in Latin letters."""
    family = text[max(0, end - 2) : end]
    if family not in COMPOUND:
        family = family[-1:]
        if family not in ALL:
            return None
    start = end - len(family)
    before = text[start - 1] if start else ""
    begins = not "\u4e00" <= before <= "\u9fff"
    if family in _FUNCTION_WORDS:
        chief = family in "常于任成平" and text[end] in "总董"
        if not begins or not (chief or _GREETED.match(text, behind) is not None):
            return None
    elif not begins and not _follows(text, start, family):
        return None
    if before + family in WORDS or before + family in _WORDS:
        return None
    latin = _LATIN_BEFORE.search(text[max(0, start - 22) : start])
    return start - (len(latin.group()) if latin is not None else 0), end


def _follows(text: str, start: int, family: str) -> bool:
    """Whether a family name that begins within Chinese text begins there: behind a word before names, or it ends no other word."""
    if len(family) == 2 or text[start - 1] in _GLUE or family in _BY_ITSELF:
        return True
    return _ROLE_BEFORE.search(text[max(0, start - 5) : start]) is not None


_GREETED: Final = re.compile("[您你]好|[，,：:]?[您你]|说|来电|那边|的(?:电话|手机|邮箱|办公室)")
_LATIN_BEFORE: Final = re.compile(r"[A-Z][a-z]{1,20} ?\Z")


def _ending_at(text: str, end: int, must_begin: bool) -> tuple[int, int] | None:
    """The name that ends at `end`; `must_begin`: what stands before it must be no Chinese word, or one before names."""
    for length in (4, 3, 2):
        start = end - length
        if start < 0 or text[start] not in _HEADS:
            continue
        head = 2 if text[start : start + 2] in COMPOUND else 1
        given = text[start + head : end]
        if (
            (head == 2 or (length < 4 and text[start] in FREQUENT))
            and 1 <= len(given) <= 2
            and text[start : start + 2] not in _WORDS
            and all("\u4e00" <= c <= "\u9fff" and c not in _NEVER and c not in _SELDOM for c in given)
            and not (len(given) == 1 and text[start] in _FUNCTION_WORDS and given in FREQUENT)
            and (not must_begin or start == 0 or _EDGE.match(text[start - 1]) or text[start - 1] in _GLUE)
            and not (must_begin and text[start : start + 2] in WORDS)
        ):
            return start, end
    return None


def _unannounced(text: str) -> Iterator[tuple[int, int]]:
    """Nicknames, names in parts, and names whose family name can be nothing else."""
    for match in _NICK.finditer(text):
        at = match.end()
        if _NICK_BEFORE.search(text[max(0, match.start() - 3) : match.start()]) is None and match.start():
            continue
        family = text[at : at + 2] if text[at : at + 2] in COMPOUND else text[at : at + 1]
        if family in COMPOUND or (
            family in FREQUENT and family not in _NO_NICK and _NICK_END.match(text, at + 1) is not None
        ):
            yield at, at + len(family)
        elif _SURE_NICK.match(text, at - 1) is not None:
            yield at, at + 1
    if re.search(_DOT, text) is not None:
        for match in _DOTTED.finditer(text):
            if _UYGHUR.search(match.group()) is not None:
                yield match.span()
    for match in _COMPOUND.finditer(text):
        before = text[match.start() - 1] if match.start() else ""
        if "\u4e00" <= before <= "\u9fff" and before not in "的给由是和":
            continue
        span = chinese_name_at(text, match.start())
        if span is not None and _stops(text, span[1]) and text[slice(*span)] not in _FAMOUS:
            yield span


_COMPOUND: Final = re.compile("|".join(sorted(_SURE_COMPOUND)))
_FAMOUS: Final = frozenset(
    "诸葛亮 司马迁 司马懿 司马光 欧阳修 欧阳询 令狐冲 慕容复 轩辕剑 皇甫谧 上官婉儿 诸葛孔明 独孤求败 西门庆 拓跋珪".split()
)
"""Whose names stand in books and games."""
