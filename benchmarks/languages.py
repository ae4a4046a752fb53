"""Agent messages in German, French, Spanish, Portuguese and Japanese: what redaction leaves of the values in them.

Run from the checkout's root:

    python -m benchmarks.languages benchmarks.leak:text              FACTORY() -> f(text) -> text
    python -m benchmarks.languages benchmarks.leak:text --show de    prints what was left, for one language

Thirty messages a language (150 in all), each filled ten times with made-up values whose check digits are right, and ten
sentences a language in which nothing is personal. The messages were written before the rules. A value has leaked when at
least half of it is left in one piece, as in `leak_bench`. `bare` are names with neither a title nor a cue: they are
printed, and no goal is set for them.
"""

# ruff: noqa: RUF001 - typographic marks are part of what is written

from __future__ import annotations

import argparse
import difflib
import importlib
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

ROUNDS: Final = 10

MESSAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "de": (
        "Guten Tag, mein Name ist {name}. Ich möchte meine Bestellung vom Montag stornieren.",
        "Sehr geehrte Frau {family}, vielen Dank für Ihre Nachricht. Ihr Ticket wurde an die Fachabteilung weitergeleitet.",
        "Sehr geehrter Herr Dr. {family}, anbei erhalten Sie den Befund.",
        "Hallo Herr {family}, Ihr Rückruf unter {phone} wurde notiert.",
        "Ich heiße {name} und bin am {birth} geboren.",
        "Kunde: {name}, geb. {birth}, Tel. {phone}",
        "Bitte liefern Sie die Ware an {address}.",
        "Meine Steuer-ID lautet {tax}, können Sie das prüfen?",
        "Die Steueridentifikationsnummer {tax} passt nicht zum Datensatz.",
        "Personalausweisnummer: {card}, ausgestellt in Bonn.",
        "Patientin {name} klagt seit drei Tagen über Kopfschmerzen, Geburtsdatum {birth}.",
        "Herr {family} hat angerufen und bittet um Rückruf auf dem Handy: {phone}.",
        "Überweisen Sie den Betrag bitte auf mein Konto {iban}, Kontoinhaber {name}.",
        "Ich wohne seit Mai in der {address}.",
        "Meine neue Anschrift: {address}",
        "Alles klar, dann bis Donnerstag.\n\nMit freundlichen Grüßen\n{name}",
        "Viele Grüße\n{name}\nMobil: {phone}",
        "Der Mitarbeiter {name} hat zum Quartalsende gekündigt, die Personalakte liegt bei Frau {family}.",
        "Ansprechpartnerin für die Schulung ist Frau {name}, erreichbar unter {phone}.",
        "Reisende: {name} und {name2}, Abflug 14:35 Uhr ab Frankfurt.",
        "Die Buchung läuft auf den Namen {name}.",
        "Sie erreichen mich telefonisch unter {phone} oder per Mail.",
        "Mein Mann {name} ist am {birth} geboren und ebenfalls mitversichert.",
        "Versicherte Person: {name}, Geburtstag {birth}, wohnhaft {address}",
        "Frau Prof. {family} übernimmt die Sprechstunde am Donnerstag.",
        "Rechnung an: {name}, {address}",
        "Könnten Sie Herrn {family} bitte ausrichten, dass der Termin verschoben ist?",
        "{bare} hat die Unterlagen gestern eingereicht.",
        "Für die Legitimation brauche ich noch die Ausweisnummer. – Klar, die Ausweisnummer ist {card}.",
        "Notfallkontakt ist meine Schwester {name}, Telefonnummer {phone}.",
    ),
    "fr": (
        "Bonjour, je m'appelle {name} et je souhaite annuler ma commande.",
        "Chère Madame {family}, votre dossier a bien été transmis au service concerné.",
        "Bonjour M. {family}, nous vous rappelons au {phone} dans l'après-midi.",
        "Mon nom est {name}, née le {birth} à Lyon.",
        "Client : {name}, né le {birth}, tél. {phone}",
        "Merci de livrer le colis au {address}.",
        "Mon numéro de sécurité sociale est le {nir}.",
        "N° de sécu : {nir}, mutuelle à jour.",
        "Le NIR {nir} ne correspond à aucun assuré.",
        "La patiente {name} se plaint de maux de tête, date de naissance {birth}.",
        "Mme {family} a téléphoné et demande qu'on la rappelle sur son portable : {phone}.",
        "Le virement doit arriver sur le compte {iban}, titulaire {name}.",
        "J'habite désormais {address}.",
        "Adresse de facturation : {address}",
        "Très bien, à jeudi.\n\nCordialement,\n{name}",
        "Bien à vous\n{name}\nPortable : {phone}",
        "Le salarié {name} a posé sa démission, son dossier est chez Madame {family}.",
        "Votre interlocutrice pour la formation est Mlle {name}, joignable au {phone}.",
        "Passagers : {name} et {name2}, départ à 14 h 35 de Roissy.",
        "La réservation est au nom de {name}.",
        "Vous pouvez me joindre par téléphone au {phone} ou par courriel.",
        "Mon mari {name} est né le {birth} et doit aussi être assuré.",
        "Assuré : {name}, domicilié {address}, né le {birth}",
        "Le Dr {family} assurera la consultation de jeudi.",
        "Facture à l'attention de {name}, {address}",
        "Pourriez-vous dire à monsieur {family} que le rendez-vous est reporté ?",
        "{bare} a déposé les pièces hier.",
        "Le professeur {family} vous recevra lundi ; en cas d'empêchement, appelez le {phone}.",
        "Pour vérifier votre identité il me faut le numéro de sécurité sociale. – C'est le {nir}.",
        "Personne à prévenir : ma sœur {name}, numéro de téléphone {phone}.",
    ),
    "es": (
        "Hola, me llamo {name} y quiero cancelar mi pedido.",
        "Estimada señora {family}, hemos trasladado su incidencia al departamento correspondiente.",
        "Buenos días, Sr. {family}, le llamaremos al {phone} esta tarde.",
        "Mi nombre es {name}, nací el {birth} en Sevilla.",
        "Cliente: {name}, fecha de nacimiento {birth}, tel. {phone}",
        "Por favor, envíen el paquete a {address}.",
        "Mi DNI es {dni}, ¿puede comprobarlo?",
        "NIE: {nie}, permiso de residencia en vigor.",
        "El titular con documento {dni} no figura en el sistema.",
        "La paciente {name} refiere dolor de cabeza desde hace tres días, nacida el {birth}.",
        "La Sra. {family} ha llamado y pide que le devolvamos la llamada al móvil {phone}.",
        "Haga la transferencia a la cuenta {iban}, titular {name}.",
        "Ahora vivo en {address}.",
        "Dirección de facturación: {address}",
        "Perfecto, hasta el jueves.\n\nUn saludo,\n{name}",
        "Atentamente,\n{name}\nMóvil: {phone}",
        "El empleado {name} ha presentado la baja voluntaria; el expediente lo tiene doña {name2}.",
        "La persona de contacto para la formación es {name}, teléfono {phone}.",
        "Pasajeros: {name} y {name2}, salida a las 14:35 desde Barajas.",
        "La reserva está a nombre de {name}.",
        "Pueden localizarme por teléfono en el {phone} o por correo.",
        "Mi marido {name} nació el {birth} y también está asegurado.",
        "Asegurado: {name}, con domicilio en {address}, nacido el {birth}",
        "La Dra. {family} pasará consulta el jueves.",
        "Factura a nombre de {name}, {address}",
        "¿Podría decirle a don {name} que la cita se ha aplazado?",
        "{bare} entregó los papeles ayer.",
        "El señor {family} es extranjero y su NIE {nie} caduca pronto.",
        "Para verificar su identidad necesito su DNI. – Sí, es el {dni}.",
        "Contacto de emergencia: mi hermana {name}, número de teléfono {phone}.",
    ),
    "pt": (
        "Olá, meu nome é {name} e quero cancelar o meu pedido.",
        "Prezada Sra. {family}, o seu chamado foi encaminhado ao setor responsável.",
        "Bom dia, Sr. {family}, ligaremos para {phone} hoje à tarde.",
        "Chamo-me {name}, nasci em {birth} no Porto.",
        "Cliente: {name}, data de nascimento {birth}, tel. {phone}",
        "Por favor, entreguem a encomenda na {address}.",
        "O meu NIF é {nif}, pode confirmar?",
        "CPF: {cpf}, situação regular.",
        "O titular do CPF {cpf} não consta no sistema.",
        "A paciente {name} queixa-se de dores de cabeça há três dias, nascida em {birth}.",
        "A dona {name} ligou e pede retorno no celular {phone}.",
        "Faça a transferência para a conta {iban}, titular {name}.",
        "Agora moro na {address}.",
        "Endereço de cobrança: {address}",
        "Combinado, até quinta-feira.\n\nAtenciosamente,\n{name}",
        "Com os melhores cumprimentos,\n{name}\nTelemóvel: {phone}",
        "O funcionário {name} pediu demissão; o processo está com a senhora {family}.",
        "A pessoa de contato para o treinamento é {name}, telefone {phone}.",
        "Passageiros: {name} e {name2}, partida às 14h35 de Guarulhos.",
        "A reserva está em nome de {name}.",
        "Podem falar comigo pelo telefone {phone} ou por e-mail.",
        "O meu marido {name} nasceu em {birth} e também está segurado.",
        "Segurado: {name}, residente na {address}, nascido a {birth}",
        "A Dra. {family} atenderá na quinta-feira.",
        "Nota fiscal para a empresa com CNPJ {cnpj}, responsável {name}.",
        "Poderia avisar o senhor {family} que a consulta foi adiada?",
        "{bare} entregou os documentos ontem.",
        "Contribuinte n.º {nif}, o sócio-gerente é o Eng. {family}.",
        "Para validar a sua identidade preciso do CPF. – Claro, é {cpf}.",
        "Contato de emergência: minha irmã {name}, número de telefone {phone}.",
    ),
    "ja": (
        "お世話になっております。{name}と申します。注文をキャンセルしたいのですが。",
        "{family}様、お問い合わせありがとうございます。担当部署に転送いたしました。",
        "{family}さん、午後に{phone}へお電話いたします。",
        "私の名前は{name}です。生年月日は{birth}です。",
        "お客様名：{name}、生年月日：{birth}、電話番号：{phone}",
        "商品は{address}に送ってください。",
        "マイナンバーは{mynumber}です。確認できますか？",
        "個人番号：{mynumber}、有効期限内です。",
        "マイナンバー{mynumber}の登録が見つかりません。",
        "患者の{name}さんは三日前から頭痛を訴えています。{birth}生まれ。",
        "{family}先生から電話があり、携帯{phone}に折り返してほしいとのことです。",
        "口座名義は{name}です。振込をお願いします。",
        "現在は{address}に住んでいます。",
        "請求先住所：{address}",
        "それでは木曜日にお願いします。\n\nよろしくお願いいたします。\n{name}",
        "氏名：{name}\n携帯電話：{phone}",
        "社員の{name}が退職届を提出しました。書類は{family}部長がお持ちです。",
        "研修の担当者は{name}です。連絡先は{phone}です。",
        "搭乗者：{name}、{name2}。14時35分羽田発。",
        "予約は{name}の名前で取っています。",
        "電話{phone}またはメールでご連絡ください。",
        "夫の{name}は{birth}生まれで、同じく加入しています。",
        "被保険者：{name}、住所：{address}、{birth}生",
        "木曜日は{family}医師が診察します。",
        "送付先は〒{zip} {address} {name}様です。",
        "{family}課長に予定が変わったとお伝えください。",
        "{bare}が昨日書類を出しました。",
        "本人確認のためマイナンバーを教えてください。はい、{mynumber}です。",
        "{name}様のご予約を承りました。ご連絡先は{phone}でよろしいでしょうか。",
        "緊急連絡先：妹の{name}、電話{phone}。",
    ),
}  # fmt: skip

PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "de": (
        "Der Flug LH 454 startet am 12. März 2026 um 10:35 Uhr ab München.",
        "Ihre Bestellnummer 4500123456 ist unterwegs, voraussichtliche Lieferung am 03.04.2026.",
        "Bitte wählen Sie als Anrede Herr oder Frau aus.",
        "Die Rechnung über 1.249,00 Euro ist bis zum 15.05.2026 fällig.",
        "Sehr geehrte Damen und Herren, der Server antwortet mit Fehler 502.",
        "Die Hauptstraße ist wegen Bauarbeiten gesperrt.",
        "Mein Name ist in der Liste nicht sichtbar.",
        "Version 2.14.3 behebt den Fehler im Modul Abrechnung.",
        "Der Kunde wünscht eine Erstattung in Höhe von 80 Prozent.",
        "Telefonisch sind wir werktags von 8 bis 18 Uhr erreichbar.",
    ),
    "fr": (
        "Le train TGV 6611 part le 12 mars 2026 à 10 h 35 de Lyon.",
        "Votre commande 4500123456 est en route, livraison prévue le 03/04/2026.",
        "Veuillez choisir la civilité Monsieur ou Madame.",
        "La facture de 1 249,00 euros est due le 15/05/2026.",
        "Madame, Monsieur, le serveur répond avec l'erreur 502.",
        "La rue principale est fermée pour travaux.",
        "Mon nom est introuvable dans la liste.",
        "La version 2.14.3 corrige le module Facturation.",
        "Le client souhaite un remboursement de 80 %.",
        "Nous sommes joignables par téléphone de 8 h à 18 h.",
    ),
    "es": (
        "El tren AVE 3142 sale el 12 de marzo de 2026 a las 10:35 de Madrid.",
        "Su pedido 4500123456 está en camino, entrega prevista el 03/04/2026.",
        "Elija el tratamiento: señor o señora.",
        "La factura de 1.249,00 euros vence el 15/05/2026.",
        "Estimados señores: el servidor responde con el error 502.",
        "La calle principal está cortada por obras.",
        "Mi nombre es incorrecto en la lista.",
        "La versión 2.14.3 corrige el módulo Facturación.",
        "El cliente solicita un reembolso del 80 %.",
        "Atendemos por teléfono de 8 a 18 horas.",
    ),
    "pt": (
        "O voo TP 1362 parte em 12 de março de 2026 às 10:35 de Lisboa.",
        "O seu pedido 4500123456 está a caminho, entrega prevista para 03/04/2026.",
        "Escolha o tratamento: senhor ou senhora.",
        "A fatura de 1.249,00 euros vence em 15/05/2026.",
        "Prezados senhores, o servidor responde com o erro 502.",
        "A rua principal está fechada para obras.",
        "Meu nome é diferente na lista.",
        "A versão 2.14.3 corrige o módulo Faturamento.",
        "O cliente solicita um reembolso de 80 %.",
        "Atendemos por telefone das 8 às 18 horas.",
    ),
    "ja": (
        "NH225便は2026年3月12日10時35分に羽田を出発します。",
        "ご注文番号4500123456は配送中で、2026年4月3日に到着予定です。",
        "お客様各位、システムメンテナンスのお知らせです。",
        "請求金額は12,490円で、支払期限は2026年5月15日です。",
        "皆様のご協力をお願いいたします。",
        "サーバーがエラー502を返しています。",
        "東京から大阪までの新幹線を予約したいです。",
        "バージョン2.14.3で請求モジュールの不具合を修正しました。",
        "担当者が不在のため、明日折り返します。",
        "電話受付は平日8時から18時までです。",
    ),
}  # fmt: skip

_GIVEN: Final = {
    "de": "Anneliese Björn Claudia Detlef Elfriede Friedhelm Gudrun Hans-Peter Ilse Jörg Katharina Lukas Marie-Luise Norbert Ottilie Philipp Rüdiger Sabine Thorsten Ute Wolfgang Heike Jürgen Swantje".split(),
    "fr": "Amélie Benoît Camille Didier Élodie François Geneviève Hugo Inès Jean-Baptiste Karine Léa Marie-Claude Nicolas Océane Pascal Quentin Raphaëlle Sébastien Thérèse Valérie Yves Zoé Gaëtan".split(),
    "es": "Alejandra Beatriz Carlos Dolores Emilio Francisca Gonzalo Herminia Ignacio Jimena Leandro Manuela Nuria Óscar Pilar Rafael Soledad Tomás Úrsula Vicente Yolanda Íñigo Begoña Rocío".split(),
    "pt": "Adriana Bernardo Conceição Davi Estêvão Fátima Gonçalo Heloísa Inês João Luísa Mateus Natália Otávio Patrícia Raquel Simão Thiago Vânia Xavier Márcio Lurdes Caetano Iara".split(),
    "ja": "太郎 花子 健一 美咲 翔太 由美子 浩 恵 大輔 陽子 さくら ひろし 直樹 千尋 修 真理子 隆史 彩 康平 久美 剛 なつみ 智也 幸恵".split(),
}  # fmt: skip
_FAMILY: Final = {
    "de": [*"Müller Schäfer Weiß Krüger Hofmann Vogel Brandt Lindemann Obermaier Zimmermann Köhler Böttcher Stein Sommer Pfeiffer Haas Grünewald Ziegler Kaiser Schulze-Hartmann Jansen Wagenknecht Dietrich Öztürk".split(), "von Hagen", "van den Berg"],
    "fr": [*"Martin Lefèvre Dubois Moreau Girard Lemaire Boulanger Chevalier Gauthier Perrin Rousseau Marchand Noël Delacroix Bertrand Fontaine Guérin Picard Renard Vasseur Petit-Jean Benali Castaing Hébert".split(), "de La Tour", "Le Goff"],
    "es": ["García López", "Fernández Ruiz", "Martínez Vega", "Ibáñez Soler", "Núñez Prieto", "Castillo Romero", "Iglesias Mora", "Peña Campos", "Ortega Rey", "Muñoz Flores", "Vidal Serrano", "Cabrera León", "Zapata", "Echeverría", "Quiroga", "Aguirre", "de la Fuente", "del Río Sanz"],
    "pt": ["Silva Santos", "Oliveira", "Pereira da Costa", "Carvalho", "Gonçalves Lima", "Araújo", "Teixeira Pinto", "Nogueira", "Magalhães", "Rocha Leitão", "Barbosa", "dos Reis", "Figueiredo", "Brandão Serra", "Queirós", "Coelho", "Moreira Neves", "Assunção"],
    "ja": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 清水 斎藤 長谷川 森 東海林 五十嵐".split(),
}  # fmt: skip
_PLACES: Final = {
    "de": ("{street} {number}, {zip} {city}", "{street} {number}{letter}, {zip} {city}", "{street} {number}"),
    "fr": ("{number} {street}, {zip} {city}", "{number} bis, {street}, {zip} {city}", "{number} {street} {zip} {city}"),
    "es": ("{street} {number}, {zip} {city}", "{street}, {number}, 3º B, {zip} {city}", "{street}, n.º {number}, {zip} {city}"),
    "pt": ("{street}, {number}, {zip} {city}", "{street} {number}, 2.º Esq., {zip} {city}", "{street}, {number}, apto 12, {city}"),
    "ja": ("{city}{street}{number}丁目{a}番{b}号", "{city}{street}{number}-{a}-{b}", "{city}{street}{number}丁目{a}-{b} メゾン{street}203号室"),
}  # fmt: skip
_STREETS: Final = {
    "de": "Lindenstraße|Goethestr.|Am Alten Markt|Bahnhofsallee|Rosenweg|Unter den Eichen|Kaiser-Wilhelm-Platz|Schillerring|Obere Gasse|Hafenstraße",
    "fr": "rue des Lilas|avenue Victor-Hugo|boulevard de la République|place du Marché|impasse des Acacias|chemin du Moulin|quai Saint-Michel|allée des Tilleuls|rue de l'Église|cours Mirabeau",
    "es": "Calle de Alcalá|C/ San Bernardo|Avenida de la Constitución|Avda. del Puerto|Plaza Mayor|Paseo de Gracia|Calle Los Olivos|Ronda de Toledo|Camino Viejo|Carrer de Balmes",
    "pt": "Rua das Flores|Avenida Paulista|Travessa do Carmo|Av. da Liberdade|Largo do Rato|Praça da República|Alameda Santos|R. Augusta|Estrada do Forte|Rua Doutor João Afonso",
    "ja": "神南|銀座|本町|西新宿|北三条西|栄|中央|博多駅前|桜木町|緑が丘",
}
_CITIES: Final = {
    "de": "Köln|München|Freiburg im Breisgau|Halle (Saale)|Bad Homburg|Leipzig",
    "fr": "Lyon|Saint-Étienne|Aix-en-Provence|Le Mans|Nantes|Boulogne-Billancourt",
    "es": "Madrid|San Sebastián|Palma de Mallorca|A Coruña|Valencia|Alcalá de Henares",
    "pt": "Lisboa|São Paulo|Vila Nova de Gaia|Belo Horizonte|Coimbra|Rio de Janeiro",
    "ja": "東京都渋谷区|東京都中央区|大阪府大阪市北区|北海道札幌市中央区|神奈川県横浜市中区|愛知県名古屋市中区|福岡県福岡市博多区|京都府京都市下京区",
}
_MONTHS: Final = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
}


class Values:
    """Made-up values of one language, the same for the same seed."""

    def __init__(self, language: str, seed: int) -> None:
        self._language = language
        self._random = random.Random(f"{language} {seed}")

    def make(self, kind: str) -> str:
        """A new value of `kind`, a field of a message."""
        made: Callable[[], str] = getattr(self, f"_{kind}")
        return made()

    def _pick(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _digits(self, pattern: str) -> str:
        """`pattern` with every # a digit and every @ a digit but 0."""
        return re.sub("[#@]", lambda m: str(self._random.randint(m.group() == "@", 9)), pattern)

    def _name(self) -> str:
        given, family = self._random.choice(_GIVEN[self._language]), self._family()
        return given + " " + family if self._language != "ja" else family + self._pick("", " ", "\u3000") + given

    def _family(self) -> str:
        return self._random.choice(_FAMILY[self._language])

    _bare = _name

    def _phone(self) -> str:
        return self._digits(
            self._pick(
                *{
                    "de": ("0151 #######@", "0170/#######", "030 #### ####", "(089) ######-##", "+49 171 #######", "+49 (0)40 ######", "0221-#######"),
                    "fr": ("06 ## ## ## ##", "01.##.##.##.##", "+33 6 ## ## ## ##", "+33 (0)4 ## ## ## ##", "07########"),
                    "es": ("6## ## ## ##", "6########", "91 ### ## ##", "+34 6## ### ###", "93# ### ###"),
                    "pt": ("91# ### ###", "21# ### ###", "+351 96# ### ###", "(11) 9####-####", "+55 21 9####-####", "(31) 3###-####"),
                    "ja": ("090-####-####", "03-####-####", "080########", "+81 90-####-####", "06-####-####", "052-###-####"),
                }[self._language]
            )
        )  # fmt: skip

    def _birth(self) -> str:
        day, month, year = self._random.randint(1, 28), self._random.randint(1, 12), self._random.randint(1945, 2004)
        if self._language == "ja":
            era = f"昭和{year - 1925}" if year < 1989 else f"平成{year - 1988}"
            return self._pick(f"{year}年{month}月{day}日", f"{era}年{month}月{day}日", f"{year}/{month:02}/{day:02}")
        word = _MONTHS[self._language][month - 1]
        written = {
            "de": f"{day}. {word} {year}",
            "fr": f"{day} {word} {year}" if day > 1 else f"1er {word} {year}",
            "es": f"{day} de {word} de {year}",
            "pt": f"{day} de {word} de {year}",
        }[self._language]
        numbers = f"{day:02}.{month:02}.{year}" if self._language == "de" else f"{day:02}/{month:02}/{year}"
        return self._pick(written, numbers)

    def _address(self) -> str:
        zips = {"de": "#####", "fr": "#####", "es": "28###", "pt": "4###-###", "ja": ""}
        return self._pick(*_PLACES[self._language]).format(
            street=self._pick(*_STREETS[self._language].split("|")),
            city=self._pick(*_CITIES[self._language].split("|")),
            number=self._random.randint(1, 180 if self._language != "ja" else 9),
            letter=self._pick("a", "b"),
            zip=self._digits(zips[self._language]),
            a=self._random.randint(1, 30),
            b=self._random.randint(1, 30),
        )

    def _zip(self) -> str:
        return self._digits("@##-####")

    def _iban(self) -> str:
        country, length = {"de": ("DE", 18), "fr": ("FR", 23), "es": ("ES", 20), "pt": ("PT", 21)}[self._language]
        account = self._digits("#" * length)
        check = 98 - int(account + "".join(str(int(letter, 36)) for letter in country) + "00") % 97
        plain = f"{country}{check:02}{account}"
        return self._pick(plain, " ".join(re.findall(".{1,4}", plain)))

    def _tax(self) -> str:
        """The German tax number: ten digits, of which one stands twice, and the check of ISO 7064 MOD 11,10."""
        digits = self._random.sample("123456789", 9)
        digits.insert(self._random.randint(2, 9), digits[0])
        product = 10
        for digit in digits:
            total = (int(digit) + product) % 10 or 10
            product = total * 2 % 11
        plain = "".join(digits) + str((11 - product) % 10)
        return self._pick(plain, f"{plain[:2]} {plain[2:5]} {plain[5:8]} {plain[8:]}")

    def _card(self) -> str:
        """The number of a German identity card: nine characters and the check of weights 7, 3, 1."""
        plain = self._pick("L", "T", "C", "Y") + "".join(self._random.choices("0123456789CFGHJKLMNPRTVWXYZ", k=8))
        plain = plain[:4] + self._digits("##") + plain[6:]
        total = sum(int(c, 36) * (7, 3, 1)[index % 3] for index, c in enumerate(plain))
        return plain + str(total % 10)

    def _nir(self) -> str:
        """The French social security number and its key."""
        month = self._random.randint(1, 12)
        plain = self._pick("1", "2") + self._digits("##") + f"{month:02}" + f"{self._random.randint(1, 95):02}"
        plain = plain.replace("20", "21") if plain[5:7] == "20" else plain
        plain += self._digits("######")
        key = f"{97 - int(plain) % 97:02}"
        spaced = f"{plain[0]} {plain[1:3]} {plain[3:5]} {plain[5:7]} {plain[7:10]} {plain[10:]} {key}"
        return self._pick(plain + key, spaced)

    def _dni(self) -> str:
        number = self._digits("@#######")
        letter = "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23]
        return self._pick(number + letter, f"{number}-{letter}", f"{number[:2]}.{number[2:5]}.{number[5:]}-{letter}")

    def _nie(self) -> str:
        first, number = self._pick("X", "Y", "Z"), self._digits("#######")
        letter = "TRWAGMYFPDXBNJZSQVHLCKE"[int(str("XYZ".index(first)) + number) % 23]
        return self._pick(first + number + letter, f"{first}-{number}-{letter}")

    def _nif(self) -> str:
        number = self._pick("1", "2", "5") + self._digits("#######")
        rest = sum(int(d) * weight for d, weight in zip(number, range(9, 1, -1), strict=True)) % 11
        plain = number + str(0 if rest < 2 else 11 - rest)
        return self._pick(plain, f"{plain[:3]} {plain[3:6]} {plain[6:]}")

    def _cpf(self) -> str:
        plain = self._digits("#########")
        for _ in range(2):
            total = sum(int(d) * weight for d, weight in zip(reversed(plain), range(2, 12), strict=False))
            plain += str(0 if total % 11 < 2 else 11 - total % 11)
        return self._pick(plain, f"{plain[:3]}.{plain[3:6]}.{plain[6:9]}-{plain[9:]}")

    def _cnpj(self) -> str:
        plain = self._digits("########") + "0001"
        for _ in range(2):
            total = sum(int(d) * (2 + index % 8) for index, d in enumerate(reversed(plain)))
            plain += str(0 if total % 11 < 2 else 11 - total % 11)
        return self._pick(plain, f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}")

    def _mynumber(self) -> str:
        """The Japanese individual number and its check digit."""
        plain = self._digits("@##########")
        weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
        rest = sum(int(d) * weight for d, weight in zip(plain, weights, strict=True)) % 11
        plain += str(0 if rest <= 1 else 11 - rest)
        return self._pick(plain, f"{plain[:4]} {plain[4:8]} {plain[8:]}", f"{plain[:4]}-{plain[4:8]}-{plain[8:]}")


KINDS: Final = {
    "name": "name", "family": "name", "bare": "bare", "phone": "phone", "birth": "birth", "address": "address",
    "zip": "address", "iban": "id", "tax": "id", "card": "id", "nir": "id", "dni": "id", "nie": "id", "nif": "id",
    "cpf": "id", "cnpj": "id", "mynumber": "id",
}  # fmt: skip
"""The fields of the messages, and under what they are counted."""


def left(value: str, text: str) -> bool:
    """Whether at least half of `value` stands in `text` in one piece."""
    longest = difflib.SequenceMatcher(None, value, text, autojunk=False).find_longest_match().size
    return longest * 2 >= len(value)


Tally = Counter[tuple[str, str]]
"""(Language, kind) → values."""


def measured(redact: Callable[[str], str], show: str | None = None) -> tuple[Tally, Tally]:
    """How many values there are, and how many are left; those of the language `show` are printed."""
    true: Tally = Counter()
    leaked: Tally = Counter()
    for language, messages in MESSAGES.items():
        for number, message in enumerate(messages):
            for turn in range(ROUNDS):
                values = Values(language, number * ROUNDS + turn)
                filled = {field: values.make(field.rstrip("2")) for field in re.findall(r"\{(\w+)\}", message)}
                text = message.format(**filled)
                redacted = redact(text)
                for field, value in filled.items():
                    kind = KINDS[field.rstrip("2")]
                    true[language, kind] += 1
                    if left(value, redacted):
                        leaked[language, kind] += 1
                        if show == language:
                            print(f"{kind:8s} {value!r} left in {redacted!r}")
    return true, leaked


def main() -> None:
    """Prints how much is left, by language and kind, and which plain sentences were changed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("redactor", help="MODULE:FACTORY; FACTORY() -> f(text) -> text")
    parser.add_argument("--show", metavar="LANGUAGE", help="print what was left in this language")
    arguments = parser.parse_args()
    module, factory = arguments.redactor.split(":")
    redact: Callable[[str], str] = getattr(importlib.import_module(module), factory)()
    true, leaked = measured(redact, arguments.show)
    kinds = list(dict.fromkeys(KINDS.values()))
    print("leaked  " + "".join(f"{kind:>18s}" for kind in kinds))
    for language in MESSAGES:
        cells = [(leaked[language, kind], true[language, kind]) for kind in kinds]
        print(f"{language:8s}" + "".join(f"{f'{a} of {n}':>12s}{100 * a / max(n, 1):5.1f}%" for a, n in cells))
    totals = [(sum(leaked[one, kind] for one in MESSAGES), sum(true[one, kind] for one in MESSAGES)) for kind in kinds]
    print(f"{'all':8s}" + "".join(f"{f'{a} of {n}':>12s}{100 * a / n:5.1f}%" for a, n in totals))
    for language, sentences in PLAIN.items():
        changed = [(sentence, redact(sentence)) for sentence in sentences if redact(sentence) != sentence]
        print(f"{language}: {len(changed)} of {len(sentences)} plain sentences changed")
        for _, redacted in changed:
            print("   ", redacted)


if __name__ == "__main__":
    main()
