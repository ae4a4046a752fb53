"""A second hold-out for the languages, written after the first had been measured and before anything was mended.

Run from the checkout's root:

    python -m benchmarks.languages_unseen_more benchmarks.leak:text        FACTORY() -> f(text) -> text
    python -m benchmarks.languages_unseen_more benchmarks.leak:text -v     prints what was left, and what changed

Twenty messages a language (Portuguese: ten for Portugal, ten for Brazil) and ten in which nothing is personal, in the
form of `benchmarks.languages_unseen`, whose scorer and self-check it uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from benchmarks.languages_unseen import main
from benchmarks.languages_unseen_texts import messages_of

MESSAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "de": messages_of("""
Servus, da spricht der [[n:Xaver Huber-Kandlinger]] aus Rosenheim. Die Heizung geht schon wieder nicht.
%%
Sehr geehrte Fr. Dr. [[n:Mbeki]], anbei die Befunde von [[b:Gisela Traub]].
%%
Kontoinhaber: [[n:Ruslan Achmedow]]
IBAN [[iban:DE69 7015 0000 0355 2383 41]]
Verwendungszweck: Miete Januar
%%
Versichertennummer auf der Karte: [[kvnr:W 337 015 956]], bitte prüfen Sie den Zuschlag.
%%
Meine Tochter [[n:Marie-Luise]] ist seit heute krank, bitte entschuldigen Sie sie.
%%
Unfallgegner ist [[n:Detlef Brömmelkamp]], Kennzeichen [[o:B-MW 4417]], Versicherungsschein [[o:KFZ 88 201 774-3]].
%%
{"patient": {"name": "[[n:Wachowiak]]", "vorname": "[[n:Leszek]]", "geb": "[[d:02.11.1947]]", "anschrift": "[[a:Zur Alten Mühle 8]]", "kvnr": "[[kvnr:A676158559]]"}}
%%
Rufen Sie mich bitte unter [[p:0170/5566 7788]] zurück, [[n:Fr. Ilse Donnerhak]].
%%
Die Rentenversicherungsnr. lautet [[rvnr:65 050954 F 799]], Steuer-ID [[steuer:47 350 863 397]].
%%
Unser Hausmeister, Herr [[n:Çelik]], hat am Montag bei [[b:Wolfgang Pietsch]] den Zähler abgelesen.
%%
Mit besten Grüßen aus dem Allgäu

[[n:Dr. Hannelore Freiin von der Recke]]
Fachärztin für Allgemeinmedizin
[[a:Kirchplatz 2, 87435 Kempten]]
%%
Reisepass [[o:C4FG7H2K9]], gültig bis 08/2031, ausgestellt auf [[n:Jonas Ettlinger]].
%%
der papa von [[b:Mats]] heißt [[n:Piet Claußen]] und ist unter [[p:04321 998 877]] zu erreichen
%%
Wir sind zum 1.12. umgezogen: [[a:Haus Nr. 5, Am Dorfanger, 16278 Angermünde]].
%%
Bewerberin: [[n:Thi Lan Pham]] (*[[d:23.06.1996]]), verfügbar ab März.
%%
Zeugin [[n:Roswitha Kämmerling]] gab an, den Wagen mit dem Kennzeichen [[o:MYK-AB 12]] gesehen zu haben.
%%
Bitte an Familie [[n:Aksoy]], [[a:Schillerstr. 44, Hinterhaus, 50968 Köln]] liefern. Falls keiner da ist: Nachbarin [[n:Frau Lüdecke]].
%%
Betreff: Kündigung Vertrag [[n:Holger Stürzenbecher]]
Personalnr. 55102
%%
Guten Morgen [[n:Herr Kollege Ahrendt]], der Termin mit der Mandantin [[n:Ursula Graf-Möbius]] ist am Freitag.
%%
Für die Anmeldung: [[b:Emre Yavuz]], geboren [[d:5. Mai 2016]], Klasse 3b; Mutter: [[n:Derya Yavuz]], Handy [[p:+49 151 2345 6701]].
"""),
    "fr": messages_of("""
Bonjour, ici [[n:Gwenaëlle Le Berre]], j'appelle pour mon forfait qui est bloqué depuis hier soir.
%%
Le locataire du 3e, [[n:M. Ouattara]], n'a toujours pas réglé novembre.
%%
Nom : [[n:Vandenbroucke]]
Prénom(s) : [[n:Marie-Ange]]
Date et lieu de naissance : [[d:03/02/1957]], Dunkerque
NIR : [[nir:2 92 09 87 602 739 93]]
%%
Pouvez-vous livrer chez [[n:Bouchareb]] au lieu de chez moi ? C'est le [[a:12 bis rue des Tanneurs, 67000 Strasbourg]].
%%
Bien cordialement

[[n:Yves de Kermadec]]
Directeur des achats
[[p:+33 (0)2 98 44 17 60]]
%%
{"assure": {"nom": "[[n:N'Diaye]]", "prenom": "[[n:Aïssatou]]", "nir": "[[nir:281125229996810]]", "adresse": "[[a:Résidence du Lac, bâtiment C, 74000 Annecy]]"}}
%%
La plaque du scooter est [[o:EK-204-ZT]] et le numéro de police [[o:4471-0098-B]].
%%
Mon mari, [[n:Krzysztof]], est hospitalisé au CHU. Merci d'appeler sa sœur [[n:Ewa Lis]] au [[p:0033 6 12 98 44 07]].
%%
[[b:Solène Quéméneur]] a rendu son badge ce matin.
%%
Pour le virement : [[iban:FR07 2004 1010 0537 6054 7Z05 617]] au nom de l'indivision, gérante [[n:Apolline d'Aubigné]].
%%
Maître [[n:El Khattabi]] demande le renvoi de l'affaire au 12 mars.
%%
Née [[n:Fournier]], épouse [[n:Sissoko]], elle habite [[a:lieu-dit Kerbihan, 56400 Auray]].
%%
Le chauffeur [[n:Zoltán Kiss]] arrivera vers 9 h, passeport [[o:BH7719204]].
%%
Merci de noter ma nouvelle adresse mail : [[e:p.leguennec@courriel-exemple.fr]] et mon portable [[p:07 81 22 09 46]].
%%
L'infirmière, Mme [[n:Thi Mai Nguyen-Roux]], passe à 7 h. Le patient [[n:Armand Lacombe]] est à jeun.
%%
Titre de séjour n° [[o:9924817702]] au nom de [[n:Rahimi, Farid]].
%%
je m'appelle [[n:ines belkacem]] et je suis née le [[d:14 juillet 1999]]
%%
Signé : [[n:Jean-François du Plessis]]
Fait à Tours le 20/11/2026
%%
Le compte rendu est pour le docteur [[n:Anh Tuan Vo]], pas pour [[b:Benoît Charlier]].
%%
Ma belle-mère [[n:Yvonne Mérindol]], 84 ans, vit aux [[a:Résidences Bellevue, appt 204, 06200 Nice]].
"""),
    "es": messages_of("""
Buenas, le llamo de parte de [[n:Aitor Zubizarreta Goñi]], que no le funciona la fibra.
%%
Atte.,
[[n:Mª Dolores Peñalver]]
Dpto. de Personal
Tfno. [[p:968 22 41 07]]
%%
La Sra. [[n:Wójcik]] no acepta la propuesta y pide hablar con su abogado, D. [[n:Blas de la Torre]].
%%
NIF del titular: [[dni:29139434-K]]. Nombre y apellidos: [[n:Xoán Carballo Freire]].
%%
{"paciente": {"nombre": "[[n:Guadalupe]]", "apellido1": "[[n:Tzompantzi]]", "fnac": "[[d:1979-04-30]]", "movil": "[[p:+52 55 3917 4420]]", "seguro": "IMSS"}}
%%
El coche es un Ibiza gris, matrícula [[o:0917 JKL]], y la póliza la [[o:AUT-77120934]].
%%
Vive en [[a:Camino Real s/n, Km 4, 23400 Úbeda]] con su hija [[n:Inmaculada]].
%%
Para la reserva: [[n:Liu Wei]] y [[n:Liu Meiling]], pasaportes [[o:EA8820147]] y [[o:EA8820148]].
%%
mi nie es [[nie:Y1507004N]] y nací el [[d:8 de febrero de 1993]], gracias
%%
[[b:Nerea Etxebarria]] cubre la baja de [[b:Cosme Villalba]].
%%
Nº de afiliación a la Seguridad Social [[naf:28/58935925/23]], trabajadora [[n:Rocío Amuchástegui]].
%%
Avisen al portero, [[n:Sr. Benavent]], de que el técnico va al [[a:Pje. de las Acacias 14, 2.º dcha., 30008 Murcia]].
%%
Ingrese los 300 € en [[iban:ES91 2100 0418 4502 0005 1332]]; la cuenta está a nombre de mi suegra, [[n:Fermina Ochandiano]].
%%
¿Puede el doctor [[n:Abdelkader]] verme el jueves? Soy [[n:Toñi]], la de las 11.
%%
El inquilino [[n:Yevhen Kovalenko]], con documento [[nie:X6494031G]], abandona la vivienda de [[a:Av. Insurgentes Sur 1602, int. 4, Col. Crédito Constructor, 03940 Ciudad de México]].
%%
Firmado: [[n:Josep Lluís Puigcerver i Sanchis]]
%%
Hola [[n:Begoña]], te reenvío el parte de [[b:Hicham El Idrissi]].
%%
Padre: [[n:Anselmo Quispe Mamani]], ocupación agricultor. Madre: [[n:Luz Marina Condori]].
%%
me apellido [[n:Oyarzábal]], con zeta, y mi teléfono es el [[p:655-90-21-34]]
%%
Repartidor: deje el paquete en casa de los [[n:Iriarte]], [[a:C/ Mayor, 3, bajo, 31001 Pamplona]].
"""),
    "pt-PT": messages_of("""
Boa tarde, daqui fala [[n:Custódia Marreiros]], é por causa do contador da luz.
%%
O Eng. [[n:Lourenço Saldanha e Menezes]] pediu que lhe ligassem para o [[p:+351 21 790 44 18]].
%%
Nome: [[n:Oleksandr Hrytsenko]]
NIF: [[nif:272 037 010]]
NISS: [[niss:1234 7522 130]]
%%
A minha mãe, [[n:Deolinda]], mora na [[a:Praceta das Oliveiras, n.º 6, 4.º B, 2745-112 Queluz]].
%%
A viatura com a matrícula [[o:AB-41-RT]] está em nome de [[n:Rui Tavares da Fonseca]], apólice n.º [[o:7700.118.422]].
%%
[[b:Leonor Vilhena]] já assinou a ata.
%%
O Sr. Dr. [[n:Sacadura]] dá consulta às terças. O utente [[n:Ilídio Barroca]], nascido a [[d:1 de dezembro de 1940]], quer marcar.
%%
Ao cuidado da D.ª [[n:Perpétua Galamba]], [[a:Urbanização Quinta do Lago, Lote 17, 8135-024 Almancil]].
%%
Transfira para [[iban:PT89 0033 2722 6931 1087 1861 8]], por favor, titular [[n:Yuri Semedo Tavares]].
%%
Chamo-me [[n:Fátima]], o meu telemóvel é o [[p:96 204 18 77]].
"""),
    "pt-BR": messages_of("""
Bom dia! Quem fala é a [[n:Gislaine Prudêncio]], queria remarcar a entrega.
%%
meu nome é [[n:uanderson lopes]] e meu cpf [[cpf:673.398.619-12]]
%%
Paciente: [[n:Dorival Caymmi Prates]], cartão do SUS [[cns:745 4810 2876 0273]], DN [[d:22/08/1966]].
%%
Recebi a ligação da Dra. [[n:Nakayama]] sobre o exame do meu filho [[n:Kauã]].
%%
A moto é a de placa [[o:QJX-3F81]] e o condutor era o [[b:Edmilson Pacheco]].
%%
Entregar na [[a:Alameda dos Jacarandás, 77, bloco B, apto 302, Campinas - SP, 13092-455]], falar com o porteiro [[n:Seu Agenor]].
%%
CNPJ [[cnpj:54.816.211/0001-26]], sócia [[n:Hildegard Schmitt]], fone [[p:(47) 3322-9081]].
%%
[[b:Tainá Kamaiurá]] pediu demissão ontem.
%%
Prezado Senhor [[n:Abílio]], confirmamos o PIS [[pis:124.61314.27-8]].
%%
Assinado: [[n:Pe. Anchieta Goulart]], [[a:SQN 210 Bloco F, ap. 504, Brasília - DF]].
"""),
    "ja": messages_of("""
はじめまして、[[n:仙波]]と申します。カードの暗証番号を忘れてしまいました。
%%
[[n:蛭田 良介]]様宛のお荷物、住所不明で戻っております。正しいご住所は[[a:埼玉県さいたま市大宮区桜木町2丁目7番地5]]でしょうか。
%%
診察をお願いしたいのは父の[[n:喜八郎]]です。[[d:昭和9年3月30日]]生まれで、保険証の番号は[[o:28140076]]です。
%%
[[n:鮎川]]社長と[[n:瀬戸口]]専務が来週の月曜に来社されます。
%%
{"申込者": {"姓": "[[n:伊集院]]", "名": "[[n:茉莉花]]", "セイ": "[[n:イジュウイン]]", "メイ": "[[n:マリカ]]", "携帯": "[[p:080-2217-6634]]"}}
%%
口座名義人:[[n:ヤマグチ ハナエ]] 口座番号:[[o:3920174]]
%%
お電話の方は[[n:楊]]さんで、[[n:ファン・ヴァン・ナム]]さんの通訳をされているそうです。
%%
契約者[[n:樫本真由美]]、車両番号[[o:横浜 501 す 20-48]]、証券番号[[o:B7720184533]]。
%%
[[b:南雲梨花]]は本日有休です。
%%
マイナンバー [[mynumber:638732294656]] を登録しました。本人確認書類は運転免許証[[o:309918274410]]です。
%%
以上、ご確認のほどよろしくお願いいたします。

株式会社ヒガシ精機 品質保証部
[[n:不破 哲也]]
[[a:〒444-0864 愛知県岡崎市明大寺町字寺東1-9 東ビル3F]]
直通 [[p:0564-31-7720]]
%%
こちら[[n:榊原]]です。娘の[[n:結衣]]が熱を出したので今日の予約をキャンセルしたいです。
%%
ゲスト名:[[n:Sofia Lindqvist]](スウェーデン)、到着は18時ごろ、連絡先[[p:+81-70-4419-2087]]。
%%
看護師の[[n:簗瀬]]が対応しました。患者ID 88213、[[n:久留米 大樹]]氏、血圧正常。
%%
送付先を[[a:沖縄県那覇市久茂地1-7-1 琉球リース総合ビル9階]]、宛名は[[n:比嘉 朝陽]]に直してください。
%%
[[n:江頭]]主任、[[n:鳥飼]]さん家の分も一緒にお願いします。
%%
生年月日は[[d:H3.12.5]]、電話は[[p:03(6380)1174]]、名前は[[n:ほしの ゆめ]]です。
%%
面談希望者
1. [[b:国分美鈴]]
2. [[b:アブドゥル・ラーマン]]
%%
お客様番号は不明とのことですが、[[n:倖田]]様名義で、登録の電話は[[p:0120-44-1982]]でした。
%%
保証人:[[n:毛利 元春]](続柄:叔父)、勤務先は呉造船、[[d:1968/07/02]]生。
"""),
    "zh": messages_of("""
您好,我这边是[[n:佘佳怡]]的妈妈,想问一下疫苗什么时候能打。
%%
[[n:付]]律师您好,昨天[[n:东方]]先生提到的合同我已经看过了。
%%
车主[[n:仇志勇]],车牌号[[o:浙A·D7F20]],保单号码[[o:PDZA202633017744]]。
%%
小[[n:葛]]啊,你把[[b:万俟明珠]]的档案找出来。
%%
{"乘客": [{"姓": "[[n:Okafor]]", "名": "[[n:Chidi]]", "护照": "[[o:A09217745]]"}, {"姓名": "[[n:查理想]]", "证件号": "[[zhid:330106195408059085]]"}]}
%%
我爸[[n:郎永福]]今年七十了,[[d:1956年腊月二十]]的生日,医保卡找不到了。
%%
老[[n:曲]]昨天请假了,让[[n:覃]]工替他值班。
%%
麻烦转告[[n:苏]]处长和[[n:冯]]科长,会议改到下午三点。
%%
投诉人:[[n:晏小婉]],联系电话:[[p:133 9017 2264]],住址:[[a:陕西省西安市雁塔区小寨西路26号院3号楼2单元1101]]
%%
借款人[[n:佟雨薇]]的身份证是[[zhid:420111200705270115]],卡号[[card:6228 4817 1191 3909 280]]。
%%
[[b:哈斯巴根]]把户口本忘在三号窗口了。
%%
我儿子[[n:乐天佑]]在你们学校读三年级,班主任是[[n:卜]]老师。
%%
快递员[[n:占师傅]]说放在[[a:佛山市禅城区季华五路22号之三]]的前台了。
%%
姓名(拼音):[[n:OUYANG QIAN]] 出生日期:[[d:1988.11.02]] 手机 [[p:+86-189-2204-6671]]
%%
经办人[[n:热依汗古丽·艾合买提]],审核人[[n:牛犇]]。
%%
我是住[[a:苏州市工业园区星湖街328号]]那边的,姓[[n:过]],这个姓比较少见。
%%
主治医师:[[n:荀令仪]];患者家属:[[n:缪学军]](父子),电话 [[p:0571-8722 9013]]。
%%
领导您好,[[b:戚薇薇]]的转正申请麻烦您批一下,[[n:常]]总那边已经同意了。
%%
出租方:[[n:夏侯长安]] 身份证号:[[zhid:33010619570213148X]]
承租方:[[n:司马晴]] 身份证号:[[zhid:500103199810029096]]
%%
我老婆叫[[n:水灵]],她[[n:Tony 唐]]老师那节课想改到周日。
"""),
}

PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "de": messages_of("""
Dr. Oetker Backpulver und Frau Holle gibt es in Regal 7.
%%
Von der Haltestelle gehen Sie die Schillerstraße entlang bis zum Marktplatz.
%%
Herr des Verfahrens ist die Staatsanwaltschaft; die Frist endet am 30.11.2026.
%%
Kennzeichen der Lieferung ist die Sendungsnummer 00340434161094021501.
%%
Der ICE „Albert Einstein“ fährt auf Gleis 12.
%%
Unsere Mitarbeiter helfen gern. Kunden Service Center, Montag bis Freitag.
%%
Tel. Auskunft kostet 1,99 €/Min. aus dem Festnetz.
%%
Das Modell XC-4417 20 ist ausverkauft, Ersatz ab KW 49.
%%
Police-Modul 4.2 und Passwort-Tresor wurden aktualisiert.
%%
Mein Sohn Max ist gut? Nein: „Max“ heißt hier maximal 5 Geräte.
"""),
    "fr": messages_of("""
La rue de la République est fermée à la circulation ce week-end.
%%
Chez Leclerc, le lave-linge est à 299 €.
%%
M. Propre et Mme Irma sont des marques, pas des clients.
%%
Le contrat de location prend effet le 1er décembre 2026.
%%
La résidence étudiante ouvre en septembre, 120 logements.
%%
Le Mont-Saint-Michel se visite de 9 h à 18 h.
%%
Police d'assurance : voir les conditions générales, page 12.
%%
Train Intercités 3837, voiture 14, place 62.
%%
Le modèle BX-204-K est livré avec deux batteries.
%%
Signé électroniquement le 12/11/2026 à 10:04.
"""),
    "es": messages_of("""
La calle Mayor estará cortada el domingo por la maratón.
%%
Don Simón y Doña Manolita son marcas muy conocidas.
%%
El pedido 4471-KLM-20 sale mañana del almacén.
%%
Me llamo la atención sobre el artículo 14 de la ley.
%%
La carrera 10K empieza a las 9:00 en la plaza.
%%
Polígono de frecuencias y diagrama de barras, tema 4.
%%
El tren Alvia 4071 llega a Gijón a las 21:15.
%%
Póliza de seguro de hogar: consulte las condiciones generales.
%%
Soy de Zaragoza y llego el martes.
%%
Matrícula abierta hasta el 30 de septiembre.
"""),
    "pt-PT": messages_of("""
A Rua Augusta está fechada ao trânsito no sábado.
%%
Dona Maria II é o nome do teatro.
%%
O comboio Intercidades 523 parte de Lisboa-Oriente às 9h39.
%%
A matrícula no curso termina a 15 de setembro.
%%
Aqui é a secretaria, abrimos às 9h.
"""),
    "pt-BR": messages_of("""
Aqui é o Banco do Brasil: sua fatura vence dia 10.
%%
A placa de vídeo RTX 4070 está em promoção.
%%
São Paulo e Rio de Janeiro têm voos de hora em hora.
%%
Chame o suporte pelo chat, protocolo 20261130.
%%
Condomínio fechado com 3 quartos a partir de R$ 450.000.
"""),
    "ja": messages_of("""
部長職と課長職の研修は来週です。
%%
東京駅から新宿までは中央線で15分です。
%%
営業部のメンバー全員に共有してください。
%%
名義変更の手続きには印鑑が必要です。
%%
患者数は前年比で5%増えました。
%%
記号・番号は保険証の表面に記載されています。
%%
母の日のギフトはお早めにご注文ください。
%%
田中商店と山本電機は取引先です。
%%
代表取締役の選任には株主総会の決議が必要です。
%%
森の中の図書館は10時に開きます。
"""),
    "zh": messages_of("""
小米和华为的新款手机下周发布。
%%
总经理办公室在五楼,高总价房源不多。
%%
请在公告栏张贴通知,陈列柜要擦干净。
%%
王者荣耀今晚维护,白菜价促销只有一天。
%%
医生护士都很辛苦,主任医师门诊周三上午。
%%
我姓名怎么改?请在设置里修改昵称。
%%
小时工和小家电的保修期不一样。
%%
车牌号码识别系统正在升级。
%%
司机端和乘客端的应用要分别下载。
%%
孩子叫醒服务是早上七点。
"""),
}

if __name__ == "__main__":
    main(MESSAGES, PLAIN)
