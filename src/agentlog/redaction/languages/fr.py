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
_TAIL: Final = rf"(?:(?:,|\n|, ?\n)? ?(?:F-)?[0-9]{{5}} {_CITY})?"

FRENCH: Final = Language(
    "fr",
    signs="une|dans|pour|avec|nous|vous|votre|notre|je|elle|pas|bonjour|merci|rue|madame|monsieur|mme|mlle|"
    "adresse|téléphone|tél|né|née|numéro|cliente|facture|domicilié|domiciliée|livrer|aux|nir|cet|cette|"
    "sont|être|avez|aucun|ses|qui|leur|leurs|ont|été|était|à|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|chez|quel|salarié|sœur",
    titles="monsieur|madame|mademoiselle|m.|mme|mlle|dr.|dr|docteur|docteure|professeur|professeure|pr.|maître|"
    "messieurs|mesdames",
    names="je m'appelle|je m’appelle|mon nom est|mon nom complet est|je suis monsieur|je suis madame|au nom de|"
    "à l'attention de|à l’attention de|de la part de|titulaire|titulaire du compte|titulaire de la carte|nom:|nom :|nom\"|prénom|"
    "nom de famille|nom et prénom|nom complet|nom de naissance|destinataire|expéditeur|expéditrice|signé|"
    "interlocuteur|interlocutrice|cher|chère|bénéficiaire",
    roles="client|cliente|patient|patiente|salarié|salariée|employé|employée|collègue|passager|passagère|passagers|"
    "voyageur|voyageuse|voyageurs|assuré|assurée|locataire|propriétaire|adhérent|adhérente|membre|utilisateur|"
    "utilisatrice|candidat|candidate|mari|femme|épouse|époux|fils|fille|mère|père|frère|sœur|soeur|conjoint|conjointe|"
    "compagnon|compagne|personne à prévenir|contact|contact d'urgence|facture à|élève|étudiant|étudiante|avocat|"
    "avocate|médecin|responsable|conducteur|bonjour|bonsoir|salut|merci",
    closings="cordialement|bien cordialement|très cordialement|bien à vous|sincères salutations|salutations|"
    "salutations distinguées|sincèrement|bonne journée|amicalement|respectueusement|à bientôt|merci d'avance|merci",
    joints="et",
    copulas="est|s'appelle|s’appelle",
    not_names="je|j'ai|nous|vous|il|elle|le|la|les|un|une|votre|notre|mon|ma|mes|et|ou|est|merci|bonjour|madame|monsieur|"
    "mme|client|cliente|service|équipe|facture|rendez-vous|tél|téléphone|portable|né|née|adresse|pour|pouvez|pourriez|"
    "avez|êtes|a|au|en|dans|oui|non|ci-joint|suite|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|numéro|à|tous|"
    "toutes|beaucoup|support|assistance|technique|clients",
    phones="téléphone|tél|tel|portable|mobile|fixe|numéro de téléphone|appeler|appelez|rappeler|rappelez|rappelons|"
    "joindre|joignable|contacter|contactez|fax|télécopie",
    phone=r"(?<![\w+.,/-])0[1-9](?:[ .-]?[0-9]{2}){4}(?![0-9]|[.,-][0-9])",
    births="né|née|né le|née le|date de naissance|naissance|naissances|anniversaire",
    months="janvier janv jan|février févr fév fevrier|mars|avril avr|mai|juin|juillet juil|août aout|septembre sept|"
    "octobre oct|novembre nov|décembre déc decembre",
    addresses="adresse|domicilié|domiciliée|domicile|habite|habitons|habitant|demeurant|résidant|livrer|livraison|"
    "envoyer|expédier|adresse postale|emménagé|déménagé",
    place=rf"(?<![\w.,/-]){_NUMBER}{_TYPE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}{_TAIL}"
    rf"|(?<!\w){_TYPE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}(?:,|\n|, ?\n)? ?[0-9]{{5}} {_CITY}",
    place_behind=rf"{_NUMBER}(?:{_LINK}|[\wÀ-ÿ'’.-]{{2,30}})(?: (?:{_LINK}|{_CAPITAL})){{1,6}}{_TAIL}|(?:F-)?[0-9]{{5}} {_CITY}",
    postcodes="code postal|cp",
    postcode=r"[0-9]{5}(?![0-9])",
    ids=(
        IdNumber(
            "numéro de sécurité sociale|numéro de sécu|sécurité sociale|n° de sécu|n° de sécurité sociale|nir|"
            "numéro d'assuré|numéro d’assuré|numéro d'immatriculation|sécu|carte vitale|n° ss|numéro insee",
            r"[1-478] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3}(?: ?[0-9]{2})?(?![0-9])",
            french_social_security,
            r"(?<![\w.,-])[12] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[AB]) ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}(?![\w-])",
        ),
        IdNumber(
            "carte d'identité|carte d’identité|numéro de carte d'identité|passeport|numéro de passeport|cni|"
            "permis de conduire|titre de séjour|carte de séjour",
            r"(?=[A-Z0-9]{0,11}[0-9]{2})[A-Z0-9]{9,12}(?![0-9A-Za-z])",
        ),
        IdNumber(
            "numéro fiscal|numéro fiscal de référence|n° fiscal|spi|identifiant fiscal|référence fiscale",
            r"[0-9]{2} ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
        ),
    ),
)
"""The table of French."""
