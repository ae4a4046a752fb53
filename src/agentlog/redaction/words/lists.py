"""Word lists that rules refer to: what is an ordinary word, what may be both a word and a name, what is no value.

They are of our own making, and short on purpose: they only decide how far a *weak* hint (a greeting, a capital letter)
is trusted, and whether a name that is also a word is exchanged in lower case too.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

NOT_VALUES: Final = _words(
    """none null nil n/a na nan undefined unknown true false yes no y n on off string str int integer number float
    boolean bool object array list dict any text optional required default todo tbd test example redacted hidden
    masked password secret token - -- ... * ** *** **** ? credit_card debit_card gift_card certificate paypal visa
    mastercard amex cash card account anonymous guest user admin root system"""
)
"""What stands under a personal key and says nothing."""

BOTH: Final = _words(
    """ace adam alder angel april art ash august autumn bach baker bell berry best bill bird bishop black blue bond
    booker bright brook brooks brown buck bush butler carter case cash chance charity chase chip christian christmas
    church clay cliff cole cook cooper coral cotton crystal daisy dale dale dawn day dean destiny dick dollar drew duke
    dusty earl eden faith farmer fields finn fisher flint flower ford forest foster fox frank franklin frost gale
    gardener gay gene ginger glen gold good gore grace grant gray green grey guy hall harmony harper hart haven hazel
    heath heather henry hill holiday holly honey hood hope house hunt hunter iris ivy jack jade jasmine jay jersey jewel
    joy judge june justice kane kay keen kelvin king knight lake lance land lane laurel lee lily little long love lucky
    major marble march marina mark marsh martin mason may meadow melody mercy miles miller moon moore morning moss nick
    noble north norm olive page pat patience peace pearl penny perry peters pierce piper poe pope porter potter power
    precious price prince prudence queen rain randy ray reed reeves rice rich river rob robin rocky rod rose ruby rusty
    sage sailor sally sandy savage savannah sawyer scout self shade sharp shepherd short silver singer sky small smart
    smith snow sparks spring star steel sterling stone storm street strong sue summer sunny swift taylor terry thorn tiger
    tanner trinity troy turner vale valentine victor victory violet virginia wade walker wall ward warden waters weaver
    webb wells west wheeler white wild wiley will willow winter wise wolf wood woods worth wright wren york young"""
)
"""Words that are names as well. As names they are exchanged with a capital letter only."""

_FUNCTION: Final = """
a about above according across actually after again against ago all almost alone along already also although always am
among an and another any anybody anyone anything anyway anywhere are around as aside at away back be became because
become been before behind being below beneath beside besides between beyond both but by can cannot certainly clearly
could currently despite did do does doing done down due during each either else elsewhere enough especially etc even
ever every everybody everyone everything everywhere exactly except few finally first firstly for former forward from
further furthermore generally had half has have having he hello hence her here hers herself hey hi him himself his how
however i if in indeed inside instead into is it its itself just last later latter least less let like likely many maybe
me meanwhile might mine more moreover most mostly much must my myself namely near nearly neither never nevertheless
next no nobody none nor not nothing now nowhere obviously of off often oh ok okay on once one only onto or other others
otherwise our ours ourselves out outside over own per perhaps please possibly presumably previously probably quite
rather really recently regarding said same second secondly seem seems several shall she should shortly simply since so
some somebody someone something sometimes somewhere soon sorry still such sure than thank thanks that the their theirs
them themselves then there thereafter thereby therefore these they third this those though three through throughout
thus to today together tomorrow tonight too toward towards two under unfortunately unless unlike until up upon us use
used usually various very via was we well were what whatever when whenever where whereas wherever whether which while
who whoever whole whom whose why with within without would yes yesterday yet you your yours yourself yourselves zero
four five six seven eight nine ten eleven twelve hundred thousand million billion dozen once twice
"""
_VERBS: Final = """
accept access achieve act activate add adjust advise afford agree aim allow analyze announce answer appear apply
appreciate approve arrange arrive ask assign assist assume attach attempt attend authorize avoid await base begin
believe belong bought bring build buy calculate call came cancel canceled cancelled cancelling carry cause change check
checking choose claim clarify clean clear click close collect combine come comes coming compare complain complete
concern confirm confirmed connect consider consist contact contain continue contribute convert cope copy correct cost
count cover create cut deal decide decline define delete deliver deny depart depend describe deserve design detect
determine develop differ disagree discuss divide double download draw drive drop earn eat edit email enable encounter
end enjoy ensure enter escalate estimate evaluate exchange excuse exist expand expect expire explain explore express
extend facing fail fall feel fetch figure fill find finish fit fix fly flying follow forget forgive form found gather
gave generate get getting give given gives giving go goes going gone got grow guess guide handle happen hate head hear
help helping hide hire hit hold hoping identify ignore imagine implement improve include increase indicate inform
initiate input insert inspect install intend interested introduce investigate invite involve issue issued join keep
kept kill kindly know known lack launch lead learn leave left lend letting lie lift limit link list listen live load
locate lock log login look looking lose lost made maintain make makes making manage match matter mean means measure
meet mention merge mind miss missed missing modify monitor move moved moving need needed needing needs notice notify
observe obtain occur offer omit open operate opt order organize owe paid pass pay paying perform permit pick place plan
planned planning play point post prefer prepare present press prevent print proceed process processed produce promise
propose protect prove provide provided publish pull purchase push put puts query question quit raise ran reach reached
react read reading ready realize receive received recommend record recover redirect reduce refer reflect refund
refunded refuse register reject relate release rely remain remember remind remove rent repair repeat replace reply
report represent request requested require rerun reschedule research reserve reset resolve respond rest restart restore
result resume retrieve return returning reveal review revise rewrite ride ring rise roll run running save saw say says
scan schedule search see seeing seem seen select sell send sending sent separate serve set settle share ship shipped
shop show shut sign signed simplify sit skip sleep solve sort sound speak specify spell spend spent split stand start
started state stay step stop store struggle study submit subscribe suggest summarize supply support suppose switch take
taken taking talk tell test think thinking thought throw tidy tie took touch track trade transfer translate transport
travel traveling travelling treat tried trigger trouble trust try trying turn type understand unlock unsubscribe update
updated upgrade upgraded upload upset urge using validate value vary verify view visit wait waiting wake walk want
wanted wanting wants warn wash waste watch wear went win wish withdraw wonder wondering work worked working worried
worry write writing wrote
"""
_NOUNS: Final = """
abstract account accounts action activity adapter addition address addresses admin adult advance advice afternoon age
agent agents agreement aid air airfare airline airlines airport alert algorithm alternative amount analysis analyst
animal annual answer anything apartment apologies apology app appliance application appointment area arrangement array
arrival article assistance assistant associate attachment attempt attention attribute author authority auto
availability available average award baby background bag baggage bags balance bank banking bar base baseline basic
battery bed benefit bicycle bike birth birthday bit block board boarding body bonus book booking bookings bot box branch
brand bread breakfast bridge brief browser budget buffer bug building bus business button buyer cabin calendar camera
campaign capacity car card cards care cargo carrier cart category center central centre ceo certificate chair change
channel chapter character charge charger charges chart chat checkout chief child children chrome city class client
clinic clock cloud club coach coat code coffee college color colour column comment commission committee community
company comparison compensation complaint component computer concern condition conference confirmation connection
consent console constraint consultant consumer container content contents context contract control conversation
cookie copy corner corporation corp cost council counter country couple coupon course court cover credit creation crew
criteria currency customer customers cycle daily damage dashboard data database date dates daughter days deadline deal
dear debit debug december decision default defect definition degree delay delivery demand dental department departure
deposit description desk destination detail details developer device difference digit digits dinner direct direction
director discount display distance district division doctor document documents domain door draft dress driver
duplicate duration duty earliest early earnings economy edge edition editor education effect efficiency element
elementary employee employees employer empty energy engine engineer engineering english enterprise entity entry
environment equipment error escalation essential estimate evening event evidence example exception exchange executive
exit expense experience expert expiration explanation express extension extra eye eyes fabric face fact factor failure
fair family fare fares fashion father fault feature february fee feedback fees female field file files filter final
finance financial fine fire flag flat flight flights floor flow folder food form format foundation framework fraud free
frequency friday friend friends front frustrated frustration fuel full function fund funds furniture future game garden
gas gate general gift girl glad glass global goal gov government grand graph great greetings group growth guarantee
guest guests guide hair hand happy hard hardware hat headphones health heart heating heavy height high history hive
home hope hospital host hotel hour hours household housing http https human id idea identification identity image
images impact import inbox inc incident income index individual industry info information initial inquiry instance
institute instruction instructions insurance integer interaction interest interface internal international internet
interview invalid inventory investment invoice item items itinerary january job journal journey july keyboard kid kids
kind kitchen knowledge label lady language laptop large latest launch law lawyer layer leader learning leg legal legs
length letter level library licence license light line lines list living llc loan local location logic logistics logo
loss lot low lowest luck luggage lunch ltd machine madam mail main maintenance male mall man management manager manual
map margin marketing market master material maximum meal meaning measure media medical medicine medium meeting member
members membership memory menu merchant message messages metadata method metric metrics middle mile minimum minute
minutes miss missing mobile mode model module moment monday money monitor month months mother mouse movie multiple
music name names nation national natural network new news night nonstop normal note notebook notes notification
november number numbers object objective october office officer official old online operation operations operator
opinion opportunity option options orchestra order orders organization organisation origin original outlook output
outstanding overall overview owner ownership pack package packages page pages paid pair panel paper paragraph parameter
parent park part partial parties partner partners party passenger passengers passport password past patch path patient
pattern payment payments peak people percent percentage perfect performance period permission person personal phone
phones photo phrase pick picture piece pipeline place plain plan plane platform player pleasure plus pm point policies
policy poor popular population portal portfolio position positive post potential practice premium preference
preferences preparation presence president previous pricing primary principal printer prior priority privacy private
problem procedure process processing product production products professional profile profit program progress project
promotion proof property proposal protection protocol provider public pull purchase purchases purpose quality quantity
quarter query question questions queue quick quote range rank rate rates rating ratio reason reasons receipt recent
reception recommendation record records recovery red reference references refund refunds region registration regular
relation relationship release relevant remaining reminder rental replacement report reports representative request
requests requirement requirements research reservation reservations residence resolution resource resources respect
response responses responsibility restaurant restriction result results retail return returns revenue review reviews
reward rewards right rights risk road role roles room rooms root round route router row rule rules safe safety salary
sale sales sample satisfaction saturday saving savings scale schedule scheme school science scope score screen script
season seat seats secondary section sector security segment selection seller senior sense sensor sentence september
sequence series server service services session setting settings shape share sheet shipment shipping shirt shoes shop
shopping short side signal signature similar simple sincerely single sir sister site situation size skill skin sofa
software solution solutions son source space spare speaker special specialist specific speed sports staff stage standard
standing status step steps stock stop storage store stores story strategy string structure student style subject
submission subscription success sufficient suit suitable suite sum summary sun sunday supervisor supplier support
surface survey suspect symbol system systems table tablet tag target task tasks tax taxi teacher team teams technical
technician technology template term terminal terms text theme theory thing things thursday ticket tickets tier time
times title toll tool tools top topic total tour town toy track tracking trade traffic train training transaction
transactions transcript transit trend trial trip trips true truth tuesday tv type types unable unavailable uncle
underwriter union unique unit units universe university unknown upcoming update updates upgrade urban urgent url usage
user users utility vacation valid values variable variety vehicle vendor verification version vice video view visa
visitor voice volume voucher wait wallet warehouse warning warranty watch water way weather web website wednesday week
weekend weekly weeks weight welcome wheel wife wifi window wireless woman women wonderful word words worker workflow
world worst wrong year years zip zone account-holder cabin checked delayed economy layover lounge onestop refundable
nonrefundable redeye overnight roundtrip transfer transit apologize apologise alright absolutely additional although
additionally after alternatively awesome correct excellent fantastic interesting lovely nice noted perfectly pleased
safe super understood unfortunate wonderful best better good bad big small hot cold fast slow easy difficult different
several possible impossible important necessary available eligible aware able afraid
prime minister ministers churn prediction abdominal acute chronic diagnosis dose medication prescription symptom symptoms therapy treatment vaccine allergy blood
pressure surgery mortgage lender borrower payroll overtime manager intern contractor tenant landlord lease apr iban swift
bearer api json xml html css sql yaml csv pdf png jpg jpeg gif zip tar env cli gui sdk ide cpu gpu ram ssd usb dns tcp udp ssh
ssl tls http git docker kubernetes node server client async await class def return import export function const var let
null true false none void public private static final abstract interface enum struct lambda yield try catch finally
throw raise assert while switch break continue pass print debug info warn fatal trace stack queue heap thread mutex
widget gadget plugin endpoint payload schema token tokens prompt prompts embedding vector cluster dataset batch epoch
llm gpt ai ml bot chatbot claude chatgpt gemini llama mistral copilot siri alexa openai anthropic google microsoft amazon
apple facebook meta netflix tesla nvidia intel ibm oracle salesforce github gitlab linux windows macos android ios python
java javascript typescript rust golang ruby perl swift kotlin react angular django flask spark hadoop redis postgres mysql
mongodb aws azure gcp slack zoom twitter youtube instagram linkedin whatsapp telegram paypal stripe visa mastercard amex
discover wikipedia reddit spotify uber lyft airbnb delta united southwest jetblue lufthansa emirates
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat jan feb mar apr jun jul aug sep sept oct
nov dec am pm est edt cst cdt mst mdt pst pdt utc gmt
"""
_PLACES: Final = """
africa america asia atlantic australia austria bangalore barcelona beijing belgium berlin boston brazil britain british
california canada chicago china colorado cuba dallas delhi denmark denver detroit dubai dublin egypt england europe
finland florida france frankfurt french german germany greece hawaii hongkong houston hungary iceland india indian
indonesia iran iraq ireland irish israel italian italy japan japanese kenya korea korean lisbon london los angeles las
vegas louis madrid mexico miami milan minneapolis montreal moscow mumbai munich nashville netherlands nevada jersey
nigeria norway ohio ontario orlando oregon orleans pacific pakistan paris pennsylvania philadelphia phoenix pittsburgh
poland portland portugal prague rico puerto rome russia russian salt san diego francisco jose antonio saudi scotland
seattle shanghai shenzhen singapore spain spanish stockholm sweden swiss switzerland sydney taiwan tampa texas thailand
tokyo toronto turkey uk ukraine usa utah vancouver vienna vietnam wales warsaw washington zurich american canadian
australian chinese european african asian mexican brazilian dutch polish swedish turkish ukrainian fort worth charlotte
columbus jacksonville indianapolis baltimore milwaukee albuquerque atlanta newark oakland sacramento
"""
ORDINARY: Final = (_words(_FUNCTION) | _words(_VERBS) | _words(_NOUNS) | _words(_PLACES)) - BOTH
"""Words that a weak cue never takes for a name."""

COMMON: Final = ORDINARY | BOTH
"""Words that stand in many texts for what they mean: never exchanged in lower case because a person is called so."""

PRONOUNS: Final = _words("i you we they he she it me us them my your our the a an this that be not")

PEOPLE: Final = _words(
    """user customer client patient member employee person passenger traveler traveller guest contact student author
    owner recipient sender applicant candidate beneficiary payer payor payee insured subscriber caller reporter guardian
    spouse parent cardholder holder driver doctor physician nurse teacher resident tenant donor attendee participant
    visitor shopper buyer seller borrower lender worker staff manager assignee requester requestor signer signatory
    dependent relative child friend people profile individual learner player creator sibling
    accountholder policyholder claimant consignee consignor shipper addressee debtor creditor dbtr cdtr counterparty
    purchaser renter lessee lessor lodger occupant roommate flatmate tutor instructor professor lecturer pupil classmate
    clinician practitioner provider surgeon dentist therapist pharmacist caregiver midwife prescriber
    mother father husband wife son daughter brother sister partner fiance nok kin heir executor trustee witness victim
    plaintiff defendant attorney lawyer notary officer captain pilot crew courier deliverer
    recruiter interviewer referee supervisor colleague coworker teammate hire intern approver submitter reviewer editor
    commenter follower subscriber watcher organizer organiser invitee speaker presenter mentor coach trainer lead rep
    salesperson representative adjuster underwriter technician engineer cosigner coapplicant cofounder founder director
    registrant nominee investor shareholder householder taxpayer voter citizen accompanying companion traveling enrollee cardmember drivers personnel
    persona personne persons kunde kundin mitarbeiter patientin empfaenger absender inhaber ansprechpartner cliente
    contacto empleado paciente titular destinatario destinataire expediteur salarie locataire eleve titulaire"""
)
"""Who a JSON object or a line may be about (singular)."""

TITLES: Final = _words("mr mrs ms miss dr prof professor sir madam mister herr frau mme mlle sr sra")

NAME_SUFFIXES: Final = _words("jr sr ii iii iv phd md esq")

PARTICLES: Final = _words("de del della der den di da dos du la le van von bin ibn al el ben ter ten zu y e")
"""Small words inside family names; they are left where they stand."""

ORGANISATION: Final = _words(
    """inc llc ltd limited corp corporation company co gmbh ag plc group bank university institute foundation association
    partners holdings solutions technologies technology systems labs capital insurance airlines hospital clinic school
    college services agency ministry department council trust store shop hotel restaurant"""
)
"""Words that say: this is no person."""

ROLE_MAILBOXES: Final = _words(
    """info support sales contact help admin administrator office hello team service services billing noreply no-reply
    donotreply postmaster webmaster root security abuse press media jobs careers hr legal privacy feedback newsletter
    marketing orders bookings booking reservations accounts accounting finance mail email news notifications alerts"""
)

SYSTEM_USERS: Final = _words(
    """root user users shared public default guest admin administrator ubuntu debian ec2-user centos fedora vagrant
    runner runneradmin app appuser node jovyan vscode codespace gitpod circleci jenkins docker www-data nobody git
    linuxbrew worker service pi home sandbox"""
)
"""Owners of home folders that are no people."""

CARDS: Final = _words("visa mastercard amex discover maestro diners jcb unionpay eurocard girocard elo rupay")

PAYMENT_WORDS: Final = _words(
    """credit debit card gift giftcard certificate voucher paypal bank account acct payment method pay pm cus ba src
    wallet ach iban sepa"""
)
"""Words at the front of a payment method's id that say what kind it is, and are left standing."""

STREETS: Final = _words(
    """street st drive dr avenue ave road rd lane ln boulevard blvd court ct way place pl terrace ter circle cir highway
    hwy parkway pkwy square sq trail trl broadway crescent close alley plaza row walk"""
)
STREETS_ABROAD: Final = _words(
    """rue chemin allée allee impasse quai cours calle avenida plaza paseo carrera camino carretera ronda via viale piazza corso
    largo vicolo rua travessa rodovia alameda estrada praça praca ulica ul aleja pl os plac"""
)
"""Words of streets that stand in front …"""
STREET_ENDS: Final = (
    "straße", "strasse", "str", "weg", "gasse", "platz", "allee", "ring", "damm", "ufer", "gatan", "vägen", "gränd", "gata",
    "vei", "veien", "vej", "straat", "laan", "plein", "kade", "gracht", "katu", "tie", "utca",
)  # fmt: skip
"""… and the ends of those that are one word."""
UNITS: Final = _words("suite ste apt apartment unit flat room")

SURNAMES_ZH: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤尚常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁"
    "岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁阮纪符鲍柯骆毕舒房裴单曲项翁仇涂辛管凌车苗盛屠冉瞿蒲卞谷戚桂卓麦路滕闵娄祁艾梅费穆席米丛"
    "景华栾柏霍蓝简游连靳池季牟解佟臧隋喻邝佘仲褚赖饶宣卫诸花鞠丰巫储汲糜巴弓牧伊宫厉戎祖束幸司郜薄印宿怀鄂索蔺蒙胥闻莘党"
    "贡劳姬扶宰郦雍桑濮寿边扈燕冀浦农晏柴茹宦容古戈衡匡寇沃蔚隆师巩晁敖冷阚沙巢荆盖桓苟原揭楚练帅缑亢况琴"
)
"""The family names of one character that nearly all Chinese people bear."""
