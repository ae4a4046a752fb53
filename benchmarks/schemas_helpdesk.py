"""An employer's helpdesk: a Salesforce org (PascalCase, `__c`), Zendesk tickets (id/value pairs) and Workday workers (Pascal_Snake).

Direct: names of workers, agents, managers and emergency contacts, birth dates, mail addresses, phones, streets, postcodes,
login names, national insurance numbers, bank accounts. Quasi: city, gender, pay, record ids of persons, employee numbers.
Everything else must stay: ticket and article numbers, tags, statuses, job profiles, cost centres, legal entities, asset
SKUs, app versions, ids of custom fields, time zones, the employer's name.
"""

from __future__ import annotations

import json
import random
from typing import Any

from benchmarks.schemas_people import Person, Run, bare, digits, grouped, iban, mark, uuid

_PLACES = (
    ("Leeds", "LS"),
    ("Norwich", "NR"),
    ("Swansea", "SA"),
    ("Dundee", "DD"),
    ("Coventry", "CV"),
    ("Exeter", "EX"),
)
_STREETS = "Harcourt Road;Mill Lane;Queensway Terrace;St Aldate's Close;Bramley Gardens;Tannery Wharf;Oakfield Crescent"
_JOBS = ("Warehouse Team Lead", "Payroll Analyst", "Fleet Planner", "Software Engineer II", "Customs Clerk")
_ENTITIES = ("Meridian Freight Ltd", "Meridian Freight (Ireland) DAC", "Meridian Services GmbH")
_ASSETS = (("LAP-T14-G4", "Laptop 14 inch"), ("PHN-A55-128", "Mobile handset"), ("SCN-TC22", "Barcode scanner"))
_TOPICS = {
    "address": ("Change of home address", "hr_address", "HR-ADDR-02"),
    "bank": ("Pay into a new account", "payroll_bank", "PAY-BNK-01"),
    "login": ("Locked out after the upgrade", "it_access", "IT-SSO-14"),
    "leave": ("Parental leave and cover", "hr_leave", "HR-LEAVE-07"),
}


class _Worker(Person):
    def __init__(self, rng: random.Random, family_raw: str | None = None) -> None:
        super().__init__(rng, family_raw)
        self.contact_id = mark("q:RECORD_ID", f"0035g00000{''.join(rng.choices('ABCDEFGHJKLMxyz23456789', k=5))}AAC")
        self.zendesk_id = bare(mark("q:RECORD_ID", digits(rng, 12)))
        self.number = mark("q:EMPLOYEE_NO", f"{rng.choice(('MF', 'W', '10'))}{digits(rng, 6)}")
        self.gender = mark("q:GENDER", "Female" if self.woman else "Male")
        prefix = rng.choice(("AB", "CE", "JT", "PW"))
        self.nino_raw = f"{prefix}{digits(rng, 6)}{rng.choice('ABCD')}"
        spelled = (self.nino_raw, " ".join((prefix, *grouped(self.nino_raw[2:8], 2).split(), self.nino_raw[-1])))
        self.nino, self.nino_said = mark("GOV_ID", self.nino_raw), mark("GOV_ID", rng.choice(spelled))
        last = f"900{rng.randint(100, 999)}"
        self.phone = mark("PHONE", rng.choice((f"+447700{last}", f"07700 {last}", f"+44 7700 {last}")))
        self.phone_said = mark("PHONE", rng.choice((f"07700 {last}", f"07700{last}", f"+44 (0)7700 {last}")))
        self.pay = mark("q:PAY", f"{rng.randint(24, 88)}{digits(rng, 3)}.00")
        self.move(rng)
        self.bank(rng)

    def move(self, rng: random.Random) -> None:
        city, area = rng.choice(_PLACES)
        self.street = mark("ADDRESS", f"{rng.randint(11, 290)} {rng.choice(_STREETS.split(';'))}")
        self.flat = mark("ADDRESS", f"Flat {rng.randint(2, 60)}{rng.choice('AB')}")
        self.city = mark("q:CITY", city)
        self.postcode = mark(
            "ZIP", f"{area}{rng.randint(1, 19)} {rng.randint(1, 9)}{''.join(rng.choices('ABDEFGHJLNPQ', k=2))}"
        )

    def bank(self, rng: random.Random) -> None:
        code, account = digits(rng, 6), digits(rng, 8)
        self.sort_code, self.account = (
            mark("BANK_ACCOUNT", grouped(code, 2).replace(" ", "-")),
            mark("BANK_ACCOUNT", account),
        )
        number = iban(rng, "GB", f"NWBK{code}{account}")
        self.iban, self.iban_said = mark("BANK_ACCOUNT", number), mark("BANK_ACCOUNT", grouped(number))


def _ticket(rng: random.Random, topic: str, who: _Worker, agent: Person, manager: Person, body: str) -> dict[str, Any]:
    subject, tag, article = _TOPICS[topic]
    agent_id = bare(mark("q:RECORD_ID", digits(rng, 12)))
    fields = [
        {"id": 360021, "value": tag},
        {"id": 360022, "value": who.number},
        {"id": 360023, "value": rng.choice((who.phone, None))},
        {"id": 360024, "value": manager.full},
        {"id": 360025, "value": rng.choice(("2024.11.3", "2025.1.0"))},
        {"id": 360026, "value": article},
    ]
    people = [
        {"id": who.zendesk_id, "name": who.full, "email": who.work_email, "phone": who.phone, "role": "end-user"},
        {"id": agent_id, "name": agent.full, "email": agent.work_email, "role": "agent", "time_zone": "London"},
    ]
    ticket = {
        "url": "https://meridian.zendesk.example/api/v2/tickets/481516.json",
        "id": 481516,
        "created_at": "2025-02-10T16:05:44Z",
        "type": "task",
        "subject": f"{subject} - {who.full}" if rng.random() < 0.4 else subject,
        "description": body,
        "priority": rng.choice(("normal", "high")),
        "status": "open",
        "via": {
            "channel": "email",
            "source": {"from": {"address": who.email, "name": who.full}, "to": {"name": "People Desk"}},
        },
        "requester": {"name": who.full, "email": who.work_email, "locale": "en-GB"},
        "requester_id": who.zendesk_id,
        "assignee_id": agent_id,
        "group_id": 20455932,
        "tags": [tag, "sla_gold", "emea"],
        "custom_fields": fields,
        "satisfaction_rating": {"score": "unoffered"},
        "ticket_form_id": 118842,
    }
    return {"ticket": ticket, "users": people, "count": 1, "next_page": None}


def _contact(rng: random.Random, who: _Worker, manager: Person) -> dict[str, Any]:
    record = {
        "attributes": {"type": "Contact", "url": f"/services/data/v59.0/sobjects/Contact/{who.contact_id}"},
        "Id": who.contact_id,
        "Salutation": who.title,
        "FirstName": who.given,
        "LastName": who.family,
        "Name": who.full,
        "Email": who.work_email,
        "MobilePhone": who.phone,
        "Birthdate": who.born("iso"),
        "Title": rng.choice(_JOBS),
        "MailingStreet": f"{who.flat}, {who.street}" if rng.random() < 0.3 else who.street,
        "MailingCity": who.city,
        "MailingPostalCode": who.postcode,
        "MailingCountryCode": "GB",
        "Personal_Email__c": who.email,
        "NI_Number__c": who.nino,
        "Payroll_Id__c": who.number,
        "Line_Manager__r": {"attributes": {"type": "Contact"}, "Name": manager.full, "Email": manager.work_email},
        "Legal_Entity__c": rng.choice(_ENTITIES),
        "Cost_Centre__c": f"CC-{digits(rng, 4)}",
        "T_Shirt_Size__c": "M",
        "HasOptedOutOfEmail": False,
        "LastModifiedDate": "2025-01-30T09:12:08.000+0000",
        "Preferred_Name__c": rng.choice((who.given, None)),
    }
    return {"totalSize": 1, "done": True, "records": [record]}


def _worker(rng: random.Random, who: _Worker, manager: _Worker, relative: _Worker) -> dict[str, Any]:
    street = [{"Descriptor": "Address Line 1", "Type": "ADDRESS_LINE_1", "Address_Line_Data": who.street}]
    if rng.random() < 0.4:
        street.append({"Descriptor": "Address Line 2", "Type": "ADDRESS_LINE_2", "Address_Line_Data": who.flat})
    name = {
        "Country_Reference": {"ISO_3166-1_Alpha-2_Code": "GB"},
        "First_Name": who.given,
        "Middle_Name": who.middle,
        "Last_Name": who.family,
        "Formatted_Name": who.full,
        "Reporting_Name": who.formal,
    }
    personal = {
        "Name_Data": {"Legal_Name_Data": {"Name_Detail_Data": name}},
        "Gender_Reference": {"Gender_Code": who.gender},
        "Birth_Date": f"{who.born('iso')}-00:00" if rng.random() < 0.2 else who.born("iso"),
        "Identification_Data": {
            "National_ID": [{"ID": who.nino, "ID_Type": "GBR-NI", "Verification_Date": "2023-04-11"}]
        },
        "Contact_Data": {
            "Address_Data": [
                {"Address_Line": street, "Municipality": who.city, "Postal_Code": who.postcode, "Primary": True}
            ],
            "Phone_Data": [{"Complete_Phone_Number": who.phone, "Phone_Device_Type": "Mobile", "Primary": True}],
            "Email_Address_Data": [
                {"Email_Address": who.email, "Usage": "HOME"},
                {"Email_Address": who.work_email, "Usage": "WORK"},
            ],
        },
    }
    emergency = {
        "Emergency_Contact_Name": relative.full,
        "Relationship": rng.choice(("Spouse", "Sibling", "Parent")),
        "Priority": 1,
        "Complete_Phone_Number": relative.phone,
    }
    account = {
        "Account_Nickname": "Main",
        "Bank_Account_Name": f"{who.title[:-1].upper()} {who.full}",
        "Bank_ID_Number": who.sort_code,
        "Account_Number": who.account,
        "IBAN": who.iban,
        "Bank_Name": "Northern Counties Bank",
        "Payment_Type": "BACS",
        "Currency": "GBP",
    }
    position = {
        "Position_ID": f"P-{digits(rng, 5)}",
        "Business_Title": rng.choice(_JOBS),
        "Job_Profile_ID": f"JP_{digits(rng, 4)}",
        "Time_Type": "Full_time",
        "Start_Date": "2019-09-02",
        "Manager": {"Descriptor": manager.full, "Worker_ID": manager.number},
        "Organization_Data": [
            {"Type": "Legal_Entity", "Name": rng.choice(_ENTITIES)},
            {"Type": "Cost_Center", "Code": "CC-4410"},
        ],
        "Compensation": {"Total_Base_Pay": who.pay, "Currency": "GBP", "Frequency": "Annual"},
    }
    return {
        "Worker": {
            "WID": uuid(rng).replace("-", ""),
            "Worker_Data": {
                "Worker_ID": who.number,
                "User_ID": who.login,
                "Personal_Data": personal,
                "Related_Person_Data": [emergency],
                "Employment_Data": {"Worker_Status": {"Active": True}, "Worker_Job_Data": position},
                "Payroll_Data": {"Tax_Code": "1257L", "Pay_Group": "UK Monthly", "Payment_Election": [account]},
            },
        },
        "Response_Results": {"Total_Results": 1, "Page": 1, "Version": "v42.1"},
    }


def conversation(rng: random.Random) -> Run:
    """One run of the employer's helpdesk assistant."""
    who, manager, agent = _Worker(rng), _Worker(rng), Person(rng)
    relative = _Worker(rng, who.family_raw if rng.random() < 0.5 else None)
    topic = rng.choice(tuple(_TOPICS))
    article = _TOPICS[topic][2]
    run = Run(
        rng,
        "You work for the People Desk of Meridian Freight. Tools: Zendesk, Salesforce, Workday. Today is 2025-02-11. Confirm "
        f"every change with the requester. Escalate to {agent.full} ({agent.work_email}) when the policy does not cover it.",
    )
    greeting = rng.choice(
        (f"Hi, {who.given} here.", f"Hello, my name is {who.full}.", "Morning!", f"{who.full}, {who.number}.")
    )
    asked = {
        "address": f"{greeting} I have moved to {{street}}, {{city}} {{postcode}}. Could you update my records?",
        "bank": f"{greeting} Please send my next wages to a different account, ticket 481516.",
        "login": f"{greeting} My login {who.login} is rejected since version 2025.1.0 was installed. Call me on {who.phone_said}.",
        "leave": f"{greeting} I'm going on leave from 3 March, {manager.given} knows. What do you need from me?",
    }[topic]
    old_postcode, contact = who.postcode, _contact(rng, who, manager)
    worker = _worker(rng, who, manager, relative)
    if topic == "address":
        who.move(rng)
    elif topic == "bank":
        who.bank(rng)
    run.user(asked.format(street=who.street, city=who.city, postcode=who.postcode))
    if rng.random() < 0.6:
        body = f"{asked.format(street=who.street, city=who.city, postcode=who.postcode)} Regards, {who.full}"
        ticket = _ticket(rng, topic, who, agent, manager, body)
        result: Any = ticket
        if rng.random() < 0.35:
            result = {"content": [{"type": "text", "text": json.dumps(ticket, ensure_ascii=False)}], "isError": False}
        run.call("zendesk_get_ticket", {"ticket_id": 481516, "include": "users"}, result)
    where = rng.choice((f"Email = '{who.work_email}'", f"LastName = '{who.family}' AND FirstName = '{who.given}'"))
    soql = f"SELECT Id, Name, Email, MobilePhone, NI_Number__c, Line_Manager__r.Name FROM Contact WHERE {where} LIMIT 5"
    if rng.random() < 0.6 or topic == "login":
        run.call("salesforce_query", {"soql": soql}, contact)
    if rng.random() < 0.6 or topic == "bank":
        run.call("workday_get_worker", {"Worker_ID": who.number, "Response_Group": ["Personal", "Payroll"]}, worker)
    run.say(
        rng.choice(
            (
                f"Hello {who.given}, I see your record ({who.number}). To verify you, what is your date of birth?",
                f"Thanks, {who.title} {who.family}. Please tell me your date of birth and National Insurance number.",
            )
        )
    )
    run.user(
        rng.choice(
            (
                f"{who.born('uk_long')}, NI is {who.nino_said}",
                f"I was born on {who.born('es')}. NI number: {who.nino_said}.",
                f"DOB {who.born('uk_long')}",
            )
        )
    )
    if topic == "address":
        fields = {"MailingStreet": who.street, "MailingCity": who.city, "MailingPostalCode": who.postcode}
        run.call(
            "salesforce_update",
            {"sobject": "Contact", "id": who.contact_id, "fields": fields},
            {"id": who.contact_id, "success": True, "errors": [], "created": False},
        )
        run.say(f"Updated from {old_postcode} to {who.street}, {who.city} {who.postcode}, see article {article}.")
    elif topic == "bank":
        run.user(f"The new one is {who.iban_said}, sort code {who.sort_code}, account {who.account}.")
        run.call(
            "workday_submit_payment_election",
            {
                "Worker_ID": who.number,
                "Account": {"Account_Holder": who.full, "IBAN": who.iban, "Sort_Code": who.sort_code},
            },
            {
                "Event": {
                    "WID": uuid(rng).replace("-", ""),
                    "Status": "In_Progress",
                    "Approver": manager.full,
                    "Due": "2025-02-18",
                }
            },
        )
        run.say(
            f"{manager.full} has to approve it by 18 February 2025. Your wages then go to {who.iban_said} ({article})."
        )
    elif topic == "login":
        sku, asset = rng.choice(_ASSETS)
        run.call(
            "it_reset_access",
            {"UserName": who.login, "Notify": who.work_email, "AppVersion": "2025.1.0"},
            {
                "ResetId": uuid(rng),
                "UserName": who.login,
                "FederationIdentifier": who.work_email,
                "Status": "Unlocked",
                "Assets": [
                    {"Sku": sku, "Description": asset, "AssignedTo": who.formal, "SerialNumber": f"SN{digits(rng, 9)}"}
                ],
                "BuildHash": f"{rng.getrandbits(160):040x}",
            },
        )
        run.say(f"{who.login} is unlocked and a link went to {who.work_email}. Your {asset.lower()} ({sku}) is fine.")
    else:
        run.call(
            "zendesk_add_comment",
            {
                "ticket": {
                    "comment": {
                        "body": f"{who.full} leaves on 3 March; {manager.full} arranges cover.",
                        "public": False,
                    }
                }
            },
            {
                "audit": {"id": 99120455, "author_id": 20455932, "events": [{"type": "Comment", "channel": "api"}]},
                "ok": True,
            },
        )
        run.say(
            f"I told {manager.given} {manager.family} ({manager.work_email}). Form {article} is due on 24 February 2025."
        )
        run.user(f"And if something happens, is {relative.full} on {relative.phone_said} my emergency contact?")
        run.say(f"I have noted {relative.given}, {relative.phone_said}.")
    run.user(rng.choice(("Perfect, cheers.", f"Thanks, {who.given}", "ok thank you")))
    run.say(rng.choice((f"You're welcome, {who.given}!", "Glad to help. The ticket is now set to solved.")))
    return run
