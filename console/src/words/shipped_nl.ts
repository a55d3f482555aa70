// Texts that Piggy ships and people may change, as long as they have not: attributes of contacts, rules of the lead model
// and templates of flows; and what it says of the services that can be connected.

export const shippedDutch: Record<string, string> = {
  // Attributes of contacts.
  "Profile": "Profiel",
  "First name": "Voornaam",
  "Last name": "Achternaam",
  "Email": "E-mailadres",
  "Anonymous": "Anoniem",
  "Previous credit balance": "Vorig puntensaldo",
  "Credit balance": "Puntensaldo",
  "Number of transactions": "Aantal transacties",
  "First credit reception date": "Eerste punten",
  "Last transaction date": "Laatste transactie",
  "Address": "Adres",
  "Telephone number": "Telefoonnummer",
  "Birth date": "Geboortedatum",
  "Channel": "Kanaal",
  "Age": "Leeftijd",
  "Preferred language": "Voorkeurstaal",
  "Updated at": "Bijgewerkt",
  "Created at": "Gemaakt",
  "Prepaid balance": "Prepaidtegoed",
  "Associated shops": "Winkels",
  "Total credits received": "Punten ontvangen in totaal",
  "Tier": "Niveau",
  "Subscription status: {}": "Inschrijving: {1}",

  // What can be connected.
  "CSV files": "CSV-bestanden",
  "Another Piggy: the vendor's, or one like this. Its contacts, credits and vouchers, by the same tools as those of this engine.":
    "Een andere Piggy: die van de leverancier, of een zoals deze. De contacten, punten en vouchers daar, met dezelfde tools.",
  "Messages to the channels and people of a Slack workspace, sent by a bot. The bot needs the scopes chat:write, im:write, im:history, users:read and users:read.email. By the histories it may read (im:history; channels:history for channels) it finds out whether a message that was interrupted has arrived.":
    "Berichten aan kanalen en mensen in je Slackwerkruimte, door een bot. De bot heeft de rechten chat:write, im:write, im:history, users:read en users:read.email nodig. Met wat de bot mag teruglezen (im:history; channels:history voor kanalen) is te zien of een onderbroken bericht is aangekomen.",
  "E-mails to single people, by this installation's mail server. With a key they go by a mail server of yours: smtps://user:password@mail.example.com.":
    "E-mails aan één persoon, via de mailserver van deze installatie. Met een sleutel gaan ze via een mailserver van jou: smtps://gebruiker:wachtwoord@mail.example.com.",
  "Events to an address of yours, signed as Standard Webhooks says. Making the connection sends one of the type connection.check.":
    "Gebeurtenissen naar een adres van jou, ondertekend volgens Standard Webhooks. Bij het koppelen gaat er een van de soort connection.check naartoe.",
  "Mailing lists of a listmonk of yours. The user of its API needs the permissions lists:get_all, subscribers:get_all, subscribers:manage and subscribers:sql_query.":
    "Mailinglijsten van je listmonk. De API-gebruiker heeft de rechten lists:get_all, subscribers:get_all, subscribers:manage en subscribers:sql_query nodig.",
  "Audiences of a Mailchimp account. Left out, the address is that of the data centre which the key names.":
    "Doelgroepen van een Mailchimp-account. Leeg is het adres dat van het datacentrum dat in de sleutel staat.",
  "Lists of a Klaviyo account. The private key needs the scopes accounts:read, lists:read, lists:write, profiles:read and profiles:write.":
    "Lijsten van een Klaviyo-account. De private key heeft de rechten accounts:read, lists:read, lists:write, profiles:read en profiles:write nodig.",
  "Audiences as CSV files in the data directory of this installation, each with a manifest of its rows and its SHA-256. A list is whatever you call it.":
    "Doelgroepen als CSV-bestanden in de gegevensmap van deze installatie, elk met een lijst van de rijen en de SHA-256. Een lijst heet zoals jij wilt.",
  "API key": "API-sleutel",
  "Bot token (xoxb-…)": "Bottoken (xoxb-…)",
  "Signing secret (whsec_…)": "Ondertekeningsgeheim (whsec_…)",
  "API user and its token (user:token)": "API-gebruiker met token (gebruiker:token)",
  "API key (…-us1)": "API-sleutel (…-us1)",
  "Private API key (pk_…)": "Private API-sleutel (pk_…)",

  // The lead model.
  "Gave a first name": "Gaf een voornaam",
  "Gave a last name": "Gaf een achternaam",
  "Left a telephone number": "Liet een telefoonnummer achter",
  "Left an address": "Liet een adres achter",
  "Gave a date of birth": "Gaf de geboortedatum",
  "Writes from a company address": "Mailt vanaf een bedrijfsadres",
  "Has bought before": "Heeft eerder gekocht",
  "Has bought five times or more": "Heeft vijf keer of vaker gekocht",
  "A role account, not a person": "Een algemeen adres, geen persoon",
  "A throwaway address": "Een wegwerpadres",
  "Works for a competitor": "Werkt bij een concurrent",
  "Sent in a form": "Stuurde een formulier in",
  "Opened a mail": "Opende een mail",
  "Clicked in a mail": "Klikte in een mail",
  "Subscribed": "Schreef zich in",
  "Bought": "Kocht iets",
  "Redeemed a voucher": "Wisselde een voucher in",
  "Unsubscribed": "Schreef zich uit",
  "A mail came back": "Een mail kwam terug",
  "Complained of a mail": "Klaagde over een mail",

  // Templates of flows: what they are, what they need to know, and their steps.
  "Somebody sends in the form and becomes a scored lead; the persona picks the e-mail sequence that fits, among those allowed, and the first letter goes out at the next allowed hour.":
    "Iemand stuurt het formulier in en wordt een lead met een score. De persona kiest uit de toegestane reeksen die past, en de eerste mail gaat weg op het eerste toegestane uur.",
  "Every morning the team gets yesterday in one paragraph, as a direct message in Slack. Every figure in it is checked against the data.":
    "Elke ochtend krijgt het team de dag van gisteren in één alinea, als bericht in Slack. Elk cijfer erin wordt gecontroleerd.",
  "New active users become a fresh segment, and the sender's audience follows: who entered is added there, who left is taken out, and the sender's own count is read back.":
    "Nieuwe actieve klanten worden een vers segment, en de doelgroep bij je mailservice volgt: wie erbij komt gaat erin, wie afvalt gaat eruit, en hun eigen telling wordt gelezen.",
  "Form": "Formulier",
  "The form that starts it.": "Het formulier dat de flow start.",
  "Warm from": "Warm vanaf",
  "A lead with this score or more is warm.": "Een lead met deze score of meer is warm.",
  "Hot from": "Heet vanaf",
  "A lead with this score or more is hot.": "Een lead met deze score of meer is heet.",
  "Sequence for others": "Reeks voor de rest",
  "Sequence for warm leads": "Reeks voor warme leads",
  "Sequence for hot leads": "Reeks voor hete leads",
  "Team": "Team",
  "Who gets it, by their addresses in Slack.": "Wie het krijgt, op hun adressen in Slack.",
  "Time": "Tijd",
  "Time zone": "Tijdzone",
  "Empty for the account's.": "Leeg: die van het account.",
  "Slack connection": "Slackkoppeling",
  "The handle of the connection.": "De korte naam van de koppeling.",
  "Segment": "Segment",
  "Sender": "Mailservice",
  "The handle of the connection: listmonk, mailchimp, klaviyo, csv.": "De korte naam van de koppeling: listmonk, mailchimp, klaviyo, csv.",
  "List": "Lijst",
  "The sender's list or audience.": "De lijst of doelgroep bij je mailservice.",
  "Yesterday in numbers": "Gisteren in cijfers",
  "One paragraph about it": "Eén alinea erover",
  "Tell everybody": "Iedereen vertellen",
  "Without an address there is nobody to write to": "Zonder adres is er niemand om te mailen",
  "How warm is the lead?": "Hoe warm is de lead?",
  "Which sequence fits?": "Welke reeks past?",
  "Enrol the lead; the first letter is scheduled": "De lead in de reeks plaatsen; de eerste mail wordt gepland",
  "Who is a new active user now?": "Wie is nu een nieuwe actieve klant?",
  "Push the difference to the sender": "Het verschil naar de mailservice sturen",
  "Wait for the sender's own count": "Wachten op de telling van de mailservice",
  "For hot leads: a score of ${{ parameters.hot_from }} or more.": "Voor hete leads: een score van ${{ parameters.hot_from }} of meer.",
  "For warm leads: a score of ${{ parameters.warm_from }} or more.": "Voor warme leads: een score van ${{ parameters.warm_from }} of meer.",
  "For all others.": "Voor de rest.",
};
