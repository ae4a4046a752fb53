"""French."""

# ruff: noqa: RUF001 - typographic apostrophes are part of names and streets

from __future__ import annotations

from typing import Final

from agentlog.redaction.languages.checks import french_social_security
from agentlog.redaction.languages.table import IdNumber, Language

_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ0-9][\w'’.-]{0,30}"
_TYPE: Final = (
    r"(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d\.?|[Bb]lvd|[Pp]lace|[Ii]mpasse|[Cc]hemin|[Qq]uai|[Aa]llée|"
    r"[Cc]ours|[Rr]oute|[Ss]quare|[Pp]assage|[Ss]entier|[Rr]uelle|[Ff]aubourg|[Ee]splanade|[Rr]ésidence|"
    r"[Ll]otissement|[Vv]illa|[Cc]ité|[Rr]ond-[Pp]oint|[Mm]ontée|[Hh]ameau)"
)
_NUMBER: Final = r"[0-9]{1,4}(?: ?(?:bis|ter|quater|[A-D]))?,? "
_LINK: Final = r"(?:de|du|des|la|le|les|et|aux?|[dl]['’][\wÀ-ÿ-]{1,30})(?!\w)"
_CITY: Final = (
    r"[A-ZÀ-ÖØ-Þ][\w'’-]{1,40}(?: (?:de|la|le|les|en|sur|sous|lès|du|des|cedex|CEDEX|[A-ZÀ-ÖØ-Þ][\w'’-]{1,30})){0,4}"
)
_FLAT: Final = r"(?:, ?(?:appt?\.?|appartement|bât\.?|bâtiment|lot|porte|esc\.?|escalier|étage|résidence|BP) ?[\w-]{1,12}|, ?[0-9]{1,2}(?:er|e|ème) étage){0,3}"
_TAIL: Final = rf"{_FLAT}(?:(?:,|\n|, ?\n| à)? ?(?:F-)?[0-9]{{5}} {_CITY}| à {_CITY})?"
_NAMED_PLACE: Final = (
    r"(?:[Rr]ésidences?|[Ll]otissement|[Hh]ameau|[Ll]ieu-dit|[Ll]ieudit|[Dd]omaine|[Cc]los|[Vv]illa|[Ii]mmeuble|[Tt]our|[Bb]âtiment|[Ff]erme|[Zz]\.?[AI]\.?|"
    r"[Zz]one (?:artisanale|industrielle|d'activités?)|[Cc]ité|[Ff]oyer|EHPAD|[Qq]uartier|[Mm]as|[Cc]hâteau)"
)


_POLICY: Final = r"(?<![0-9][./-])(?![0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}(?![0-9])|(?:19|20)[0-9]{2}[./-]|[0-9]{1,3}(?:[.][0-9]{3}){1,3}(?![0-9.-]))(?:[A-Z]{1,5}[ -]?)?[0-9](?:[ ./-]?[A-Z0-9]){5,19}(?![0-9A-Za-z])"
"""How insurers number their contracts: digits in groups, with a few letters."""
_PLATE: Final = r"(?:[A-Z]{2}[ -][0-9]{3}[ -][A-Z]{2}|[0-9]{2,4} ?[A-Z]{2,3} ?[0-9]{2}|[A-Z0-9](?:[ -]?[A-Z0-9]){4,7})(?![0-9A-Za-z])"

FRENCH: Final = Language(
    "fr",
    signs="une|dans|pour|avec|nous|vous|votre|notre|je|elle|pas|bonjour|merci|rue|madame|monsieur|mme|mlle|"
    "adresse|téléphone|tél|né|née|numéro|cliente|facture|domicilié|domiciliée|livrer|aux|nir|cet|cette|"
    "sont|être|avez|aucun|ses|qui|leur|leurs|ont|été|était|à|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|chez|quel|salarié|sœur",
    weak="les|des|est|un|et|en|du|au|se|sur|il|ce|le|la|de|mon|ma|que|ici|tu|sa|bien|d|l|j|c",
    titles="monsieur|m. le docteur|veuve|madame|mademoiselle|m.|mme|mlle|dr.|dr|docteur|docteure|professeur|professeure|pr.|maître|me.|mrs|mm.|sœur|abbé|ing.|"
    "messieurs|mesdames",
    selves="s'appelle|s’appelle|c'est|c’est|ici|je suis|moi c'est",
    articles="le|la|les|l'",
    names="sonner chez|sonnez chez|livrer chez|déposer chez|déposez chez|loge chez|hébergé chez|hébergée chez|livré chez|laisser chez|nom d'usage|nom d’usage|nom marital|nom de jeune fille|nom d'épouse|nom patronymique|prénom usuel|prénom(s)|prénoms|née|né|épouse|je m'appelle|je m’appelle|mon nom est|mon nom complet est|je suis monsieur|je suis madame|au nom de|"
    "à l'attention de|à l’attention de|de la part de|titulaire|titulaire du compte|titulaire de la carte|nom:|nom :|nom\"|prénom|"
    "nom de famille|nom et prénom|nom complet|nom de naissance|destinataire|expéditeur|expéditrice|signé|"
    "interlocuteur|interlocutrice|cher|chère|bénéficiaire",
    roles="gérant|gérante|client|cliente|patient|patiente|salarié|salariée|employé|employée|collègue|passager|passagère|passagers|"
    "voyageur|voyageuse|voyageurs|assuré|assurée|locataire|propriétaire|adhérent|adhérente|membre|utilisateur|"
    "utilisatrice|candidat|candidate|mari|femme|épouse|époux|fils|fille|maman|papa|grand-mère|grand-père|belle-mère|beau-père|beau-frère|belle-sœur|beau-fils|belle-fille|neveu|nièce|oncle|tante|cousin|cousine|petit-fils|petite-fille|parrain|marraine|fiancé|fiancée|voisin|voisine|ami|amie|enfant|bébé|tuteur|tutrice|mandataire|gardien|gardienne|infirmier|infirmière|chauffeur|livreur|interprète|notaire|huissier|témoin|victime|plaignant|plaignante|souscripteur|souscriptrice|abonné|abonnée|stagiaire|apprenti|apprentie|directeur|directrice|président|présidente|secrétaire|conductrice|kiné|dentiste|sage-femme|enseignant|enseignante|professeur|mère|père|frère|sœur|soeur|conjoint|conjointe|"
    "compagnon|compagne|personne à prévenir|contact|contact d'urgence|facture à|élève|étudiant|étudiante|avocat|"
    "avocate|médecin|responsable|conducteur|bonjour|bonsoir|salut|merci",
    closings="sentiments distingués|sentiments les meilleurs|sentiments respectueux|sentiments dévoués|considération distinguée|haute considération|bien cordialement,|cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations|"
    "salutations distinguées|sincèrement|bonne journée|amicalement|respectueusement|à bientôt|merci d'avance|merci",
    joints="et",
    copulas="est|s'appelle|s’appelle",
    not_names="premium|général|générale|je|j'ai|nous|vous|il|elle|le|la|les|un|une|votre|notre|mon|ma|mes|et|ou|est|merci|bonjour|madame|monsieur|"
    "mme|client|cliente|service|équipe|facture|rendez-vous|tél|téléphone|portable|né|née|adresse|pour|pouvez|pourriez|"
    "avez|êtes|a|au|en|dans|oui|non|ci-joint|suite|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|numéro|à|tous|"
    "toutes|beaucoup|support|assistance|technique|clients",
    phones="téléphone|tél|tel|portable|mobile|fixe|numéro de téléphone|appeler|appelez|rappeler|rappelez|rappelons|"
    "joindre|joignable|contacter|contactez|fax|télécopie",
    phone=r"(?<![\w+.,/-])0[1-9](?:[ .-]?[0-9]{2}){4}(?![0-9]|[.,-][0-9])",
    births="née|né(e) le|né(e)|d.n.|ddn|né|né le|née le|date de naissance|naissance|naissances|anniversaire",
    months="janvier janv jan|février févr fév fevrier|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|"
    "octobre oct|novembre nov|décembre déc decembre",
    addresses="adresse|domicilié|domiciliée|domicile|habite|habitons|habitant|demeurant|résidant|livrer|livraison|"
    "vit|vivait|vivant|hébergé|hébergée|envoyer|expédier|adresse postale|emménagé|déménagé",
    place=rf"(?<![\w.,/-]){_NUMBER}{_TYPE}(?! [0-9]{{1,3}}(?![\w ]))(?: (?:{_LINK}|{_CAPITAL})){{1,6}}(?: à [a-zà-ÿ]{{3,12}}(?= à|,))?{_TAIL}"
    rf"|(?<!\w){_TYPE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}?,? [0-9]{{1,4}}(?:,? (?:bte|boîte) [0-9]{{1,3}})?, ?(?:B-|L-|CH-)?[0-9]{{4}} {_CITY}"
    rf"|(?<!\w){_NAMED_PLACE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}{_FLAT}(?:,|\n|, ?\n)? ?[0-9]{{5}} {_CITY}"
    rf"|(?<!\w){_TYPE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}(?:,|\n|, ?\n)? ?[0-9]{{5}} {_CITY}",
    place_behind=rf"{_NUMBER}(?:{_LINK}|[\wÀ-ÿ'’.-]{{2,30}})(?: (?:{_LINK}|{_CAPITAL})){{1,6}}{_TAIL}|(?:F-)?[0-9]{{5}} {_CITY}",
    postcodes="code postal|cp",
    postcode=r"[0-9]{5}(?![0-9])",
    ids=(
        IdNumber(
            "numéro de sécurité sociale|numéro de sécu|sécurité sociale|n° de sécu|n° de sécurité sociale|nir|"
            "numéro d'assuré|numéro d’assuré|numéro d'immatriculation|sécu|carte vitale|n° ss|numéro insee",
            r"[1-478][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[AB])[ .-]?[0-9]{3}[ .-]?[0-9]{3}(?:[ .-]?(?:/ ?)?[0-9]{2})?(?![0-9])",
            french_social_security,
            r"(?<![\w.,-])[12][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[AB])[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?(?:/ ?)?[0-9]{2}(?![\w-])",
        ),
        IdNumber(
            "carte d'identité|carte d’identité|numéro de carte d'identité|passeport|numéro de passeport|cni|"
            "permis de conduire|permis|titre de séjour|carte de séjour|agdref|récépissé|numéro étranger|numéro d'étranger|n° étranger",
            r"(?=[A-Z0-9]{0,11}[0-9]{2})[A-Z0-9]{9,12}(?![0-9A-Za-z])",
        ),
        IdNumber(
            "immatriculé|immatriculée|immatriculation|plaque|plaque d'immatriculation|plaque d’immatriculation|camion|véhicule|voiture|scooter|moto|fourgon|camionnette|remorque",
            r"[A-Z]{2}[ -][0-9]{3}[ -][A-Z]{2}(?![0-9A-Za-z])",
            near=24,
        ),
        IdNumber(
            "immatriculé|immatriculée|immatriculation|plaque|plaque d'immatriculation|plaque minéralogique",
            _PLATE,
            near=14,
        ),
        IdNumber(
            "police|numéro de police|n° de police|police d'assurance|police d’assurance|contrat d'assurance|contrat d’assurance|numéro de sociétaire|"
            "n° de sociétaire|numéro d'adhérent|n° d'adhérent|n° adhérent|mutuelle|numéro de contrat d'assurance|constat amiable",
            _POLICY,
            near=20,
        ),
        IdNumber(
            "contrat n°|contrat numéro|n° de contrat|numéro de contrat",
            r"[A-Z]{1,4}[ -][0-9](?:[ ./-]?[A-Z0-9]){5,19}(?![0-9A-Za-z])",
            near=6,
        ),
        IdNumber(
            "numéro fiscal|numéro fiscal de référence|n° fiscal|spi|identifiant fiscal|référence fiscale",
            r"[0-9]{2} ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
        ),
    ),
)
"""The table of French."""
