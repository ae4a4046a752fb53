"""Spanish."""

from __future__ import annotations

from typing import Final

from agentlog.redaction.languages.checks import spanish_identity, spanish_social_security
from agentlog.redaction.languages.table import IdNumber, Language

_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ0-9][\w.'-]{0,30}"
_TYPE: Final = (
    r"(?:[Cc]alle|[Cc]/|C\.|[Aa]venida|[Aa]vda?\.?|Av\.|[Pp]laza|Pza\.|Pl\.|[Pp]aseo|P\.º|[Rr]onda|[Cc]amino|[Cc]arrer|"
    r"[Cc]arretera|Ctra\.|[Tt]ravesía|[Gg]lorieta|[Uu]rbanización|[Cc]allejón|[Rr]ambla|[Cc]alzada|[Bb]ulevar|"
    r"[Pp]olígono|[Pp]asaje|Pje\.|Psje\.|Avd\.|[Vv]ía|[Cc]uesta|[Cc]osta|Rda\.|Trv\.)"
)
_LINK: Final = r"(?:de|del|la|las|los|el|y|i|dels?)(?!\w)"
_NUMBER: Final = r",? (?:n\.?º ?|núm\. ?|nº ?|# ?|número )?[0-9]{1,4}(?![0-9])(?: ?(?:bis|[A-D](?!\w)))?"
_FLOOR: Final = (
    r"(?: ?,? ?(?:[0-9]{1,2}\.?[ºª](?: ?[A-Z](?!\w)| ?(?:izq|dcha|dch|izda)\w{0,6}\.?)?|piso [0-9]{1,2}|puerta \w{1,3}|"
    r"bajo|[Ee]dif\.? ?\w{1,6}|[Ii]nt(?:erior|\.) ?\w{1,5}|[Pp]iso [0-9]{1,2}|[Dd]pto\.? ?\w{1,5}|[Cc]ol\. [A-ZÀ-ÖØ-Þ]\w{1,20})){0,3}"
)
_CITY: Final = (
    r"[A-ZÀ-ÖØ-Þ][\w'-]{1,30}(?: (?:de|del|la|las|los|el|L'[\w-]{1,20}|[A-ZÀ-ÖØ-Þ][\w'-]{1,30})){0,4}|"
    r"[A-ZÀ-ÖØ-Þ] [A-ZÀ-ÖØ-Þ][\w'-]{1,30}"
)
_CODE_CITY: Final = rf"(?:C\.?P\.? ?)?[0-9]{{5}} (?:{_CITY})"
_TAIL: Final = (
    rf"(?:(?: ?,| ?\n|, ?\n)? ?(?:{_CODE_CITY}|(?:{_CITY}), (?:[A-Z. ]{{2,8}} )?[0-9]{{5}}(?![0-9])(?:-[0-9]{{4}})?))?"
)

_POLICY: Final = r"(?<![0-9][./-])(?![0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}(?![0-9])|(?:19|20)[0-9]{2}[./-]|[0-9]{1,3}(?:[.][0-9]{3}){1,3}(?![0-9.-]))(?:[A-Z]{1,5}[ -]?)?[0-9](?:[ ./-]?[A-Z0-9]){5,19}(?![0-9A-Za-z])"
"""How insurers number their contracts: digits in groups, with a few letters."""
_PLATE: Final = r"(?:[0-9]{4}[ -]?[A-Z]{3}|[A-Z]{1,3}[ -]?[0-9]{3,4}[ -]?[A-Z]{1,3}|[A-Z]{3}[ -]?[0-9]{2,4}(?:-[A-Z0-9]{1,2})?)(?![0-9A-Za-z])"
_ESTATE: Final = (
    r"(?:Urb\.|[Uu]rbanización|Pol\. ?Ind\.|P\.I\.|[Pp]olígono(?: [Ii]ndustrial)?|[Rr]esidencial|[Bb]arrio|[Bb]arriada|[Cc]onjunto|[Cc]ondominio|[Cc]olonia|[Ff]raccionamiento|"
    r"[Ff]inca|[Cc]ortijo|[Ee]dificio|[Pp]artida|[Dd]iseminado|[Cc]amino|[Cc]arretera|Ctra\.)"
)
_LOT: Final = (
    r"(?:, ?(?:parcela|nave|lote|manzana|mz\.?|bloque|casa|local|portal|torre|etapa|[Cc]/|[Cc]alle|[Kk]m\.?|n\.?º|núm\.?|oficina|of\.|apto\.?|apartamento|interior|int\.) ?"
    r"(?:[A-ZÀ-ÖØ-Þ][\w'-]{1,20} )?[0-9][\w.-]{0,7}| s/n|, ?s/n){1,4}"
)
_COLOMBIAN: Final = (
    r"(?:[Cc]arrera|Cra\.?|Kr\.?|Kra\.?|[Cc]alle|Cl\.?|Cll\.?|[Dd]iagonal|Dg\.?|[Tt]ransversal|Tv\.?|[Aa]venida|Av\.?|[Cc]ircular) [0-9]{1,3} ?[A-Z]{0,2}(?: (?:bis|sur|norte|este|oeste))? ?"
    r"(?:#|n\.?º|[Nn]o\.?|-) ?[0-9]{1,3} ?[A-Z]{0,2} ?[-\u2013] ?[0-9]{1,3}"
)

SPANISH: Final = Language(
    "es",
    signs="una|que|por|para|sus|está|estoy|hola|gracias|usted|señor|señora|sra|calle|avda|teléfono|móvil|"
    "dirección|nacido|nacida|nació|cliente|factura|cuenta|domicilio|dni|nie|titular|cita|asegurado|dra|"
    "srta|nif|pero|muy|tiene|quiero|puede|hermana|saludo|atentamente|doña|nacimiento|lunes|martes|miércoles|jueves|viernes|sábado|domingo|él|también|"
    "documento|número|sí|hoy|mañana|ayer",
    weak="el|la|los|las|un|del|de|en|al|se|lo|le|su|es|te|nos|mi|tu|ya|era|y",
    titles="d.ª|d.a|dña.|mª|señor|señora|señorita|sr.|sra|srta|don|doña|d.|dª|dña|dr.|dra|doctor|doctora|profesor|profesora|ing.|lic.|"
    "licenciado|licenciada|sor|fray|arq.|abog.|cap.|sres|señores",
    selves="soy|habla|le habla|les habla|aquí|se llama",
    articles="el|la|los|las",
    names="me llamo|ella se llama|él se llama|llamado|llamada|apellidado|apellidada|me apellido|nombre correcto|apellido correcto|apellidos correctos|nombre de pila|nombre y apellido|apellido1|apellido2|primer apellido|segundo apellido|viuda de|mi nombre es|mi nombre completo es|a nombre de|en nombre de|a la atención de|de parte de|titular|"
    'titular de la cuenta|titular de la tarjeta|nombre:|nombre"|apellidos|apellido|nombre y apellidos|nombre completo|'
    "destinatario|destinataria|remitente|firmado|firmado por|fdo|persona de contacto|"
    "estimado|estimada|querido|querida|beneficiario|beneficiaria|interlocutor",
    roles="cliente|clienta|paciente|empleado|empleada|trabajador|trabajadora|compañero|compañera|pasajero|pasajera|"
    "pasajeros|viajero|viajera|viajeros|asegurado|asegurada|inquilino|inquilina|propietario|propietaria|socio|socia|"
    "usuario|usuaria|candidato|candidata|marido|mujer|esposo|esposa|abuelo|abuela|tío|tía|sobrino|sobrina|primo|prima|suegro|suegra|cuñado|cuñada|nieto|nieta|yerno|nuera|novio|novia|prometido|prometida|vecino|vecina|amigo|amiga|niño|niña|mamá|papá|padrino|madrina|hermanastro|tutor|tutora|representante|apoderado|apoderada|gestor|gestora|portero|repartidor|repartidora|chofer|chófer|transportista|enfermero|enfermera|fisio|fisioterapeuta|dentista|profesor|profesora|maestro|maestra|testigo|denunciante|demandante|demandado|demandada|víctima|tomador|tomadora|titular del seguro|huésped|arrendatario|arrendataria|arrendador|arrendadora|comprador|compradora|vendedor|vendedora|letrado|letrada|procurador|procuradora|notario|notaria|director|directora|secretario|secretaria|presidente|presidenta|administrador|administradora|becario|becaria|hijo|hija|madre|padre|hermano|hermana|pareja|"
    "contacto|contacto de emergencia|factura a|alumno|alumna|abogado|abogada|médico|médica|responsable|conductor|"
    "conductora|jefe|jefa|hola|buenos días|buenas tardes|buenas noches|gracias",
    closings="atte|atte.|le saluda|le saluda atentamente|cordiales saludos|un saludo|saludos|saludos cordiales|un cordial saludo|cordialmente|atentamente|muy atentamente|"
    "reciba un cordial saludo|gracias|muchas gracias|un abrazo|quedo a la espera",
    joints="y|e",
    copulas="es|se llama|será",
    not_names="geral|general|ejecutiva|executiva|municipal|académica|constitución|constituição|premium|el|la|los|las|un|una|yo|usted|ustedes|su|sus|mi|mis|y|o|es|está|tengo|quiero|gracias|hola|buenos|buenas|"
    "señor|señora|señores|cliente|servicio|equipo|factura|cita|tel|teléfono|móvil|nacido|nacida|dirección|para|por|con|"
    "puede|podría|lunes|martes|miércoles|jueves|viernes|sábado|domingo|número|no|sí|fecha|dni|nie|a|en|le|de acuerdo|"
    "todos|todas|muchas|soporte|atención|técnico|clientes",
    phones="telf|teléf|tel.|tfno.|tlfn|cel|cel.|teléfono|teléfonos|telefono|tel|tlf|tfno|tf|móvil|movil|celular|fijo|número de teléfono|llamar|llamaremos|"
    "llamarme|llámeme|llame|llamen|localizarme|contactar|contactarme|whatsapp|fax",
    phone=r"(?<![\w+.,/-])(?:[6789][0-9]{2}(?:[ .-][0-9]{3}){2}|[6789][0-9]{2}(?: [0-9]{2}){3}|[689][0-9] [0-9]{3} [0-9]{2} [0-9]{2}|"
    r"[6789][0-9](?: [0-9]{2}){3}(?: [0-9])?)(?![0-9]|[.,-][0-9])",
    births="fecha de nac|fecha nac|f. nac|f.nac|fec. nac|fnac|f. de nacimiento|nací|nació|nacido|nacida|nacido el|nacida el|fecha de nacimiento|nacimiento|cumpleaños",
    months="enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre sep sept setiembre|"
    "octubre oct|noviembre nov|diciembre dic",
    addresses="dirección|domicilio|domiciliado|domiciliada|vivo|vive|vivimos|resido|reside|residente|envíen|enviar|"
    "envíe|entregar|entreguen|mudado|dirección postal|señas",
    place=rf"(?<!\w){_COLOMBIAN}(?:, ?(?:oficina|apto\.?|apartamento|casa|torre|interior|local|piso) ?\w{{1,6}}){{0,3}}(?:, {_CITY})?"
    rf"|(?<!\w){_ESTATE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}{_LOT}{_FLOOR}{_TAIL}"
    rf"|(?<!\w){_TYPE} ?(?:{_LINK} ){{0,2}}{_CAPITAL}(?: (?:{_LINK}|{_CAPITAL})){{0,6}}?(?:,? s/n|, ?[Kk]m\.? ?[0-9.,]{{1,6}}){_LOT}?{_TAIL}"
    rf"|(?<!\w){_TYPE} ?(?:{_LINK} ){{0,2}}{_CAPITAL}(?: (?:{_LINK}|{_CAPITAL})){{0,6}}?{_NUMBER}{_FLOOR}{_TAIL}",
    place_behind=rf"(?:{_LINK} ){{0,2}}{_CAPITAL}(?: (?:{_LINK}|{_CAPITAL})){{0,5}}{_NUMBER}{_FLOOR}{_TAIL}|{_CODE_CITY}",
    postcodes="código postal|codigo postal|c.p.|cp",
    postcode=r"[0-9]{5}(?![0-9])",
    ids=(
        IdNumber(
            "dni|nif|nie|documento|documento nacional de identidad|número de identidad|documento de identidad|carnet|carné|carnet de identidad|cédula|cédula de identidad|cédula de ciudadanía|c.c.|"
            "identidad|tarjeta de residencia|número de extranjero",
            r"(?:[XYZ][ -]?[0-9]{7}[ -]?[A-Z]|[0-9]{8}[ -]?[A-Z]|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}[ -]?[A-Z]?|[0-9]{7,8})(?![0-9A-Za-z])",
            spanish_identity,
            r"(?<![\w.,/-])(?:[XYZ][ -]?[0-9]{7}|[0-9]{8}|[0-9]{2}\.[0-9]{3}\.[0-9]{3})[ -]?[A-Z](?![\w-])",
        ),
        IdNumber(
            "pasaporte|pasaportes|número de pasaporte",
            r"(?:[A-Z]{2,3}[0-9]{6}[A-Z]?|[A-Z]{1,2}[0-9]{7,8})(?![0-9A-Za-z])",
        ),
        IdNumber(
            "matrícula|matricula|placa|placas|patente|número de placa|matrícula del coche|matrícula del vehículo",
            _PLATE,
            near=6,
        ),
        IdNumber(
            "matrícula|matricula|placa|placas|furgoneta|camión|turismo|coche|vehículo|moto|remolque",
            r"[0-9]{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}(?![0-9A-Za-z])",
            near=24,
        ),
        IdNumber(
            "póliza|poliza|n.º de póliza|nº de póliza|número de póliza|seguro n.º",
            _POLICY,
            near=16,
        ),
        IdNumber(
            "tarjeta sanitaria|tarjeta sanitaria individual|tsi|cip|cipa|sip|nuhsa|número de historia|nº de historia|historia clínica|nhc",
            r"(?:[A-Z]{2,4}[ -]?)?[0-9](?:[ .-]?[0-9A-Z]){5,15}(?![0-9A-Za-z])",
            near=16,
        ),
        IdNumber(
            "seguridad social|número de la seguridad social|número de afiliación|nº de afiliación|n.º de afiliación|afiliación|nuss|nss|naf",
            r"[0-9]{2}[ /-]?[0-9]{7,8}[ /-]?[0-9]{2}(?![0-9])",
            spanish_social_security,
            r"(?<![\w.,/-])[0-9]{2}[ /-][0-9]{8}[ /-]?[0-9]{2}(?![\w/-])",
        ),
        IdNumber("curp", r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9](?![0-9A-Za-z])"),
        IdNumber("rfc", r"[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}(?![0-9A-Za-z])"),
    ),
)
"""The table of Spanish."""
