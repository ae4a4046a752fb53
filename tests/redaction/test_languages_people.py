"""Names, numbers and addresses of people in other languages: by title, role, relative, label, signature and shape; and what stays.

What stays is asked of the languages alone, as other detectors look through the same texts.
"""

# ruff: noqa: RUF001 - Chinese and Japanese punctuation is part of what is read

from __future__ import annotations

import pytest

from agentlog.redaction import Redactor
from agentlog.redaction.languages import checks
from agentlog.redaction.languages.dates import meanings
from agentlog.redaction.languages.figures import figure
from agentlog.redaction.languages.persons import given, personal
from agentlog.redaction.languages.search import languages
from agentlog.redaction.languages.zh import japanese
from agentlog.redaction.languages.zh_names import chinese_name_at
from agentlog.redaction.languages.zh_words import ALL, COMPOUND
from agentlog.redaction.words.text import lower, words_in

REDACTOR = Redactor(None, pseudonym_key=b"k")

FOUND = [
    ("葛女士您好，尉迟先生昨天来过。", "葛", "尉迟"),
    ("邬经理，麻烦您看一下，滕总已经同意了。", "邬", "滕"),
    ("主治医生今天不在，改约柏主任吧，谭秘书会通知。", "柏", "谭"),
    ("我姓邵，免贵姓令狐，您呢？", "邵", "令狐"),
    ("我老公魏国栋的医保卡丢了，孩子叫魏子墨。", "魏国栋", "魏子墨"),
    ("我奶奶姚桂香今年八十岁了", "姚桂香"),
    ("持卡人：区志文，填表人：查美玲，复核人：乐天成", "区志文", "查美玲", "乐天成"),
    ("客服小薛为您服务，老韩说明天再来。", "薛", "韩"),
    ("收货人Kevin 邓，电话另附。", "Kevin 邓"),
    ("姓名拼音：HUANG LIPING，请核对护照。", "HUANG LIPING"),
    ("申请人 阿迪力·麦麦提 已提交材料，古丽娜尔·吐尔逊的证件已到。", "阿迪力·麦麦提", "古丽娜尔·吐尔逊"),
    ("受托人濮阳振华到场，淳于慧上周签字。", "濮阳振华", "淳于慧"),
    ('{"姓": "公孙", "名": "胜男", "车牌号": "京A·2K37X"}', "公孙", "胜男", "京A·2K37X"),
    ("车子是沪C·55D09，保单号ZHX20260011832", "沪C·55D09", "ZHX20260011832"),
    ("外公是1948年腊月廿八出生的", "1948年腊月廿八"),
    ("雷處長和楊小姐都到了", "楊"),
    ("総務部の緒方です。佐古課長と戸塚部長にもお伝えください。", "緒方", "佐古", "戸塚"),
    ("患者若槻陽子、主治医 日下部 亮、経過は良好です", "若槻陽子", "日下部 亮"),
    ("妻の真由美と、息子の拓也が同乗します", "真由美", "拓也"),
    ("周さんと崔様がお見えです", "周", "崔"),
    ("口座名義は、タケダ ヨシコ、契約者本人のAnna Kowalskiです", "タケダ ヨシコ", "Anna Kowalski"),
    ("お名前はカルロス・エドゥアルド・シウバです", "カルロス・エドゥアルド・シウバ"),
    ("何卒よろしくお願いいたします。\n\n株式会社オオゾラ 管理部\n波多江 圭介（はたえ けいすけ）\n直通 03-5555-0199", "波多江 圭介"),
    ('{"姓": "御手洗", "名": "つむぎ", "セイ": "ミタライ", "個人番号": "1234 5678 9018"}', "御手洗", "つむぎ", "ミタライ", "1234 5678 9018"),
    ("S61.7.9生、H2.11.30生まれ", "S61.7.9", "H2.11.30"),
    ("車両番号は多摩 502 て 31-62、証券番号K4410092871", "多摩 502 て 31-62", "K4410092871"),
    ("記号・番号は2204-71です", "2204-71"),
    ("札幌市北区北24条西6丁目2番地8に住んでいます", "札幌市北区北24条西6丁目2番地8"),
    ("Die Dame, Fr. Lindenschmidt, hat angerufen und bittet um Antwort.", "Lindenschmidt"),
    ("Meine Tochter Anna-Lena ist krank.", "Anna-Lena"),
    ("Meine Versicherte A123456780 wartet, ich brauche die Karte.", "A123456780"),
    ("RV-Nummer 15 070649 C 10 3 liegt bei", "15 070649 C 10 3"),
    ("Das Kennzeichen lautet HH-XY 1234, Versicherungsschein-Nr. LV 33 120 554-1.", "HH-XY 1234", "LV 33 120 554-1"),
    ("Patient (*04.08.1971) ist stabil, Rückruf: 0049 30 901 820 55", "04.08.1971", "0049 30 901 820 55"),
    ("Wir wohnen im Amselweg 9 in 79098 Freiburg.", "Amselweg 9 in 79098 Freiburg"),
    ("Je vous prie d'agréer mes sentiments distingués.\n\nMaud de La Ferrière", "Maud", "Ferrière"),
    ("Ma nièce Rose-Marie arrive demain, sonnez chez Przybylski.", "Rose-Marie", "Przybylski"),
    ("Nom d'usage : Haddad-Morin", "Haddad-Morin"),
    ("Son NIR : 2.55.08.14.168.025.38, merci.", "2.55.08.14.168.025.38"),
    ("Le véhicule immatriculé BX-901-QL est chez nous, police n° RC-4410 2281.", "BX-901-QL", "RC-4410 2281"),
    ("Elle habite résidence Les Tilleuls, appt 7, 44000 Nantes.", "résidence Les Tilleuls, appt 7, 44000 Nantes"),
    ("Llame a D.ª Neus Ferrer i Pou, por favor.", "Neus Ferrer", "Pou"),
    ("Dígale al Sr. Mwangi que el informe está listo.", "Mwangi"),
    ("Mi carnet es el 12.345.678Z y mi fecha de nac. es el 2.3.1981.", "12.345.678Z", "2.3.1981"),
    ("La furgoneta 3381 LKB tiene la póliza 77-1120-445890.", "3381 LKB", "77-1120-445890"),
    ("El paquete va a la Urb. Las Lomas, parcela 12, 29640 Fuengirola", "Urb. Las Lomas, parcela 12, 29640 Fuengirola"),
    ("Vive en la Calle 93 # 14-20, apto 301, Bogotá", "Calle 93 # 14-20"),
    ("A/C Eng.º Teodoro Bragança, telef. 22 318 07 64", "Teodoro Bragança", "22 318 07 64"),
    ("Aqui é a Rosângela Batista, o meu CPF é 529 982 247 25.", "Rosângela Batista", "529 982 247 25"),
    ("A condutora Ilza Meirelles, placa FGH2J45, apólice 4471.0098.22", "Ilza Meirelles", "FGH2J45", "4471.0098.22"),
    ("A entrega é na Quinta da Fonte, Lote 9, 2635-101 Rio de Mouro", "Quinta da Fonte, Lote 9, 2635-101 Rio de Mouro"),
    ("A empresa fica na Rod. SP-330, km 98, em Campinas, com portaria.", "Rod. SP-330, km 98"),
]  # fmt: skip


@pytest.mark.parametrize("case", FOUND, ids=lambda case: str(case[0][:24]))
def test_people_are_found_by_what_stands_around_them(case: tuple[str, ...]) -> None:
    text, *values = case
    redacted = REDACTOR.text(text)
    assert not [value for value in values if value in redacted]


CHINESE_STAYS = [
    "小米和华为的新款手机下周发布。",
    "产品经理和项目经理都在会议室。",
    "总经理办公室通知:高总价订单需要审批。",
    "请在公告栏张贴通知,陈列柜请擦干净。",
    "王者荣耀今晚维护,王国纪元也停服。",
    "白菜价促销,黄金周不打烊。",
    "医生建议多休息,护士会联系您。",
    "小时工、小程序、小区、小学都可以搜到。",
    "老师说明天不上课,老年卡可以打折。",
    "原主任已经调走,新主任下周到任。",
    "应经理要求,请尽快提交报告。",
    "向老师请教问题时要有礼貌。",
    "我妈高血压的药吃完了,我爸马上到。",
    "女儿高兴地说想去动物园。",
    "孩子叫醒服务需要提前预约。",
    "客户高度认可我们的方案。",
    "用户安装后打不开,员工张贴海报。",
    "司机端和乘客端要分别下载,车主认证中。",
    "双方经理签字后生效,甲方律师已确认。",
    "语文老师和数学老师都不在,历史老师请假。",
    "百姓的名字,同姓的人很多。",
    "姓名必填,姓氏按拼音排序。",
    "我叫车去机场,麻烦快一点。",
    "请给方案打分,由于系统升级暂停服务。",
    "《三体·黑暗森林》和苹果·旗舰店。",
    "周大福·传承系列金饰。",
    "汇总:本月总计1200元。",
    "金总是最好的投资,年总结要交。",
    "负责人:待定;联系人:暂无。",
    "备注:易碎品;方式:快递。",
    "类型：高级会员；费用：免费。",
    "地点：广州南站；时间：周五。",
    "作者：佚名",
    "班主任会议在周三,系主任和年级主任都要参加。",
    "出租车师傅和安装师傅请走南门。",
    "经理办公室在左边,主任医师门诊时间见公告。",
    "老板让我们加班,老公房价格上涨。",
    "阿里巴巴和阿里云的发票分开开。",
    "于是我们决定取消,任何问题请联系客服。",
    "业余教练,外教老师,助理工程师。",
    "部门经理审批后,财务经理会打款。",
    "全体同学请注意,各位家长您好。",
    "小高层住宅,小户型,老房子改造。",
    "小龙虾和小黄鱼都卖完了。",
]

JAPANESE_STAYS = [
    "部長職と課長職の研修は来週の火曜日です。",
    "営業部長と人事課長、総務課長に回覧してください。",
    "新任部長、前任課長、担当課長の引き継ぎ資料です。",
    "副社長室と医局長室は三階にあります。",
    "東京駅から新宿までは中央線で15分です。",
    "上野動物園と千葉公園は本日休園です。",
    "石川県と福島県の送料は無料です。",
    "山口支店と福岡支店の営業時間は同じです。",
    "営業部のメンバー全員に共有してください。",
    "開発部の方針が変わりました。人事部の本部が移転します。",
    "名義変更の手続きには印鑑が必要です。",
    "患者数は前年比で5%増えました。患者様各位",
    "母の日と父の日のギフトはお早めにご注文ください。",
    "母の実家と妻の会社に寄ります。夫の扶養に入りたい。",
    "娘の写真、息子の学校、妻の希望をまとめます。",
    "田中商店と山本電機は取引先です。松本城は国宝です。",
    "代表取締役の選任には株主総会の決議が必要です。",
    "森の中の図書館は10時に開きます。",
    "林の奥に原っぱがあります。東の方角に南の島。",
    "担当は営業部です。担当者は後日連絡いたします。",
    "受付は平日9時からです。受付は朝8時に開始します。",
    "記号と番号は保険証の表面に記載されています。",
    "ナンバープレートの変更は陸運局で行います。",
    "バージョンH3.2、モデルS12.5.1にアップデート。",
    "社長、会長、専務のスケジュールを調整しました。",
    "株式会社ヤマダ電機 御中",
    "お客様の声、皆様のご意見、神様のカルテ。",
    "お名前:未入力 氏名:必須 名義:法人",
    "宛先は本社、送り主は弊社になります。",
    "本田技研工業と川崎重工業の株価です。",
    "三菱東京の口座番号は窓口でお尋ねください。",
    "マイクロソフト・ウィンドウズとアドビ・フォトショップを更新。",
    "コーヒー・ケーキ・サンドイッチのセット",
    "長野新幹線、中野坂上駅、金沢駅、大宮駅",
    "ドライバーのインストール、プリンター・ドライバーは不要です。",
    "監督の新作映画、選手の皆さん、議員会館",
    "代表者会議は10時からです。責任者講習を受けます。",
    "本人確認書類、本人限定受取、友人紹介キャンペーン",
    "予約は不要、予約の変更は前日まで。",
    "私の注文はどうなりましたか。私が登録した住所。",
    "主人公の声優、妻子の同伴、父母会の案内",
    "山形のさくらんぼ、青森のりんご",
    "部署 連絡先\n総務課 内線\n商品名 価格",
    "以上、よろしくお願いいたします。\nカスタマーサポート",
    "以上\n経理部",
]

LATIN_STAYS = [
    "Dr. Oetker Pizza und Frau Holle Bettwäsche sind im Angebot.",
    "Das Programm heißt Windows Defender und ist kostenlos.",
    "Wir fahren über die Schillerstraße und dann links in die Goethestraße.",
    "Der ICE 578 von Frankfurt nach Hamburg fährt auf Gleis 7.",
    "Kennzeichen der Bestellung ist die Auftragsnummer 4711-2026-000123.",
    "Hier ist Ihr Kundenservice, was können wir tun?",
    "Ich bin der Meinung, dass die Rechnung falsch ist.",
    "Die Police gilt ab 01.01.2027 für alle Fahrer.",
    "Ich bin Premium Kunde und warte auf Antwort.",
    "Mein Freund und Helfer ist die Polizei.",
    "Der Inhaber der Karte muss unterschreiben.",
    "Gibt es das Modell AB 1234 auch in Rot? Die Artikelnummer ist M123456789.",
    "Frankfurt am Main, Stuttgart und München haben Filialen.",
    "Fr. 24.12. geschlossen, Sa. 25.12. ebenfalls.",
    "Freund oder Feind ist eine Serie auf Netflix.",
    "Liebe Kolleginnen und Kollegen, bitte beachten.",
    "Der BMW 320 D und der Audi A4 sind verfügbar.",
    "Zum Alten Krug ist eine Gaststätte, Am Markt gibt es Parkplätze.",
    "Tochtergesellschaft Siemens Energy meldet Gewinn.",
    "Aqui é a Secretaria Geral, bom dia.",
    "Aqui é o Banco Central, confirme o código.",
    "Aqui é São Paulo, a reunião começa às 10h.",
    "A placa de vídeo RTX 4070 chegou, o carro é um BMW 320.",
    "A moto Honda CBR 1000 e a viatura Renault 4 estão na oficina.",
    "O Porto e Lisboa têm metro; a Rua Augusta está fechada.",
    "Quinta e sexta estamos fechados, Rua do Ouro sem trânsito.",
    "O filme se chama Cidade Perdida e é ótimo.",
    "A apólice cobre incêndio e roubo até 50.000 euros.",
    "Cliente Premium Gold tem desconto.",
    "Bom dia Brasil começa às 8h30.",
    "O modelo XR-20-40 está esgotado, encomenda 123 456 789.",
    "Soy de Zaragoza y trabajo en Madrid.",
    "Soy Cliente Premium desde 2019.",
    "El programa se llama Microsoft Teams y es gratis.",
    "La Calle Mayor y la Plaza de España están cortadas.",
    "El coche BMW 320 y la moto Yamaha 500 están en venta.",
    "La carrera 10 K de Valencia empieza a las 9.",
    "Doña Manolita y Don Simón son marcas.",
    "El polígono industrial abre de 8 a 20 horas.",
    "La póliza del hogar cubre 50.000 euros.",
    "El padre de la Constitución es un título.",
    "Gracias a todos, un saludo del equipo de Atención al Cliente.",
    "La profesora explicó el tema 12; la maestra Vida también es un libro.",
    "El director general de Tráfico informó de los cortes.",
    "C'est Noël bientôt, et c'est la Fête des Mères.",
    "C'est Paris qui accueille le salon.",
    "Ici Paris et Le Parisien sont des journaux.",
    "Je suis Client Premium depuis 2019.",
    "Le logiciel s'appelle Adobe Photoshop.",
    "Chez Leclerc, la Rue de Rivoli est fermée.",
    "La résidence Les Glycines recrute des bénévoles.",
    "Le chauffeur VTC Premium arrive dans 5 minutes.",
    "La police de caractères Arial 12 est utilisée.",
    "La voiture Peugeot 208 est en panne, modèle AB-208.",
    "Née de la fusion de deux groupes, la société grandit.",
    "Madame Figaro et Monsieur Bricolage sont des marques.",
    "La maison Le Corbusier se visite le dimanche.",
    "Cordialement,\nL'équipe Support",
    "Viele Grüße\n\nIhr Team Kundenservice",
    "Mit freundlichen Grüßen\n\nDeutsche Bahn Fernverkehr",
]


@pytest.mark.parametrize("text", CHINESE_STAYS + JAPANESE_STAYS + LATIN_STAYS)
def test_what_only_looks_like_a_person_stays(text: str) -> None:
    found = languages(()).find(text, lower(text), words_in(text))
    assert [text[one.start : one.end] for one in found] == []


def test_the_sure_cue_makes_the_rare_name() -> None:
    assert chinese_name_at("过小红", 0) is None
    assert chinese_name_at("过小红", 0, rare=True) == (0, 3)
    assert chinese_name_at("安排会议", 0) is None


def test_every_compound_family_name_is_found_before_a_title() -> None:
    missed = [name for name in sorted(COMPOUND) if name in REDACTOR.text(f"好的，{name}女士您好")]
    assert missed == []


def test_nearly_every_family_name_is_found_behind_i_am_called() -> None:
    missed = [name for name in sorted(ALL) if f"{name}伟华" in REDACTOR.text(f"姓名：{name}伟华")]
    assert missed == []


def test_a_japanese_text_is_not_read_as_a_chinese_one() -> None:
    assert japanese("田中様、配送先の変更を承りました")
    assert not japanese("田女士，配送地址已经改好")


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checks.german_health_insurance, "A123456780", "A123456789"),
        (checks.german_pension_insurance, "15 070649 C 103", "15 070649 C 104"),
        (checks.spanish_social_security, "28/5893592523", "28/5893592524"),
    ],
)
def test_check_digits_of_insurances(check, right: str, wrong: str) -> None:
    assert check(right)
    assert not check(wrong)
    assert not check("")
    assert not check(right + "1")


def test_a_health_insurance_number_without_a_cue_needs_right_check_digits() -> None:
    assert "A123456780" not in REDACTOR.text("Bitte prüfen Sie A123456780 für mich.")
    assert "A123456789" in REDACTOR.text("Bitte prüfen Sie A123456789 für mich.")


@pytest.mark.parametrize(
    ("written", "meant"), [("S47.3.18", "1972-03-18"), ("H3/12/5", "1991-12-05"), ("R1.5.20", "2019-05-20")]
)
def test_a_date_of_an_era_is_read_in_its_short_form(written: str, meant: str) -> None:
    assert meanings(written) == (meant,)


def test_a_version_is_no_date_of_an_era() -> None:
    assert meanings("v3.12.5") == () == meanings("S3.12.5.1")


def test_the_table_of_names_tells_people_from_other_words_with_capital_letters() -> None:
    assert personal("Jean-Luc Moreau")
    assert given("Marie-Claire")
    assert not any(map(personal, ("Banco Central", "Lisboa", "São Paulo", "Atención Técnica", "Noël")))
    assert not given("Premium")


def test_figures_with_a_title_are_nobody() -> None:
    assert figure("Dr. Oetker", 4)
    assert REDACTOR.text("Das Backpulver von Dr. Oetker ist alle.") == "Das Backpulver von Dr. Oetker ist alle."
    assert "Oettinger" not in REDACTOR.text("Das Rezept hat Dr. Oettinger ausgestellt.")
