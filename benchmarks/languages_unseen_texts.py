"""The texts of `benchmarks.languages_unseen`: a value stands as [[mark:value]], messages are parted by a line of %%."""

# ruff: noqa: RUF001 - messages as they are sent, with the marks of their languages

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def messages_of(texts: str) -> tuple[str, ...]:
    """The messages of a text in which they are parted by a line of %%."""
    return tuple(texts.strip("\n").split("\n%%\n"))


MESSAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "de": messages_of("""
Guten Tag, hier spricht [[n:Agnieszka Wiśniewska-Brandt]] aus Leverkusen. Ich warte seit dem 3. November auf mein Paket und erreiche bei Ihnen niemanden.
%%
Moin, ich bin der [[n:Thorben Hinrichsen]], der gestern schon wegen dem Router da war. Meine Handynummer hat sich übrigens geändert, jetzt [[p:0176 83920417]].
%%
Sehr geehrte Damen und Herren,

hiermit widerspreche ich der Nebenkostenabrechnung 2025 fristgerecht.

Mit freundlichen Grüßen
[[n:Katharina Freifrau von Wolzogen]]

[[a:Am Alten Gutshof 3, 29614 Soltau]]
Tel.: [[p:05191 / 48 20 77]]
%%
{"kunde": {"vorname": "[[n:Oluwaseun]]", "nachname": "[[n:Adebayo-Krüger]]", "geburtsdatum": "[[d:17.04.1988]]", "strasse": "[[a:Ludwig-Erhard-Allee 41b]]", "ort": "Karlsruhe", "kundennummer": "K-203344"}, "status": "aktiv"}
%%
Die Überweisung vom Hausarzt liegt vor. [[b:Mehmet Yıldırım]] kommt am Mittwoch um 10:20 Uhr zum MRT, bitte nüchtern.
%%
Könntest du bitte bei Fr. [[n:Obermüller-Sánchez]] nachfragen, ob sie die Stelle in der Buchhaltung noch will? Nummer steht in der Akte: [[p:+49 (0) 7141 / 92 03 – 18]].
%%
Steuernummer weiß ich nicht, aber die IdNr. vom Finanzamt ist [[steuer:47 036 892 816]]. Reicht das?
%%
Aufnahmebogen
Name, Vorname: [[n:Nowotny, Hans-Jürgen]]
geb. am: [[d:09.12.1951]] in Gelsenkirchen
Krankenkasse: Knappschaft
Versichertennr.: [[kvnr:M462819573]]
Hausarzt: Dr. med. [[n:Ebru Özdemir]]
%%
Der Beschuldigte ist nicht bekannt, Halter des Fahrzeugs mit dem amtlichen Kennzeichen [[o:K-LM 4823]] ist laut Auskunft [[n:Siegfried Pawlowski]].
%%
Ich habe den Vertrag auf [[b:Đorđe Stanković]] umgeschrieben und die Bestätigung an [[e:d.stankovic@mail-beispiel.de]] geschickt.
%%
Hallo zusammen, Herr [[n:Nguyen Van Thanh]] fällt diese Woche krankheitsbedingt aus. Die Vertretung in der Frühschicht macht [[b:Melanie Kowalczyk]].
%%
An
Frau Rechtsanwältin
Dr. [[n:Friederike zu Sayn]]
[[a:Königsallee 92a
40212 Düsseldorf]]

Betreff: Vollmacht
%%
bitte die miete ab januar von diesem konto abbuchen: [[iban:DE31 3704 0044 0532 8190 47]] (inhaberin [[n:Svetlana Gerassimowa]])
%%
Ergebnis der Suche: 1 Treffer – [[n:Bartholomäus Freiherr von Eichendorff]], wohnhaft [[a:Schlossstr. 1, 88364 Wolfegg]], geboren [[d:2. Februar 1963]].
%%
{"fahrgast": "[[n:Zeynep Aydın-Hoffmann]]", "mobilnummer": "[[p:+4915735982144]]", "strecke": "Hamburg Hbf – Kopenhagen", "zug": "EC 397", "bahncard": "[[o:7081 4190 2235 6618]]"}
%%
Rentenversicherungsnummer: [[rvnr:53 240671 K 51 7]]. Die Bescheide bitte nur noch per Post.
%%
Ja, mein Geburtsdatum ist der [[d:23.8.74]], und die Postleitzahl ist 04229.
%%
Bitte liefern an: z. Hd. Herrn [[n:Matthias Schürmann]], Wareneingang Tor 4, [[a:Industriestraße 118–120, 68169 Mannheim]]
%%
Vermerk: Anruf von Frau [[n:Abdelkader]] um 11:05 Uhr. Sie möchte wissen, wann der Bescheid kommt. Rückruf erbeten, Tel. [[p:030/4405 8123]] (vormittags).
%%
Mein Sohn [[n:Jean-Pascal]] ist am [[d:1.6.2019]] geboren und braucht einen Kitaplatz ab August. Wir wohnen [[a:Hinter der Kirche 12 in 55129 Mainz]].
%%
Schadensmeldung zur Police [[o:KH 48-1120397-6]]: Unser Versicherungsnehmer [[n:Piotr Zieliński]] ist auf dem Parkplatz rückwärts gegen einen Poller gefahren.
%%
Vielen Dank und viele Grüße aus Graz

Mag. [[n:Leopold Hirnschall]]
Abteilung Einkauf
M [[p:+43 664 1837295]]
%%
Kannst du mir sagen, ob [[b:Chiara Lombardi]] schon im Verteiler ist? Sie hat am 1. Oktober angefangen.
%%
Personalnummer 00418, [[b:Schäfer, Annegret]], SV-Nr. [[rvnr:04120558S035]], Eintritt 01.04.2009, Resturlaub 11 Tage, Vorgesetzter: Dipl.-Ing. [[n:Uwe Trautmann]]
%%
Die Patientin [[n:Ludmilla Heidebrecht]] (*[[d:14.03.1939]]) wurde um 06:40 Uhr mit V. a. Schenkelhalsfraktur aufgenommen. Angehörige: Tochter, erreichbar unter [[p:0521-3398712]].
%%
Für die Anmeldung brauche ich: Reisepass Nr. [[o:C4VK8JTF2]], Aufenthaltstitel und Meldebescheinigung. Antragsteller ist [[n:Farhad Mohammadzadeh]].
%%
Lieber Klaus-Dieter, hier die Kontaktdaten vom Hausmeister: [[b:Ruslan Petrenko]], [[p:0151-2098 7734]], wohnt selbst im Haus.
%%
{"antrag_id": "BA-2026-00917", "antragsteller": {"anrede": "Frau", "name": "[[n:Fatoumata Diallo]]", "anschrift": "[[a:Bergedorfer Straße 77, 21029 Hamburg]]", "telefon": "[[p:040 72 53 91 06]]", "steuer_id": "[[steuer:82950714324]]"}, "bankverbindung": {"iban": "[[iban:DE84200505501286473921]]", "bic": "HASPDEHHXXX"}}
%%
Liebe Familie [[n:Grünwald-Contreras]], Ihr Ferienhaus in Zingst ist ab 16 Uhr bezugsfertig. Der Schlüssel liegt im Tresor neben der Tür.
%%
Auf wen läuft der Anschluss? – Auf meinen verstorbenen Vater, [[n:Ernst-August Meinecke]]. Er hat in der [[a:Lerchenweg 8, 31535 Neustadt]] gewohnt.
%%
Sehr geehrter Herr Professor [[n:Wackernagel]], der Gutachtertermin in der Sache 4 O 233/25 wird auf den 12. Januar verlegt.
%%
Kontoinhaber laut Tool: [[n:Ayşe Demirtaş]]. Die Lastschrift über 49,90 € kam zurück. Alternatives Konto [[iban:AT26 2011 1837 2264 9105]].
%%
habe eben mit [[b:sabine engelhardt]] telefoniert, sie zieht zum 15. um nach [[a:Rosa-Luxemburg-Str. 22, 14482 Potsdam]]
%%
Dolmetscherin: [[n:Natalia Kuznetsova]] (Russisch, Ukrainisch), Honorar 85 €/Std., steuerl. Identifikationsnummer [[steuer:61 350 298 438]], Tel. [[p:0049 178 556 20 91]].
%%
Teilnehmerliste Ersthelferkurs:
1. [[b:Dominik Baumgartner]]
2. [[b:Nguyễn Thị Hương]]
3. [[b:Marie-Luise Ostermann]]
Beginn 9:00 Uhr, Raum 2.14
%%
Der Notar, Herr Dr. [[n:Clemens Graf Strachwitz]], bestätigt den Termin. Erschienen ist Frau [[n:Hannelore Bickel]], geb. Sommerfeldt, geb. am [[d:30. Januar 1947]].
%%
Ich bräuchte mal Hilfe mit der elektronischen Karte, da steht [[kvnr:T593104288]] drauf, aber das Portal sagt „ungültig“.
%%
Fahrer: [[n:Gheorghe Munteanu]], LKW [[o:HB-XS 917]], Ankunft Rampe 7 ca. 13:15 Uhr, Fahrertelefon [[p:+40 745 318 226]].
%%
Die neue Kollegin heißt [[n:Priyanka Raghunathan]], Durchwahl [[p:089 / 2180-4471]], sitzt in der [[a:Leopoldstraße 13, Haus 2, 80802 München]].
%%
Gern geschehen! Eine letzte Sache: Stimmt die Anschrift [[a:Im Wiesengrund 5a, 54290 Trier]] noch, Herr [[n:Fernández-Köhler]]?
"""),
    "fr": messages_of("""
Bonjour, [[n:Ndeye Fatou Sarr]] à l'appareil. J'ai été débitée deux fois pour ma commande du 12 novembre, pouvez-vous regarder ?
%%
Salut, c'est [[n:Jean-Baptiste Le Goff]], j'ai perdu ma carte de cantine. Tu peux me rappeler au [[p:06 37 82 91 45]] ?
%%
Maître,

Je vous prie de trouver ci-joint les conclusions adverses.

Veuillez agréer, Maître, l'expression de mes sentiments distingués.

[[n:Hélène de La Rochebrochard]]
[[a:14 bis, rue du Faubourg-Saint-Honoré, 75008 Paris]]
Tél. : [[p:01.47.20.83.16]]
%%
{"assuré": {"nom": "[[n:Benabdallah]]", "prénom": "[[n:Yacine-Karim]]", "date_naissance": "[[d:21/09/1979]]", "numéro_sécu": "[[nir:1 79 09 99 352 118 41]]", "adresse": "[[a:3 allée des Tilleuls, bât. C, 69120 Vaulx-en-Velin]]"}, "régime": "général"}
%%
Le dossier de [[b:Maëlys Kerouanton]] est complet, il ne manque que la signature du directeur.
%%
Mme [[n:Ouédraogo-Lefèvre]] ne pourra pas venir lundi. Merci de décaler son rendez-vous de kiné et de la prévenir au [[p:+33 7 58 21 60 94]].
%%
Voici mon numéro de sécurité sociale : [[nir:285073306341721]]. La carte Vitale ne passe plus à la pharmacie.
%%
Fiche de renseignements
Nom de naissance : [[n:Szymański]]
Nom d'usage : [[n:Delacroix-Szymański]]
Né(e) le : [[d:4 mars 1992]] à Roubaix
Adresse : [[a:27 rue de l'Épeule, 59100 Roubaix]]
N° de sécu : [[nir:2 92 03 59 512 088 / 30]]
Portable : [[p:0669184273]]
%%
Constat amiable : le véhicule A, immatriculé [[o:FR-482-KD]], était conduit par M. [[n:Antoine Vauquelin]], contrat n° [[o:AX-7719 0342 8]].
%%
Merci de virer le solde de tout compte sur l'IBAN [[iban:FR36 3000 4018 2700 0039 1847 K17]] au nom de [[n:Thi Mai Phuong Tran]].
%%
Je vous confirme que [[b:Guillaume d'Ormesson]] et [[b:Rachida Belkacem]] sont inscrits à la formation du 8 décembre.
%%
À l'attention de Monsieur le docteur [[n:Évariste Nkurunziza]]
Service de cardiologie
[[a:80 avenue Augustin-Fliche
34090 Montpellier]]
%%
Ma fille [[n:Anne-Sophie]] est née le [[d:17/05/2016]], elle entre en CM1. On habite au [[a:6 impasse du Moulin à vent à Cesson-Sévigné]].
%%
Client identifié : [[n:Bertrand-Olivier Mbappou]]. Dernier contact le 02/11. Téléphone vérifié : [[p:04 91 55 73 08]].
%%
Bonjour, je souhaite résilier l'abonnement de ma mère décédée, Mme Veuve [[n:Josiane Taillandier]], qui vivait [[a:résidence Les Glycines, appt 12, 31400 Toulouse]].
%%
[[b:Nguyen Thanh-Tam]] a répondu ce matin : elle accepte le devis à 1 280 € HT.
%%
{"locataire": "[[n:Amadou Coulibaly]]", "garant": "[[n:Marie-Christine Poulain]]", "tél": "[[p:0033 6 12 84 77 30]]", "loyer": 742.50, "ville": "Saint-Étienne", "courriel": "[[e:a.coulibaly42@courrier-exemple.fr]]"}
%%
Le patient [[n:Lucien Etcheverry]], né le [[d:11.02.1934]], est admis aux urgences à 03 h 15 pour dyspnée. Personne à prévenir : son épouse, [[p:05 59 24 61 87]].
%%
Cordialement,

[[n:Sandrine Vanhoutte]]
Chargée de recrutement
[[a:Boulevard Anspach 41, 1000 Bruxelles]]
GSM [[p:+32 476 38 15 92]]
%%
dsl je me suis trompé dans le rib c'est [[iban:FR7610278061230002037450159]] merci
%%
Numéro étranger à rappeler : Dr [[n:Giuseppe Santangelo]], AGDREF [[o:7503184629]], titre de séjour valable jusqu'au 30/06/2027.
%%
Note interne – M. [[n:El Mansouri]] conteste l'amende ; Me [[n:Clothilde Berthelot]] le représente. Audience le 14 janvier à 9 h.
%%
Est-ce que [[b:Ludivine Charpentier]] travaille toujours chez vous ? J'ai un colis pour elle.
%%
Vous êtes né le [[d:03-08-1968]], c'est bien cela ? Et votre adresse est toujours le [[a:112, cours Gambetta, 69007 Lyon]] ?
%%
Livraison : sonner chez [[n:Kowalczyk]], 3e étage gauche, code 47B2. En cas d'absence appeler le [[p:07.81.44.90.26]].
%%
Monsieur le Maire, je soussigné [[n:Pierre-Yves Castelnau]], demeurant [[a:Lieu-dit Kerguelen, 29710 Plogastel-Saint-Germain]], sollicite un permis de construire.
%%
Passeport n° [[o:19DV60482]], voyageur : [[n:Chantal Uwimana]]. Vol AF 1148, départ 07 h 35 de Roissy.
%%
Chère Madame [[n:Abitbol]], votre commande de verres progressifs est arrivée au magasin.
%%
Liste des absents :
- [[b:Théophile Marchand]]
- [[b:Aïcha Benmoussa]]
- [[b:Jean-Noël Quéméneur]]
Motif non communiqué.
%%
La bénéficiaire du contrat est ma compagne, [[n:Noémie Vandenberghe]], née le [[d:29 décembre 1985]].
%%
J'ai laissé un message à [[b:Abdoulaye Traoré]] mais son portable, le [[p:06-52-19-08-73]], est coupé.
%%
{"demande": "CAF-88213", "allocataire": {"civilité": "Mme", "nom_complet": "[[n:Rosa-Maria da Cunha Figueiredo]]", "né_le": "[[d:1990-10-02]]", "nir": "[[nir:290109913904712]]", "iban": "[[iban:FR6220041010140827319T02678]]"}}
%%
Le chauffeur s'appelle [[n:Zoran Milosavljević]], camion [[o:GH-719-TB]], il arrive vers 11 h au quai 3.
%%
Bonsoir ici [[n:Monique Desrosiers]] de Québec, mon numéro est le [[p:+1 418 555-0172]], je n'ai toujours pas reçu mes billets.
%%
Expéditeur : Mlle [[n:Capucine Hautefeuille]], [[a:9 quai des Célestins, 75004 Paris]]. Destinataire : société Brunel SARL.
%%
Le médecin traitant, Dr [[n:Tuong-Vi Lam-Bourdon]], a transmis le compte rendu (NIR du patient : [[nir:2.68.11.75.114.209.14]]). RDV suivant jeudi à 16 h 40.
%%
Pour la déclaration préalable à l'embauche : NIR [[nir:1 94 02 2A 004 187 85]], salarié [[n:Ange-Toussaint Casanova]], né le [[d:12/02/1994]] à Ajaccio.
%%
ok super merci, et au fait mon nouveau nom c'est [[n:Stéphanie Haddad-Rousselot]] depuis le mariage
%%
[[b:Fabienne Lacombe]] reste joignable au standard, poste 4417. Hors horaires : [[p:02 40 89 16 33]].
%%
Le virement de 350 € de M. et Mme [[n:Papadopoulos-Girard]] est arrivé ; adresse à corriger : [[a:1 chemin des Vieilles-Écoles, 74000 Annecy]].
"""),
    "es": messages_of("""
Buenas, soy [[n:María del Carmen Etxeberria Olano]], llamo porque me han cobrado dos veces el recibo de octubre. Con el carnet [[dni:44.671.203M]].
%%
hola me llamo [[n:Yuleisy Pacheco]] y kiero cambiar la cita del viernes, mi movil es [[p:634 81 20 97]]
%%
Estimados señores:

Adjunto la documentación solicitada para la subvención.

Atentamente,
[[n:Íñigo de la Serna y Urquijo]]
[[a:C/ Marqués de la Ensenada, 14, 3.º izq., 28004 Madrid]]
Tel. [[p:91 308 47 22]]
%%
{"titular": {"nombre": "[[n:Hamza]]", "apellidos": "[[n:El Khattabi Romero]]", "fecha_nacimiento": "[[d:14/07/1996]]", "nie": "[[nie:Y4820917Q]]", "domicilio": "[[a:Avda. de la Constitución 88, 2.º C]]"}, "municipio": "Torrejón de Ardoz"}
%%
El expediente de [[b:Graciela Ibáñez Montoya]] pasó ayer a la fase de alegaciones.
%%
Pásale el recado a D.ª [[n:Montserrat Puigdemont i Vila]]: que la fisio es a las 17:30, y que confirme al [[p:+34 972 20 41 63]].
%%
Mi DNI es el [[dni:51482093C]], lo tenéis mal en la factura.
%%
FICHA DE EMPADRONAMIENTO
Apellidos: [[n:Quispe Mamani]]
Nombre: [[n:Wilmer Rubén]]
Fecha de nacimiento: [[d:02-11-1983]]
Documento: NIE [[nie:X-7193046-A]]
Domicilio: [[a:Calle Trafalgar núm. 31, bajo A, 46023 València]]
%%
Parte de accidente: turismo matrícula [[o:4827 KLM]], conductor D. [[n:Joaquín Villalobos Cid]], póliza [[o:02-5518-00937741]].
%%
Ingrésenme la devolución en [[iban:ES74 2085 8217 2803 3047 1928]], a nombre de [[n:Dorotea Fuentes viuda de Aranda]].
%%
Hablé con [[b:Nicolae Constantinescu]] y me dijo que [[b:Encarnación Baeza]] lleva el pedido.
%%
A/A: Sra. Dña. [[n:Guadalupe Ocampo Rivadeneira]]
Dpto. de Recursos Humanos
[[a:Paseo de Gracia 112, 08008 Barcelona]]
%%
Mi hijo [[n:José Luis]] nació el [[d:8 de marzo de 2015]] y necesita plaza de comedor. Vivimos en la [[a:plaza de las Descalzas 6, 1.º dcha.]]
%%
Cliente verificado: [[n:Aitor Goikoetxea Lasa]]. Último pedido: 18/11. Teléfono de contacto: [[p:688-204-917]].
%%
La paciente [[n:Remedios Cabezuelo Ortiz]], nacida el [[d:25/12/1941]], refiere mareos desde el martes. Avisar a su hija: [[p:956 22 81 40]].
%%
[[b:Fátima Zahra Bennani]] todavía no ha firmado la nómina de noviembre.
%%
{"inquilino": "[[n:Cristian Popescu]]", "avalista": "[[n:Mª Ángeles Rebollo]]", "telefono": "[[p:0034 655 092 318]]", "renta": 780.00, "correo": "[[e:cpopescu.bcn@correo-ejemplo.es]]", "nif": "[[dni:72034816-N]]"}
%%
El número de afiliación a la Seguridad Social es [[naf:28/40917362/83]]; el trabajador empieza el lunes.
%%
Un saludo,

Lic. [[n:Fernanda Aguirre Zaldívar]]
Atención a Clientes
[[a:Av. Insurgentes Sur 1457, Col. Insurgentes Mixcoac, 03920 CDMX]]
Cel. [[p:+52 55 4821 7730]]
%%
no me deja meter la cuenta, es [[iban:ES2101824518850201573390]], mirad a ver
%%
Pasaporte [[o:PAB482917]], viajera: [[n:Xiomara Echeverry Londoño]]. Vuelo IB 6586, sale 23:55.
%%
Nota: el Sr. [[n:Okonkwo]] reclama la fianza; le representa la letrada [[n:Begoña Arrizabalaga]]. Vista el 20 de enero.
%%
¿Sigue trabajando ahí [[b:Primitivo Carballeira]]? Tengo un paquete para él.
%%
Entonces, ¿nació usted el [[d:19-6-1958]] y reside en [[a:Camino Viejo de Alcalá 7, 28814 Daganzo]]?
%%
Dejar el bulto a la portera, Sra. [[n:Herminia]], o llamar al [[p:611.73.40.85]] antes de las dos.
%%
Yo, [[n:Segismundo Torres de la Fuente]], mayor de edad, con DNI n.º [[dni:08.914.625-D]] y domicilio en [[a:Rúa do Vilar 23, 15705 Santiago de Compostela]], EXPONGO:
%%
Querida doña [[n:Purificación]]: sus gafas ya están listas, puede recogerlas en la tienda de Gijón.
%%
Faltan por fichar:
* [[b:Iratxe Mendizábal]]
* [[b:Ousmane Ndiaye]]
* [[b:Juan de Dios Carmona]]
Turno de tarde.
%%
La beneficiaria es mi pareja, [[n:Ainhoa Larrañaga]], fecha de nac. [[d:30.09.1987]].
%%
El repartidor se llama [[n:Brayan Stiven Caicedo]], furgoneta [[o:9013-HTR]], llega a las 12:40.
%%
Buenas tardes, le saluda [[n:Milagros Huamán]] desde Lima. Mi celular: [[p:+51 987 204 615]]. No recibí los boletos.
%%
Remitente: Dr. [[n:Ignacio Bustamante-Echenique]], [[a:Carrera 7 # 71-21, oficina 502, Bogotá]]. Contenido: muestras.
%%
{"solicitud": "AYU-2026-0381", "solicitante": {"tratamiento": "Dña.", "nombre_completo": "[[n:Svitlana Kovalenko]]", "f_nacimiento": "[[d:1979-05-23]]", "doc_identidad": "[[nie:Z0918273A]]", "cuenta": "[[iban:ES1300491527742047316822]]"}}
%%
Me atendió un tal [[n:Goyo Peñaranda]], muy majo, pero no me resolvió nada.
%%
[[b:Covadonga Llaneza Prieto]] entrega las llaves el día 30. Su fijo: [[p:985 14 77 02]].
%%
Don [[n:Eleuterio Matamoros]] no puede desplazarse; el médico irá a su casa, [[a:Urb. Los Olivos, parcela 43, 41701 Dos Hermanas]].
%%
Que me llame mi gestora, [[n:Chen Xiaoling]], que es quien lleva lo del modelo 303.
%%
Médico responsable: Dra. [[n:Nuria Alcázar-Benítez]]. Tarjeta sanitaria [[o:CYL000384917264]]. Próxima revisión en 6 meses.
%%
perdón, el apellido correcto es [[n:Vlachopoulos]], con uve, y el DNI [[dni:20659184D]]
%%
El transporte lo recoge [[b:Teodoro Ruiz-Tagle]] en [[a:Pol. Ind. El Viso, C/ Tornillo 5, nave 8, 29006 Málaga]].
"""),
    "pt-PT": messages_of("""
Bom dia, fala [[n:Maria da Graça Vasconcelos e Sá]]. Fui debitada duas vezes na fatura da água de outubro.
%%
Exmos. Senhores,

Venho por este meio reclamar do atraso na entrega.

Com os melhores cumprimentos,
[[n:Duarte de Bragança Lencastre]]
[[a:Rua da Junqueira, n.º 188, 2.º Esq., 1300-344 Lisboa]]
Telef. [[p:21 364 09 27]]
%%
{"utente": {"nome": "[[n:Iryna Shevchenko]]", "data_nascimento": "[[d:06-03-1985]]", "n_utente": "[[o:318 402 775]]", "morada": "[[a:Travessa do Carmo, 12, r/c]]", "telemovel": "[[p:+351 936 204 817]]"}, "centro_saude": "Barreiro"}
%%
O processo da [[b:Leopoldina Quaresma]] foi enviado ontem para a Conservatória.
%%
O meu contribuinte é o [[nif:239048172]], ponham na fatura se faz favor.
%%
Podes avisar a D. [[n:Conceição]] que a consulta passou para as 16h? O número dela é [[p:962 71 40 38]].
%%
Ficha de inscrição
Nome completo: [[n:Baltazar Nhaga Té]]
Data de nascimento: [[d:19 de julho de 1994]]
Cartão de Cidadão: [[cc:14088273 1 ZX5]]
NISS: [[niss:12048391750]]
%%
Participação de sinistro: viatura [[o:37-QX-52]], condutor [[n:Telmo Figueiroa]], apólice [[o:0045.11.908834]].
%%
Exma. Senhora Dra. [[n:Benedita Sottomayor]], junto envio a contestação para revisão.
%%
O reembolso deve ir para [[iban:PT50 0035 0651 0042 7719 4034 7]], titular [[n:Anabela Simões-Rocha]].
%%
Falei com o [[b:Bohdan Melnyk]] e ele diz que quem trata disso é a [[b:Felismina Trigueiros]].
%%
Sou residente na [[a:Av. Almirante Reis, 74-B, 1150-020 Lisboa]], nasci a [[d:28/10/1960]] e o meu nome é [[n:Hipólito Casqueiro]].
%%
O doente [[n:Amílcar Pestana]], de 81 anos, deu entrada às 04h20. Contactar a filha: [[p:00351 289 80 41 57]].
%%
A/C Eng.º [[n:Salvador Noronha]]
[[a:Zona Industrial da Maia, Lote 23, 4470-605 Maia]]
%%
olha enganei-me no nif, é [[nif:188 302 948]], e o nome certo é [[n:Vandycka Semedo]]
%%
[[b:Teotónio Espadinha]] ainda não picou o ponto hoje.
%%
Passaporte [[o:CB738204]], passageira [[n:Zuleica Mbemba]], voo TP 1329 às 6h45.
%%
Motorista: [[n:Radu Ciobanu]], chega ao cais 4 pelas 15h. Telemóvel [[p:913-480-226]].
%%
{"requerente": {"tratamento": "Sr.", "nome_completo": "[[n:Kamaljit Singh Dhaliwal]]", "nif": "[[nif:301748292]]", "iban": "[[iban:PT50001800034471920502000]]"}, "processo": "AIMA-2026-5518"}
%%
A carta foi devolvida. A morada correta é [[a:Quinta das Lágrimas, Lote 4, 3.º Dto., 3040-091 Coimbra]], certo, Dona [[n:Ermelinda]]?
"""),
    "pt-BR": messages_of("""
Oi, tudo bem? Aqui é o [[n:Wellington Cristiano Bezerra]], meu boleto veio com valor errado de novo.
%%
Prezada Sra. [[n:Thaynara Figueiredo]], seu pedido de portabilidade foi concluído.
%%
meu cpf é [[cpf:418.730.295-60]] e nasci em [[d:07/11/1991]]
%%
{"paciente": {"nome": "[[n:Ana Beatriz Nakamura Prado]]", "nascimento": "[[d:15/02/2003]]", "cpf": "[[cpf:90284617369]]", "cartao_sus": "[[cns:708204917362855]]", "endereco": "[[a:Rua Coronel Xavier de Toledo, 161, ap. 84]]", "bairro": "República"}, "convenio": "Unimed"}
%%
Atenciosamente,

Dr. [[n:Raimundo Nonato Cavalcanti]]
OAB/CE 18.402
[[a:Av. Dom Luís, 1200, sala 1507 - Meireles, Fortaleza - CE, 60160-230]]
Fone: [[p:(85) 3264-7190]]
%%
A [[b:Jurema Taques]] mandou o atestado hoje cedo, já anexei no sistema.
%%
Pode ligar pro Sr. [[n:Josenildo]], no zap [[p:11 98472-0316]] depois das 18h.
%%
CADASTRO
Nome: [[n:Enzo Gabriel Zanchetta]]
Nome da mãe: [[n:Rosângela Zanchetta]]
RG: [[o:38.492.017-5]] SSP/SP
Endereço: [[a:Quadra 304 Norte, Alameda 12, Lote 7, Palmas/TO]]
Celular: [[p:(63)992183405]]
%%
Sinistro aberto: placa [[o:RKT4B27]], condutora [[n:Ivonete dos Santos Paixão]], apólice [[o:1005310284471]].
%%
Nota emitida pelo MEI [[n:Cleberson Duarte Pinheiro]], CNPJ [[cnpj:41.827.309/0001-37]], chave PIX [[p:+55 48 99127-6640]].
%%
Falei com [[b:Emmanuel Jean-Louis]], o rapaz haitiano da expedição, e ele confirmou a carga.
%%
Moro na [[a:Travessa Quatorze de Março 905, Umarizal, Belém]], CEP 66055-490, perto da feira.
%%
O hóspede [[n:Yoshio Watanabe Filho]] faz check-in às 14h; aniversário dele é [[d:3 de maio de 1970]].
%%
Colaboradora: [[n:Sheyla Kauane Albuquerque]]. PIS/PASEP [[pis:120.48391.02-0]]. Admissão em 02/06/2025.
%%
[[b:Petrônio Gontijo Neto]] vai buscar as chaves na portaria.
%%
Corrigindo, o CPF da minha esposa é [[cpf:270 914 836 69]], ela se chama [[n:Marilene Krauspenhar]].
%%
{"solicitante": "[[n:Yusleidy Rodríguez Marcano]]", "telefone": "[[p:5595991204378]]", "email": "[[e:yusleidy.rm@exemplo.com.br]]", "protocolo": "2026110088213"}
%%
Entregar aos cuidados de dona [[n:Zuleide]], [[a:Rod. BR-116, km 142, nº 11.400, Caxias do Sul - RS]]. Tel. [[p:54 3218 4470]].
%%
Motorista do caminhão é o [[b:Ademir Wisniewski]], CNH [[o:04817290365]], previsão 13h30.
%%
Ilmo. Sr. Prof. [[n:Florestan Uchôa]], segue a ata da reunião do colegiado para assinatura.
"""),
    "ja": messages_of("""
お世話になっております。[[n:小野寺]]と申します。先週注文した炊飯器がまだ届いていないのですが。
%%
[[n:五十嵐沙耶香]]様
お問い合わせありがとうございます。ご予約の変更を承りました。
%%
携帯は[[p:080-3917-4462]]です。日中は仕事なので夕方以降にかけてください。
%%
{"氏名": "[[n:勅使河原 健太郎]]", "フリガナ": "[[n:テシガワラ ケンタロウ]]", "生年月日": "[[d:昭和58年7月14日]]", "住所": "[[a:神奈川県横浜市港北区日吉本町3丁目12番8号]]", "電話番号": "[[p:045-561-2938]]"}
%%
マイナンバーは[[mynumber:482019374658]]で間違いないでしょうか。
%%
本日付で[[b:グエン・ティ・フオン]]の在留資格更新を申請しました。
%%
昨日の件、[[n:長谷川]]さんに確認したところ、[[n:陳]]さんが担当とのことでした。
%%
問診票
お名前:[[n:二階堂 美咲]]
生年月日:[[d:平成4年11月3日]]
ご住所:[[a:〒606-8267 京都府京都市左京区北白川西町85-2 メゾン白川201]]
保険者番号[[o:06130512]] 記号・番号[[o:4417-8829]]
%%
弊社営業部の[[n:大河内]]が明日10時に伺います。
%%
振込先はゆうちょ銀行でお願いします。名義は[[n:カワカミ ユウジ]]、記号[[o:10170]]番号[[o:48203971]]です。
%%
〒980-0811
[[a:宮城県仙台市青葉区一番町4-7-17 小田急ビル5階]]
株式会社みちのく商会
総務部 [[n:早乙女 千鶴]] 様
%%
患者[[n:西園寺公子]]、[[d:1938年2月9日]]生まれ、転倒にて救急搬送。キーパーソンは長男、連絡先[[p:090 1827 5540]]。
%%
[[b:阿久津真理]]は来月から育休に入りますので、後任を手配してください。
%%
うちの子、[[n:蒼空]]くんの名前で登録してあるはずです。誕生日は[[d:令和元年5月20日]]です。
%%
以上、よろしくお願いいたします。
--
サクラ物流株式会社 配車センター
[[n:東海林 隆志]](しょうじ たかし)
[[a:大阪府東大阪市長田東2-1-30]]
TEL:[[p:06-6744-8190]] / 携帯:[[p:070-2284-9913]]
%%
名前は[[n:マリア・クリスティーナ・サントス]]、国籍はフィリピンです。パスポート番号は[[o:P7284019B]]。
%%
事故車両は品川[[o:330 さ 48-27]]、運転者は[[n:猪俣]]氏、保険証券番号は[[o:AB20483917]]です。
%%
担当:[[n:鬼頭]] 内線4417
%%
引っ越しました。新しい住所は[[a:福岡市中央区大名1丁目3-41 プリオ大名804号室]]です。
%%
{"顧客": {"姓": "[[n:四月朔日]]", "名": "[[n:ひまり]]", "生年月日": "[[d:2001/08/30]]", "個人番号": "[[mynumber:7193 0482 5612]]"}, "会員種別": "ゴールド"}
%%
[[n:金城]]先生の診察は午後2時からです。受付で保険証をご提示ください。
%%
海外からなので番号は[[p:+81 90-4417-2083]]になります。
%%
被保険者[[n:朴 成珉]]殿(個人番号[[mynumber:560172839407]])の資格喪失届を受理しました。基礎年金番号[[o:4820-193746]]。
%%
ねえ、[[b:橘あかり]]って今日シフト入ってたっけ?
%%
契約者本人の[[n:Michael Brennan]]です。生年月日は[[d:1979年12月1日]]。マイナンバー:[[mynumber:8830 1749 2658]]
%%
参加者一覧
・[[b:蓮見浩二]]
・[[b:宇都宮玲奈]]
・[[b:李俊宇]]
会場は第2会議室です。
%%
[[n:財前]]部長、[[n:里見]]課長には私から報告しておきます。
%%
請求書の宛名を「[[n:武者小路 実]]」に変更してください。送付先は[[a:東京都世田谷区成城6-5-27]]。
%%
[[d:S47.3.18]]生、男性、[[n:猿渡]]様。血圧152/94、内服継続。
%%
連絡がつかないので、奥様の[[n:由紀恵]]様の携帯([[p:08061937204]])にもかけてみます。
%%
ドライバーは[[n:ダ・シルバ・ロドリゴ]]さん、車番[[o:浜松 100 か 7-12]]、到着は13時半予定。
%%
学校法人青葉学園 御中
担当 [[n:倉持]]様
お見積書を送付いたします。
%%
検索結果:1件 [[b:北条時宗郎]] [[a:静岡県三島市広小路町13-4]] 最終来店2026年9月
%%
すみません、[[n:タン・ウェイミン]]といいます。マイナンバーカードの暗証番号を忘れました。番号は[[mynumber:2048-1937-4656]]。
%%
会議のメモ:[[n:神宮寺]]さんより、納期を一週間延ばしたいとの要望。
%%
宿泊者名:[[n:ヴィルヘルム・シュナイダー]]、連絡先[[p:0081-3-5724-1180]]、チェックイン15時。
%%
母の[[n:千代子]]([[d:昭和16年1月25日]]生)の介護認定の申請をしたいのですが。
%%
[[b:柊木翔太]]から退職届が出ています。本人の連絡先は[[p:052(931)4826]]。
%%
メールは[[e:hanazono.r@example.co.jp]]、氏名は[[n:花園 玲子]]でお願いします。
%%
代表取締役 [[n:一ノ瀬 慶]]
[[a:北海道札幌市中央区南3条西5丁目1番地1]]
FAX [[p:011-222-4817]]
"""),
    "zh": messages_of("""
你好,我是[[n:欧阳雪晴]],昨天在你们店买的空气炸锅坏了,想退货。
%%
[[n:慕容]]女士您好,您的退款已原路返回,预计1到3个工作日到账。
%%
我手机号换了,现在是[[p:18647290315]],麻烦帮我改一下。
%%
{"姓名": "[[n:司徒建业]]", "性别": "男", "出生日期": "[[d:1976-09-12]]", "身份证号": "[[zhid:440106197609124810]]", "住址": "[[a:广东省广州市越秀区东风中路268号18楼1803房]]", "手机": "[[p:13602847719]]"}
%%
[[b:阿依古丽·买买提]]的居住证已经办好,可以来窗口领取。
%%
快递放到[[a:杭州市西湖区文三路90号东部软件园3幢]]门卫那里就行,收件人[[n:骆晓彤]]。
%%
患者[[n:戚国梁]],男,67岁,因胸闷两小时入院,家属电话[[p:139-5718-4402]]。
%%
身份证是[[zhid:510107198903042639]],你再查一下社保。
%%
预约登记表
姓名:[[n:端木思琪]]
出生年月:[[d:1995年3月8日]]
联系电话:[[p:025-84417290]]
家庭地址:[[a:南京市鼓楼区中山北路101号2单元502室]]
%%
[[n:蒋]]经理,合同我已经盖章,明天寄到贵司。
%%
退款打到这张卡吧:[[card:6228480038927416503]],户名[[n:祝海燕]],农业银行余杭支行。
%%
我问过[[b:颜嘉宏]]了,他说排班表由[[b:覃慧敏]]负责。
%%
此致
敬礼!
                         申请人:[[n:尉迟德轩]]
                         2026年11月20日
%%
车牌[[o:粤B·7K42D]],司机[[n:邱]]师傅,大概下午三点到3号仓库。
%%
我妈叫[[n:龚秀兰]],[[d:1951年冬月初六]]生的,想给她办老年卡。
%%
{"客户": {"称呼": "先生", "姓": "[[n:诸葛]]", "电话": "[[p:+86 158 2204 7739]]"}, "订单号": "DD202611250088", "备注": "周末送货"}
%%
收货地址改成[[a:四川省成都市武侯区桐梓林东路6号附12号]],谢谢。
%%
[[n:温]]医生今天停诊,[[n:褚]]主任下午坐诊,需要改约吗?
%%
新员工[[n:麦合木提江]]下周一入职,请准备工位和电脑。
%%
她的护照号是[[o:EJ4827193]],姓名拼音[[n:ZHUANG MEILING]],[[d:1990/06/17]]出生。
%%
[[b:上官明轩]]上周提交了离职申请,交接给[[b:冼伟杰]]。
%%
登录不上去,账号绑定的是我老公[[n:施振华]]的号码[[p:177 0283 9145]]。
%%
查询结果:[[b:卓玛央金]],拉萨市户籍,参保状态正常,最近缴费2026年10月。
%%
投保人:[[n:柯俊辉]] 证件号码:[[zhid:350203199208150173]] 保单号:[[o:P3502048817729]] 受益人:[[n:柯雨桐]]
%%
同学们好,我是班主任[[n:鲍]]老师,家长会改到周五晚上七点。
%%
报案人[[n:娄金凤]]称,其电动车于小区门口被盗,住[[a:郑州市金水区花园路39号院7号楼3单元]]。
%%
麻烦寄到公司:[[a:上海市浦东新区张江镇祖冲之路2288弄3号楼]],前台签收,联系人[[n:Jessica 佟]],电话[[p:021-5080 6617]]。
%%
社保卡号[[zhid:620102198507223028]]的参保人[[n:皇甫静]]本月未缴费。
%%
您好,[[n:阮氏芳]]小姐,您的签证延期材料还缺一份租房合同。
%%
参会人员:
1. [[b:聂远航]]
2. [[b:苗青禾]]
3. [[b:Тимур Ахметов]]
会议室:五楼东。
%%
我姓[[n:单]],读作shàn,订了明天去西安的票。
%%
[[n:翟]]总,[[n:裴]]秘书说车已经到楼下了。
%%
港澳通行证[[o:C48201937]],持证人[[n:区永权]],有效期至2031年5月。
%%
司机电话[[p:0086-13988204417]],到了打他。
%%
孩子叫[[n:宓子涵]],[[d:2019年4月25号]]出生,想报名明年秋季入学。户口在[[a:武汉市洪山区珞喻路1037号]]。
%%
张冠李戴了吧,这个工单不是我的,我叫[[n:符文博]]。
%%
房东[[n:臧]]女士的收款账号:[[card:6217 0012 1004 8829 178]],建设银行。
%%
紧急联系人 [[n:艾力·吐尔逊]] 关系 父亲 电话 [[p:15099274468]]
%%
[[b:闻人博雅]]把发票寄到了[[a:重庆市渝中区解放碑步行街77号19-5]]。
%%
客服小[[n:窦]]为您服务。系统显示开户人[[n:濮阳志强]],证件[[zhid:410922198002280035]],请确认。
"""),
}

PLAIN: Final[Mapping[str, tuple[str, ...]]] = {
    "de": messages_of("""
Der ICE 1537 von Hannover nach Stuttgart fährt heute von Gleis 9 und kommt um 18:42 Uhr an.
%%
Nach § 312g BGB haben Sie ein Widerrufsrecht von 14 Tagen; Ihre Bestellnummer lautet 4402-88173-B.
%%
{"artikel": "Bosch Akkuschrauber GSR 18V-55", "preis": "129,95", "lagerbestand": 37, "lieferzeit_tage": 3, "filiale": "Nürnberg"}
%%
Unser Servicecenter in Wuppertal ist montags bis freitags von 8 bis 20 Uhr und samstags von 9 bis 14 Uhr geöffnet.
%%
Die Jahreshauptversammlung findet am 21. Mai 2026 in der Stadthalle Göttingen statt.
%%
Tippen Sie auf Einstellungen > Netzwerk und laden Sie die Firmware 7.57 herunter.
%%
Das Zimmer kostet mit Frühstück 114 € pro Nacht, die Kurtaxe von 3,20 € kommt hinzu.
%%
Der Nussknacker und Die Fledermaus stehen ab dem 29. November auf dem Spielplan.
%%
Vorgang 2026/004417 wurde an die Abteilung Bauaufsicht übergeben. Bearbeitungszeit: 6 bis 8 Wochen.
%%
Die DSGVO verlangt eine Antwort binnen eines Monats, siehe Art. 12 Abs. 3.
"""),
    "fr": messages_of("""
Le TGV 6607 à destination de Marseille partira voie 12 avec un retard de 20 minutes.
%%
Conformément à l'article L. 221-18 du Code de la consommation, vous disposez d'un délai de rétractation de quatorze jours.
%%
{"référence": "LV-88041-C", "désignation": "Lave-vaisselle Brandt 14 couverts", "prix_ttc": "449,00", "stock": 5, "magasin": "Clermont-Ferrand"}
%%
Notre agence de Rennes est ouverte du mardi au samedi, de 9 h à 12 h 30 et de 14 h à 18 h.
%%
Le salon de l'habitat se tiendra du 6 au 9 mars 2026 au parc des expositions de Nantes.
%%
Votre commande n° 700-4419-8823 a été expédiée ; comptez trois jours ouvrés.
%%
Redémarrez la box, attendez deux minutes, puis relancez la mise à jour 4.2.1.
%%
La consultation est facturée 26,50 €, remboursée à 70 % par l'Assurance maladie.
%%
Le Petit Larousse illustré et le Guide du routard Bretagne sont disponibles au rayon livres.
%%
Le dossier 2026-01873 est en cours d'instruction par le service urbanisme.
"""),
    "es": messages_of("""
El AVE 03142 con destino a Sevilla-Santa Justa saldrá de la vía 5 a las 16:30.
%%
Según el artículo 102 del Real Decreto Legislativo 1/2007, dispone de 14 días naturales para desistir.
%%
{"producto": "Frigorífico Balay 3KFE563WI", "precio": "629,00", "existencias": 12, "plazo_entrega": "48 h", "tienda": "Zaragoza"}
%%
La oficina de Murcia atiende de lunes a jueves de 8:30 a 14:30 y los viernes hasta las 14:00.
%%
La feria del libro será del 29 de mayo al 14 de junio de 2026 en el Retiro.
%%
Su pedido 118-4472-90 está en reparto; el código de seguimiento es PK43X8801927.
%%
Reinicie el descodificador y actualice a la versión 3.8.2.
%%
Las entradas para La Bella y la Bestia están agotadas hasta el 12 de enero.
%%
El importe total con IVA asciende a 1.249,50 €, en tres plazos sin intereses.
%%
El expediente 2026/00713 se encuentra en trámite en la Concejalía de Urbanismo.
"""),
    "pt-PT": messages_of("""
O Alfa Pendular 125 com destino a Faro parte às 10h10 da linha 3 de Santa Apolónia.
%%
Nos termos do Decreto-Lei n.º 24/2014, tem 14 dias para a livre resolução do contrato.
%%
{"artigo": "Esquentador Vulcano Sensor 14L", "preco": "389,90", "stock": 8, "loja": "Viseu"}
%%
A loja de Braga está aberta de segunda a sábado, das 9h30 às 19h00.
%%
A encomenda 5520-77194 segue amanhã; o valor à cobrança é de 64,80 €.
"""),
    "pt-BR": messages_of("""
O ônibus 4417 para Ribeirão Preto sai da plataforma 32 às 22h15.
%%
Conforme o art. 49 do Código de Defesa do Consumidor, o prazo de arrependimento é de 7 dias.
%%
{"produto": "Geladeira Consul CRM44", "preco": "R$ 2.899,00", "estoque": 4, "cidade": "Curitiba"}
%%
O protocolo 20261125004417 foi registrado; o retorno sai em até 5 dias úteis.
%%
A loja do shopping em Recife funciona de segunda a sábado das 10h às 22h e domingo das 12h às 20h.
"""),
    "ja": messages_of("""
のぞみ227号は東京駅18番線から15時12分に発車します。
%%
ご注文番号は503-4417-882です。お届けは3日後の予定です。
%%
{"商品名": "象印 炊飯器 NW-FB10", "価格": 69800, "在庫": 14, "店舗": "梅田店"}
%%
営業時間は平日9時から17時まで、土日祝日は休業です。
%%
特定商取引法第9条により、8日以内であればクーリング・オフが可能です。
%%
花火大会は令和8年8月1日に隅田川で開催されます。
%%
ルーターを再起動し、ファームウェアを3.0.4に更新してください。
%%
税込12,800円、送料は全国一律550円でございます。
%%
お客様各位 システムメンテナンスのため、深夜0時から5時まで停止いたします。
%%
申請番号2026-00418は現在審査中です。標準処理期間は30日です。
"""),
    "zh": messages_of("""
G1375次列车16:05从上海虹桥开往昆明南,检票口12A。
%%
您的订单号为2026112588417,预计明天送达。
%%
{"商品": "美的电饭煲MB-HS4075", "价格": 399, "库存": 26, "仓库": "东莞"}
%%
营业时间:周一至周五9:00至17:30,法定节假日休息。
%%
根据《消费者权益保护法》第二十五条,七日内可以无理由退货。
%%
广交会将于2026年4月15日在广州开幕。
%%
请重启路由器,然后把固件升级到1.0.12版本。
%%
会员价189元,满300减40,运费另计。
%%
高铁站到天安门广场坐地铁4号线大约25分钟。
%%
受理编号〔2026〕0417的申请正在审核中,请耐心等待。
"""),
}
