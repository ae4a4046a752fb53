"""A hospital's FHIR R4 server: camelCase, attribute lists, codings, references, bundles.

Direct: names (of patients, relatives and clinicians), birth dates, telecom values, address lines, postal codes, social
security and record numbers, the insurer's subscriber id, a clinician's NPI. Quasi: city, state, gender, a resource's id
where the resource is a person, the employer and its group number. Everything else must stay: appointments' times,
LOINC, ICD-10, RxNorm and SNOMED codes, measured values, versions, URLs, ids of other resources.
"""

from __future__ import annotations

import random
import urllib.parse
from typing import Any

from benchmarks.schemas_people import Person, Run, digits, luhn, mark, uuid

_PLACES = (
    ("Tacoma", "WA", "984"),
    ("Duluth", "MN", "558"),
    ("Savannah", "GA", "314"),
    ("Boise", "ID", "837"),
    ("Worcester", "MA", "016"),
    ("Albuquerque", "NM", "871"),
    ("Toledo", "OH", "436"),
)
_STREETS = "Birchwood Ave;Kessler Blvd;Old Mill Rd;W Juniper St;Saint Clair Ter;Magnolia Ct;NE 47th Pl;Coronado Way"
_EMPLOYERS = ("Pinnacle Robotics Inc.", "Tri-County Schools", "Bluebird Catering LLC")
_PAYERS = ("Evergreen Health Plan", "United Mutual Insurance", "Cascade Care HMO")
_VISITS = (
    ("Cardiology follow-up", "I48.0", "Paroxysmal atrial fibrillation", "394579002"),
    ("Diabetes review", "E11.9", "Type 2 diabetes mellitus without complications", "394583002"),
    ("Knee injection", "M17.11", "Unilateral primary osteoarthritis, right knee", "394801008"),
    ("Annual physical", "Z00.00", "General adult medical examination", "394814009"),
)
_LABS = (
    ("4548-4", "Hemoglobin A1c", "%", 5.1, 9.2),
    ("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", 71, 188),
    ("2160-0", "Creatinine [Mass/volume] in Serum", "mg/dL", 0.6, 1.9),
    ("18262-6", "LDL Cholesterol", "mg/dL", 62, 191),
)
_DRUGS = (("860975", "metformin hydrochloride 500 MG Oral Tablet"), ("855332", "warfarin sodium 5 MG Oral Tablet"))
_BASE = "https://fhir.lakeshore-medical.example/r4"


class _Patient(Person):
    def __init__(self, rng: random.Random, family_raw: str | None = None) -> None:
        super().__init__(rng, family_raw)
        self.number = mark("q:RECORD_ID", rng.choice((digits(rng, 7), uuid(rng))))
        self.mrn = mark("MEDICAL_ID", rng.choice((f"MRN{digits(rng, 8)}", digits(rng, 9))))
        self.ssn_raw = f"{rng.randint(101, 665)}-{rng.randint(10, 99)}-{rng.randint(1001, 9998)}"
        self.ssn = mark("GOV_ID", rng.choice((self.ssn_raw, self.ssn_raw.replace("-", ""))))
        self.subscriber = mark("MEDICAL_ID", rng.choice((f"W{digits(rng, 9)}", f"{digits(rng, 3)}M{digits(rng, 5)}")))
        self.gender = mark("q:GENDER", "female" if self.woman else "male")
        self.phone, self.phone_said = _phone(rng)
        self.move(rng)

    def move(self, rng: random.Random) -> None:
        city, state, prefix = rng.choice(_PLACES)
        self.line = mark("ADDRESS", f"{rng.randint(210, 9800)} {rng.choice(_STREETS.split(';'))}")
        self.line2 = mark("ADDRESS", f"{rng.choice(('Apt', 'Unit'))} {rng.randint(2, 40)}{rng.choice('ABCD')}")
        self.city, self.state = mark("q:CITY", city), mark("q:STATE", state)
        plus4 = f"-{digits(rng, 4)}" if rng.random() < 0.2 else ""
        self.zip = mark("ZIP", f"{prefix}{rng.randint(10, 99)}{plus4}")

    def address(self, rng: random.Random) -> dict[str, Any]:
        lines = [self.line, self.line2] if rng.random() < 0.4 else [self.line]
        made = {"use": "home", "line": lines, "city": self.city, "state": self.state, "postalCode": self.zip}
        if rng.random() < 0.4:
            made["text"] = f"{', '.join(lines)}, {self.city}, {self.state} {self.zip}"
        return {**made, "country": "US"}


def _phone(rng: random.Random) -> tuple[str, str]:
    area, last = rng.choice(("253", "218", "912", "208", "505")), f"555-01{rng.randint(10, 99)}"
    forms = (f"({area}) {last}", f"{area}-{last}", f"+1-{area}-{last}", f"{area}.{last.replace('-', '.')}")
    return mark("PHONE", rng.choice(forms)), mark("PHONE", rng.choice((*forms, f"{area} {last.replace('-', ' ')}")))


def _meta(rng: random.Random) -> dict[str, str]:
    return {
        "versionId": str(rng.randint(1, 9)),
        "lastUpdated": f"2025-01-{rng.randint(10, 28)}T08:{rng.randint(10, 59)}:07Z",
    }


def _coding(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _patient(rng: random.Random, who: _Patient, doctor: Person, relative: Person) -> dict[str, Any]:
    given = [who.given, who.middle] if who.middle else [who.given]
    name = {"use": "official", "family": who.family, "given": given}
    if rng.random() < 0.3:
        name = {**name, "text": f"{who.title} {who.full}", "prefix": [who.title]}
    names = [name]
    if who.woman and rng.random() < 0.3:
        names.append({"use": "maiden", "family": mark("PERSON", Person(rng).family_raw)})
    mrn_type = _coding("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number")
    made: dict[str, Any] = {
        "resourceType": "Patient",
        "id": who.number,
        "meta": _meta(rng),
        "identifier": [
            {"use": "usual", "type": mrn_type, "system": "urn:oid:1.2.36.146.595.217.0.1", "value": who.mrn},
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": who.ssn},
        ],
        "active": True,
        "name": names,
        "telecom": [
            {"system": "phone", "value": who.phone, "use": rng.choice(("mobile", "home")), "rank": 1},
            {"system": "email", "value": who.email},
        ],
        "gender": who.gender,
        "birthDate": who.born("iso"),
        "deceasedBoolean": False,
        "address": [who.address(rng)],
        "generalPractitioner": [{"reference": f"Practitioner/{uuid(rng)}", "display": f"Dr. {doctor.full}"}],
        "managingOrganization": {"reference": "Organization/41", "display": "Lakeshore Regional Medical Center"},
    }
    if rng.random() < 0.5:
        narrative = f"{who.given} {who.family_upper}, born {who.born('uk_long')}, MRN {who.mrn}"
        made["text"] = {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{narrative}</p></div>',
        }
    if rng.random() < 0.6:
        relation = _coding("http://terminology.hl7.org/CodeSystem/v2-0131", "C", "Emergency Contact")
        phone = {"system": "phone", "value": _phone(rng)[0]}
        person = {"family": relative.family, "given": [relative.given]}
        made["contact"] = [{"relationship": [relation], "name": person, "telecom": [phone]}]
    return made


def _bundle(rng: random.Random, query: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    entries = [
        {"fullUrl": f"{_BASE}/{one['resourceType']}/{one['id']}", "resource": one, "search": {"mode": "match"}}
        for one in resources
    ]
    link = [{"relation": "self", "url": f"{_BASE}/{query}&_count=20"}]
    head = {"resourceType": "Bundle", "id": uuid(rng), "type": "searchset", "total": len(entries)}
    return {**head, "link": link, "entry": entries}


def _coverage(rng: random.Random, who: _Patient) -> dict[str, Any]:
    kinds = "http://terminology.hl7.org/CodeSystem/coverage-class"
    group = mark("q:GROUP", f"GRP-{digits(rng, 6)}")
    return {
        "resourceType": "Coverage",
        "id": digits(rng, 6),
        "meta": _meta(rng),
        "status": "active",
        "type": _coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HIP", "health insurance plan policy"),
        "policyHolder": {"display": mark("q:COMPANY", rng.choice(_EMPLOYERS))},
        "subscriber": {"reference": f"Patient/{who.number}", "display": who.formal},
        "subscriberId": who.subscriber,
        "beneficiary": {"reference": f"Patient/{who.number}", "display": who.full},
        "payor": [{"display": rng.choice(_PAYERS)}],
        "class": [{"type": _coding(kinds, "group", "Group"), "value": group}],
        "costToBeneficiary": [{"valueMoney": {"value": rng.choice((20.0, 35.0, 50.0)), "currency": "USD"}}],
    }


def _appointment(rng: random.Random, who: _Patient, doctor: Person, visit: tuple[str, ...], day: str) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": uuid(rng),
        "status": "booked",
        "serviceType": [_coding("http://snomed.info/sct", visit[3], visit[0])],
        "reasonCode": [_coding("http://hl7.org/fhir/sid/icd-10-cm", visit[1], visit[2])],
        "description": f"{visit[0]} for {who.formal}",
        "start": f"{day}T10:30:00-08:00",
        "end": f"{day}T11:00:00-08:00",
        "minutesDuration": 30,
        "participant": [
            {"actor": {"reference": f"Patient/{who.number}", "display": who.full}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/p1", "display": f"{doctor.full}, MD"}, "status": "accepted"},
            {"actor": {"reference": "Location/b2-114", "display": "Building B, Room 114"}, "status": "accepted"},
        ],
    }


def _practitioner(rng: random.Random, doctor: Person) -> dict[str, Any]:
    npi = f"1{digits(rng, 8)}"
    npi += luhn("80840" + npi)
    return {
        "resourceType": "Practitioner",
        "id": uuid(rng),
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": mark("LICENCE", npi)}],
        "name": [{"family": doctor.family, "given": [doctor.given], "prefix": ["Dr."], "suffix": ["MD"]}],
        "telecom": [{"system": "phone", "value": _phone(rng)[0], "use": "work"}],
        "qualification": [{"code": {"text": "Board certified, Internal Medicine"}}],
    }


def _lab(rng: random.Random, who: _Patient, doctor: Person) -> dict[str, Any]:
    code, name, unit, low, high = rng.choice(_LABS)
    return {
        "resourceType": "Observation",
        "id": digits(rng, 8),
        "status": "final",
        "code": _coding("http://loinc.org", code, name),
        "subject": {"reference": f"Patient/{who.number}", "display": who.formal},
        "effectiveDateTime": f"2025-01-{rng.randint(10, 28)}T07:45:00Z",
        "performer": [{"display": f"Dr. {doctor.family}"}],
        "valueQuantity": {
            "value": round(rng.uniform(low, high), 1),
            "unit": unit,
            "system": "http://unitsofmeasure.org",
        },
    }


def conversation(rng: random.Random) -> Run:
    """One run of the hospital's scheduling assistant."""
    doctor, who = Person(rng), _Patient(rng)
    relative = Person(rng, who.family_raw if rng.random() < 0.6 else None)
    visit = rng.choice(_VISITS)
    signed_in = f" The caller is signed in as {who.full} ({who.email})." if rng.random() < 0.25 else ""
    run = Run(
        rng,
        "You are the patient access assistant of Lakeshore Regional Medical Center. Today is 2025-02-11. Use the FHIR "
        "tools, verify the caller before you disclose anything, and never give medical advice." + signed_in,
    )
    opening = (
        f"Hi, this is {who.full}, date of birth {who.born('us_long')}. I need help with my {visit[0].lower()}.",
        f"hello i need to check my next visit. my name is {mark('PERSON', who.given_raw.lower())} "
        f"{mark('PERSON', who.family_raw.lower())} and i was born {who.born('us')}",
        f"Can you look up my record? MRN {who.mrn}, DOB {who.born('us')}.",
        f"I'm calling for my {'mother' if who.woman else 'father'}, {who.full}. I'm {relative.given}. "
        f"Date of birth is {who.born('us_long')}, social security number {mark('GOV_ID', who.ssn_raw)}.",
        f"Good morning, {who.title} {who.family} here, you can reach me at {who.phone_said}. Born {who.born('uk_long')}.",
    )
    if rng.random() < 0.3:
        run.user("Hi, I would like to see when my next visit is.")
        run.say("Happy to help. Please give me the full name and the date of birth of the patient.")
    run.user(rng.choice(opening))
    arguments = {"family": who.family, "given": who.given, "birthdate": who.born("iso")}
    if rng.random() < 0.3:
        arguments = {"identifier": f"urn:oid:1.2.36.146.595.217.0.1|{who.mrn}"}
        query = f"Patient?identifier=urn:oid:1.2.36.146.595.217.0.1|{who.mrn}"
    else:
        family = mark("PERSON", urllib.parse.quote(who.family_raw))
        query = f"Patient?family={family}&birthdate={who.born('iso')}"
    found = [_patient(rng, who, doctor, relative)]
    if rng.random() < 0.2 and "family" in arguments:
        found.append(_patient(rng, _Patient(rng, who.family_raw), Person(rng), Person(rng)))
    run.call("search_patient", arguments, _bundle(rng, query, found))
    run.say(
        rng.choice(
            (
                f"Thank you, {who.title} {who.family}. I have {who.line}, {who.city}, {who.state} {who.zip} and "
                f"{who.phone} on file. Is that still right?",
                f"I found the record of {who.full} (MRN {who.mrn}, born {who.born('us_long')}). What can I do?",
                f"**Patient**: {who.formal}; **DOB**: {who.born('iso')}; **Email**: {who.email}; **GP**: Dr. {doctor.full}. "
                "Please confirm.",
            )
        )
    )
    run.user(rng.choice(("Yes, that's right.", f"Correct. And my insurance id is {who.subscriber}.", "yes")))
    reference = f"Patient/{who.number}"
    step = rng.choice(("visit", "visit", "contact", "coverage", "lab"))
    if step == "visit":
        day, later = "2025-02-20", "2025-03-06"
        booked = _appointment(rng, who, doctor, visit, day)
        run.call(
            "search_appointments",
            {"patient": reference, "date": "ge2025-02-11", "status": "booked"},
            _bundle(rng, f"Appointment?patient={reference}", [booked, _practitioner(rng, doctor)]),
        )
        run.say(f"You are booked with Dr. {doctor.family} on February 20, 2025 at 10:30 AM in Room 114 ({visit[2]}).")
        run.user("Could we move it to March 6?")
        moved = {**booked, "start": f"{later}T10:30:00-08:00", "end": f"{later}T11:00:00-08:00"}
        comment = f"{who.title} {who.family} asked to move; call back at {who.phone_said}"
        run.call("update_appointment", {"id": booked["id"], "start": moved["start"], "comment": comment}, moved)
        run.say(f"Done, {who.given}. Dr. {doctor.full} will see you on March 6, 2025; a reminder goes to {who.email}.")
    elif step == "contact":
        before = who.line
        who.move(rng)
        phone, said = _phone(rng)
        run.user(f"I moved from {before} to {who.line}, {who.city}, {who.state} {who.zip}. New cell is {said}.")
        patch = {"address": [who.address(rng)], "telecom": [{"system": "phone", "value": phone, "use": "mobile"}]}
        outcome = {
            "resourceType": "OperationOutcome",
            "issue": [{"severity": "information", "code": "informational", "diagnostics": 'Updated, ETag W/"4"'}],
        }
        run.call("update_patient", {"id": who.number, "resource": patch, "ifMatch": 'W/"3"'}, outcome)
        run.say(
            f"I have updated the address of {who.full} to {who.line}, {who.city} {who.zip}, and the phone to {phone}."
        )
    elif step == "coverage":
        covered = _coverage(rng, who)
        run.call(
            "search_coverage", {"beneficiary": reference}, _bundle(rng, f"Coverage?beneficiary={reference}", [covered])
        )
        run.say(
            f"{covered['payor'][0]['display']} covers {who.full} under member ID {who.subscriber}; the copay is "
            f"${covered['costToBeneficiary'][0]['valueMoney']['value']:.2f} (policy type HIP, status active)."
        )
        run.user(f"Great, and is {relative.given} {relative.family} my emergency contact?")
        run.say(f"Yes, {relative.given} is listed.")
    else:
        labs = [_lab(rng, who, doctor) for _ in range(rng.randint(1, 3))]
        drug = rng.choice(_DRUGS)
        labs.append(
            {
                "resourceType": "MedicationRequest",
                "id": digits(rng, 8),
                "status": "active",
                "medicationCodeableConcept": _coding("http://www.nlm.nih.gov/research/umls/rxnorm", *drug),
                "subject": {"reference": reference, "display": who.full},
                "requester": {"display": doctor.formal},
                "dosageInstruction": [
                    {"text": "Take 1 tablet twice daily with meals", "timing": {"repeat": {"frequency": 2}}}
                ],
            }
        )
        run.call(
            "search_observations",
            {"patient": reference, "_sort": "-date"},
            _bundle(rng, f"Observation?patient={reference}", labs),
        )
        run.say(
            f"{who.title} {who.family}, Dr. {doctor.family} released {labs[0]['code']['text']} "
            f"(LOINC {labs[0]['code']['coding'][0]['code']}) and renewed {drug[1]}. Shall I mail a copy to {who.email}?"
        )
        run.user(f"Please use {mark('EMAIL', 'family.' + _local(who) + '@post.example.net')} instead.")
        run.say("Sent. Anything else?")
    run.user(rng.choice(("No, thanks!", f"That's all. {who.given}", "Thank you, bye.")))
    run.say(rng.choice(("You're welcome. Have a good day!", f"Take care, {who.title} {who.family}.")))
    return run


def _local(who: Person) -> str:
    """A local part of a mail address that the records do not have."""
    return f"{who.family_raw[0].lower()}{who.birth:%m%y}"
