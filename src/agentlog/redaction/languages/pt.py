"""Portuguese, of Portugal and of Brazil."""

from __future__ import annotations

from typing import Final

from agentlog.redaction.languages.checks import brazilian_firm, brazilian_person, portuguese_tax_number
from agentlog.redaction.languages.table import IdNumber, Language

_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ0-9][\w.'-]{0,30}"
_TYPE: Final = (
    r"(?:[Rr]ua|R\.|[Aa]venida|Av\.|[Tt]ravessa|Tv\.|[Ll]argo|[Pp]raça|Pç\.|[Aa]lameda|[Ee]strada|[Rr]odovia|[Bb]eco|[Pp]raceta|[Vv]ia|[Ss]ervidão|[Aa]zinhaga|[Vv]iela|"
    r"[Cc]alçada|[Qq]uinta|[Rr]otunda|[Uu]rbanização|[Ll]adeira|[Cc]ondomínio)"
)
_LINK: Final = r"(?:de|do|da|dos|das|e|à|ao)(?!\w)"
_NUMBER: Final = r",? (?:n\.?º ?|nº ?|número )?[0-9]{1,5}(?![0-9])(?: ?[A-D](?!\w))?"
_FLOOR: Final = (
    r"(?:,? ?(?:[0-9]{1,2}\.?[ºª] ?(?:Esq|Dto|Dir|Drt|Frente|andar|[A-Z](?!\w))?\.?|apto\.? ?[0-9]{1,5}|ap\.? ?[0-9]{1,5}|"
    r"apartamento [0-9]{1,5}|bloco \w{1,3}|sala [0-9]{1,5}|casa [0-9]{1,4}|rés-do-chão|r/c)){0,3}"
)
_CITY: Final = r"[A-ZÀ-ÖØ-Þ][\w'-]{1,30}(?: (?:de|do|da|dos|das|[A-ZÀ-ÖØ-Þ][\w'-]{1,30})){0,4}"
_CODE: Final = r"(?:[0-9]{4}-[0-9]{3}|[0-9]{5}-[0-9]{3}|[0-9]{8})(?![0-9-])"
_TAIL: Final = (
    rf"(?:(?:,|\n|, ?\n| -)? ?(?:CEP:? ?)?{_CODE}(?: {_CITY})?|"
    rf"(?:,| -) {_CITY}(?: ?[-/] ?[A-Z]{{2}}(?!\w))?(?:,? (?:CEP:? ?)?{_CODE})?"
    rf"|\n[A-ZÀ-ÖØ-Þ][\w ]{{1,40}}\n{_CODE} {_CITY}(?: ?[-/] ?[A-Z]{{2}}(?!\w))?)?"
)

_POLICY: Final = r"(?<![0-9][./-])(?![0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}(?![0-9])|(?:19|20)[0-9]{2}[./-]|[0-9]{1,3}(?:[.][0-9]{3}){1,3}(?![0-9.-]))(?:[A-Z]{1,5}[ -]?)?[0-9](?:[ ./-]?[A-Z0-9]){5,19}(?![0-9A-Za-z])"
"""How insurers number their contracts: digits in groups, with a few letters."""
_PLATE: Final = r"(?:[A-Z]{3}[ -]?[0-9][A-Z0-9][0-9]{2}|[A-Z0-9]{2}[ ·-][A-Z0-9]{2}[ ·-][A-Z0-9]{2})(?![0-9A-Za-z])"
_ESTATE: Final = (
    r"(?:[Qq]uinta|[Uu]rbanização|Urb\.|[Zz]ona [Ii]ndustrial|Z\.I\.|[Pp]arque [Ii]ndustrial|[Bb]airro|[Ll]oteamento|[Cc]ondomínio|[Rr]esidencial|[Cc]onjunto|[Ee]difício|Ed\.|[Ff]azenda|"
    r"[Ss]ítio|[Cc]hácara|[Ll]ugar|[Cc]asal|[Hh]erdade|[Qq]uadra|Qd\.|SQN|SQS|SHIN|SHIS|CLN|CLS|[Pp]raceta|[Aa]lameda|[Rr]ua|[Tt]ravessa|[Aa]v\.|[Aa]venida|R\.)"
)
_LOT: Final = r"(?:,? ?(?:[Ll]otes?|[Ll]t\.?|[Bb]loco|[Bb]l\.?|[Ff]ra[cç]ção|[Tt]orre|[Qq]uadra|[Qq]d\.?|[Cc]onjunto|[Cc]j\.?|[Cc]asa|[Pp]avilhão|[Aa]lameda|[Aa]rmazém|[Bb]ox|[Ss]etor) ?[0-9A-Z][\w-]{0,5}){1,4}"
_ROAD: Final = (
    r"(?:[Rr]od(?:ovia|\.)|[Ee]strada|[Ee]str\.|EN|BR|SP|RS)[ -](?:[A-Z]{2}-[0-9]{2,3}|[A-ZÀ-Ö][\w'-]{1,20}(?: (?:de|do|da|dos|das|[A-ZÀ-Ö][\w'-]{1,20})){0,4}|[0-9]{2,3}(?:-[0-9])?)"
    r",? ?[Kk][Mm]\.? ?[0-9]{1,4}(?:[.,][0-9]{1,2})?(?:, ?(?:n\.?º|nº) ?[0-9.]{1,6})?"
)

PORTUGUESE: Final = Language(
    "pt",
    signs="uma|que|por|para|não|meu|minha|seu|sua|está|estou|olá|obrigado|obrigada|você|senhor|senhora|sra|rua|"
    "telefone|telemóvel|celular|endereço|morada|nascido|nascida|nasceu|cliente|fatura|conta|cpf|nif|"
    "titular|consulta|segurado|residente|cnpj|contato|dra|cep|irmã|também|muito|mas|pelo|pela|nasci|quero|"
    "atenciosamente|dona|nascimento|isso|é|às|foi|são|número",
    weak="o|os|um|de|da|das|dos|em|na|nas|com|se|ao|ela|ele|te|eu|já|mas|mais|foi|ou|ser|pro|pra",
    titles="d.ª|sr.ª|dr.ª|exm.º|exm.ª|eng.º|eng.ª|arq.º|arq.ª|prof.ª|padre|pe.|irmã|mestre|mestra|senhor|senhora|sr.|sra|srta|dr.|dra|dona|dom|doutor|doutora|professor|professora|prof.|profa|eng.|enga|"
    "engenheiro|engenheira|arq.|arquiteto|arquiteta|d.|exmo|exma|senhores",
    selves="aqui é|aqui fala|aqui quem fala é|quem fala é|daqui fala|fala|sou|eu sou|sou o|sou a|chama-se|se chama",
    articles="o|a|os|as",
    names="nome certo|nome correto|nome correcto|nome dela|nome dele|nome da mãe|nome do pai|nome social|ela se chama|ele se chama|chamada|chamado|meu nome é|meu nome completo é|chamo-me|me chamo|em nome de|no nome de|ao cuidado de|a/c|"
    'da parte de|titular|titular da conta|titular do cartão|nome:|nome"|sobrenome|apelido|nome completo|nome do cliente|'
    "destinatário|destinatária|remetente|assinado|assinado por|pessoa de contato|"
    "pessoa de contacto|prezado|prezada|caro|cara|estimado|estimada|querido|querida|beneficiário|beneficiária|responsável",
    roles="cliente|paciente|funcionário|funcionária|empregado|empregada|colaborador|colaboradora|colega|passageiro|"
    "passageira|passageiros|viajante|segurado|segurada|inquilino|inquilina|proprietário|proprietária|sócio|sócia|"
    "sócio-gerente|usuário|usuária|utilizador|utilizadora|candidato|candidata|marido|mulher|esposo|esposa|avô|avó|tio|tia|sobrinho|sobrinha|primo|prima|sogro|sogra|cunhado|cunhada|neto|neta|genro|nora|noivo|noiva|namorado|namorada|vizinho|vizinha|amigo|amiga|bebê|bebé|mamãe|papai|padrinho|madrinha|tutor|tutora|representante|procurador|procuradora|porteiro|zelador|síndico|síndica|entregador|estafeta|condutor|condutora|enfermeiro|enfermeira|dentista|professor|professora|testemunha|vítima|denunciante|autor|autora|réu|ré|tomador|beneficiário|hóspede|locatário|locatária|locador|locadora|comprador|compradora|vendedor|vendedora|doente|utente|requerente|tabelião|diretor|diretora|secretária|secretário|presidente|estagiário|estagiária|encarregado|encarregada|doutorando|criança|menino|menina|sinistrado|sinistrada|mei|filho|filha|"
    "mãe|pai|irmão|irmã|companheiro|companheira|contato|contacto|contato de emergência|contacto de emergência|"
    "fatura para|aluno|aluna|advogado|advogada|médico|médica|motorista|chefe|gerente|olá|oi|bom dia|boa tarde|boa noite|"
    "obrigado|obrigada",
    closings="com os melhores cumprimentos,|subscrevo-me|sem mais|atenciosamente|com os melhores cumprimentos|melhores cumprimentos|cumprimentos|cordialmente|"
    "com os meus cumprimentos|abraços|um abraço|grato|grata|obrigado|obrigada|att|saudações|respeitosamente",
    joints="e",
    copulas="é|chama-se|se chama|será",
    not_names="geral|general|ejecutiva|executiva|municipal|académica|constitución|constituição|premium|o|a|os|as|um|uma|eu|você|vocês|seu|sua|meu|minha|e|ou|é|está|tenho|quero|obrigado|obrigada|olá|bom|boa|"
    "senhor|senhora|senhores|cliente|serviço|equipe|equipa|fatura|consulta|tel|telefone|telemóvel|celular|nascido|"
    "nascida|endereço|morada|para|por|com|pode|poderia|segunda|terça|quarta|quinta|sexta|sábado|domingo|número|não|sim|"
    "data|cpf|nif|cnpj|em|no|na|do|da|todos|todas|muito|suporte|atendimento|técnico|central|clientes",
    phones="telef|telef.|telem|telem.|tlf|fone|ramal|contactos|telefone|telefones|tel|telemóvel|telemovel|celular|cel|fixo|número de telefone|ligar|ligaremos|ligue|liguem|"
    "contactar|contatar|whatsapp|zap|fax|retorno|telefonar|tlm",
    phone=r"(?<![\w+.,/-])(?:9[1236][0-9](?:[ .-][0-9]{3}){2}|2[0-9]{2}(?: [0-9]{3}){2}|2[0-9] [0-9]{3} [0-9]{2} [0-9]{2}|9[1236](?: [0-9]{3})(?: [0-9]{2}){2}|\([1-9][0-9]\) ?9?[ .]?[0-9]{4}[- ]?[0-9]{4}|"
    r"[1-9][0-9] 9?[0-9]{4}-[0-9]{4})(?![0-9]|[.,-][0-9])",
    births="dn|data nasc|data de nasc|d. nasc|dt. nasc|nasci|nasceu|nascido|nascida|nascido em|nascida em|data de nascimento|nascimento|aniversário|nasc",
    months="janeiro jan|fevereiro fev|março mar marco|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|"
    "outubro out|novembro nov|dezembro dez",
    addresses="endereço|morada|moro|mora|moramos|residente|resido|reside|domicílio|domiciliado|domiciliada|entreguem|"
    "entregar|entrega|enviar|enviem|mudei|mudou",
    place=rf"(?<!\w){_ROAD}{_TAIL}"
    rf"|(?<!\w){_ESTATE}(?: (?:{_LINK}|{_CAPITAL})){{1,6}}?{_LOT}{_FLOOR}{_TAIL}"
    rf"|(?<!\w){_TYPE} ?(?:{_LINK} ){{0,2}}{_CAPITAL}(?: (?:{_LINK}|{_CAPITAL})){{0,6}}?{_NUMBER}{_FLOOR}{_TAIL}",
    place_behind=rf"{_CAPITAL}(?: (?:{_LINK}|{_CAPITAL})){{0,5}}{_NUMBER}{_FLOOR}{_TAIL}|{_CODE} {_CITY}",
    postcodes="cep|código postal|codigo postal",
    postcode=r"(?:[0-9]{5}-?[0-9]{3}|[0-9]{4}-[0-9]{3})(?![0-9])",
    ids=(
        IdNumber(
            "cpf|cadastro de pessoa física",
            r"[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}[-. /]?[0-9]{2}(?![0-9])",
            brazilian_person,
            r"(?<![\w.,/-])(?:[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}[- ][0-9]{2}|[0-9]{11})(?![\w/-])",
        ),
        IdNumber(
            "cnpj",
            r"[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}(?![0-9])",
            brazilian_firm,
            r"(?<![\w.,/-])[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/?[0-9]{4}-?[0-9]{2}(?![\w/-])",
        ),
        IdNumber(
            "placa|placas|placa do veículo|placa do carro|placa da moto|matrícula|matrícula do veículo",
            _PLATE,
            near=6,
        ),
        IdNumber(
            "placa|placas|matrícula|viatura|carro|moto|caminhão|camião|veículo|carrinha",
            r"(?:[A-Z]{3}-?[0-9][A-J][0-9]{2}|[A-Z]{3}-[0-9]{4}|[A-Z]{2}-[0-9]{2}-[A-Z]{2}|[0-9]{2}-[A-Z]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[A-Z]{2})(?![0-9A-Za-z])",
            near=24,
        ),
        IdNumber(
            "apólice|apolice|n.º da apólice|nº da apólice|número da apólice|apólice n.º",
            _POLICY,
            near=14,
        ),
        IdNumber("passaporte|número do passaporte", r"[A-Z]{1,2}[0-9]{6,8}(?![0-9A-Za-z])", near=16),
        IdNumber(
            "nif|nipc|contribuinte|número de contribuinte|número de identificação fiscal",
            r"[0-9]{3} ?[0-9]{3} ?[0-9]{3}(?![0-9])",
            portuguese_tax_number,
        ),
        IdNumber(
            "cartão de cidadão|cartão do cidadão|bilhete de identidade|número do cc|bi n.º",
            r"[0-9]{8}(?: ?[0-9] ?[A-Z0-9]{2}[0-9])?(?![0-9])",
        ),
        IdNumber(
            "rg|registro geral|carteira de identidade|identidade|cnh|carteira de motorista|passaporte|título de eleitor",
            r"(?=[A-Z0-9.-]{0,11}[0-9]{3})[A-Z0-9]{1,2}[A-Z0-9.-]{5,13}[A-Z0-9](?![0-9A-Za-z])",
        ),
        IdNumber(
            "niss|pis/pasep|segurança social|número de segurança social|nit|pis|pasep",
            r"[0-9](?:[. -]?[0-9]){9,11}(?![0-9])",
        ),
        IdNumber(
            "número de utente|utente|sns|cartão nacional de saúde|cartão do sus|cartão sus|sus|cns",
            r"(?:[0-9]{3} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4}|[0-9]{3} ?[0-9]{3} ?[0-9]{3})(?![0-9])",
        ),
    ),
)
"""The table of Portuguese."""
