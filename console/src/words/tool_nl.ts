// What Dutch readers are told of tools, in a line or two. The server's own texts, which are written for agents, say
// more. First the tools of Piggy by their operations, then those of connections by the titles that the server gives
// them, since two connectors may have a tool of the same name.

export const toolsDutch: Record<string, string> = {
  get_account: "Toont voor welk account deze verbinding werkt. Zo weet je of een token het doet.",
  list_shops: "Alle winkels van het account. Hier vind je de winkel waar andere tools om vragen.",
  find_contact: "Zoekt het contact bij een e-mailadres en toont alles wat ervan bekend is. Verandert niets en maakt niets aan.",
  claim_anonymous_contact: "Geeft een anoniem contact zijn echte e-mailadres. Is dat adres al van een ander contact, dan worden die twee één. Dat samenvoegen kan niet ongedaan worden gemaakt.",
  merge_contacts: "Voegt twee contacten van dezelfde persoon samen: punten, geschiedenis, vouchers en kaarten gaan mee, en het ene contact houdt op te bestaan. Kan niet ongedaan worden gemaakt.",
  get_contact_credit_balance: "Hoeveel punten een contact nu heeft. Verandert niets.",
  find_contact_identifier: "Zoekt een kaart of klantnummer op de precieze waarde en zegt van wie het is. Verandert niets.",
  update_contact_identifiers: "Hernoemt een kaart of klantnummer, of zet het uit of weer aan, bijvoorbeeld als een kaart kwijt is.",
  list_contact_attributes: "Alle kenmerken die contacten hebben, van het systeem en van jou, met soorten en keuzes. Verandert niets.",
  create_contact_attribute: "Geeft alle contacten er een kenmerk bij, eerst leeg. Naam en soort staan daarna vast, en verwijderen kan niet.",
  send_contact_verification_email: "Stuurt een contact een e-mail met een code en een link, om te laten zien dat het adres klopt of om aan te melden. Een e-mail kun je niet terughalen.",
  get_contact_auth_token: "Maakt een token waarmee een contact zich één keer aanmeldt op de klantpagina, binnen tien minuten. Wie het heeft, handelt als het contact.",
  list_tiers: "De niveaus van het spaarprogramma, het laagste eerst.",
  get_loyalty_program: "Het spaarprogramma: naam, hoe punten heten, het hoogste aantal per transactie en de standaardeenheid.",
  list_units: "De eenheden waarin waarden worden geteld als er punten worden verdiend.",
  explain_earning: "Zegt waarom een aankoop opleverde wat die opleverde: elke regel, wat die gaf, en anders waarom niet.",
  create_credit_reception: "Geeft een contact punten, of neemt ze af met een negatief aantal: precies zoveel, of wat de spaarregels van een bedrag maken. Het saldo verandert meteen.",
  calculate_credits: "Zegt hoeveel punten een bedrag nu zou opleveren, zonder ze te geven.",
  reverse_credit_reception: "Boekt precies terug wat een transactie gaf of nam, als een nieuwe transactie. Voor als alles wordt terugbetaald.",
  list_loyalty_transaction_attributes: "De kenmerken die een transactie kan hebben, zoals een bestelnummer.",
  list_perks: "De voordelen die niveaus brengen naast punten, zoals gratis verzending, met hun keuzes. Verandert niets.",
  list_rewards: "Wat je met punten kunt kopen, en voor hoeveel. Voor een contact alleen wat die nu kan nemen.",
  list_loyalty_transactions: "Waardoor saldo's veranderden, het nieuwste eerst: van één contact, één winkel of allemaal.",
  list_promotions: "De acties waarvoor je vouchers kunt uitgeven, met hun grenzen.",
  create_promotion: "Maakt een actie waarvoor daarna vouchers kunnen worden gemaakt. Een actie kan niet worden gewijzigd of verwijderd.",
  list_vouchers: "Vouchers, de oudste eerst: van één actie, van één contact of met één status.",
  find_voucher_by_code: "Zoekt één voucher op de precieze code, met status, data, contact en actie. Verandert niets en wisselt niets in.",
  create_voucher: "Maakt één voucher van een actie, met een code naar keuze of een willekeurige. Verwijderen kan niet, uitzetten wel.",
  create_vouchers_batch: "Maakt 1 tot 500 vouchers van één actie, elk met een willekeurige code, op de achtergrond. Verwijderen kan niet, uitzetten wel.",
  get_voucher_batch: "Hoe ver een reeks vouchers is: bezig, klaar of mislukt.",
  deactivate_voucher_batch: "Zet alle vouchers van een reeks tegelijk uit. Kan niet als er al een is ingewisseld of vergrendeld.",
  update_voucher: "Zet een voucher uit of weer aan, verandert de einddatum of de eigen kenmerken. Alles is terug te zetten.",
  redeem_voucher: "Wisselt een voucher één keer in op code, voor een contact. Kan worden teruggedraaid.",
  list_products: "De producten van het account met hun categorieën, de oudste eerst.",
  find_product: "Zoekt één product op het nummer dat je winkel eraan geeft. Maakt niets aan.",
  find_or_create_products: "Zoekt het product met het nummer van je winkel, of maakt het als het er niet is. Een bestaand product blijft zoals het is.",
  update_product: "Verandert nummer, naam, omschrijving of categorieën van een product. Wat je weglaat blijft.",
  create_booking: "Reserveert voor een contact een plek in een winkel. Verwijderen kan niet; geef dan een status zoals geannuleerd.",
  update_bookings: "Verandert één reservering: aantal personen, status, tijden, vooruitbetaling. Winkel en contact staan vast.",
  list_bookings: "Reserveringen, de nieuwste eerst: van één contact of winkel, of binnen een periode.",
  get_loyalty_card: "Wat een klant van het eigen lidmaatschap ziet: saldo, niveau en hoever het volgende is.",
  list_forms: "De formulieren van het account met hun openbare adressen.",
  score_lead: "Zegt hoe warm een contact is: een score van 0 tot 100, met elke reden en haar punten. Verandert niets.",
  list_segments: "De segmenten van het account met hun voorwaarden en aantallen. Verandert niets.",
  refresh_segment: "Kijkt nu naar alle contacten en werkt een segment bij. Handig vlak voor een campagne.",
  plan_campaign: "Rekent uit wat een campagne zou doen, zonder iets te doen: wie de mail krijgt, wie niet en waarom.",
  send_follow_up: "Stuurt één contact binnenkort één mail van een sjabloon, als die daarvoor is ingeschreven. Een verstuurde mail haal je niet terug.",
  get_campaign_metrics: "Wat mails opleverden: aangekomen, geopend, geklikt, onbestelbaar, uitgeschreven. Verandert niets.",
  get_daily_summary: "De cijfers van één dag naast die van de dag ervoor, met een alinea in gewoon Engels. Verandert niets.",
  list_sequences: "De reeksen mails waarin contacten kunnen worden geplaatst, met waar elke voor is. Verandert niets.",
  enroll_in_sequence: "Plaatst een contact in een reeks, waarna de mails vanzelf na elkaar gaan. Wie geen mail wil, wordt geweigerd.",
  push_segment: "Maakt een lijst bij je mailservice gelijk aan een segment: wie erbij komt gaat erin, wie afvalt gaat eruit. Verandert meer dan 30% van de lijst, dan wacht het op een ja.",
  get_audience_push: "Hoe het versturen van een segment gaat of ging: wie erbij kwam, wie eruit ging, wie werd geweigerd. Verandert niets.",
  list_audience_pushes: "Wat er van segmenten naar mailservices is gestuurd, het nieuwste eerst. Verandert niets.",
  run_flow: "Start een flow nu, waardoor die anders ook begint. De stappen werken als de eigen persona van de flow.",
};

interface Tool {
  title: string;
  about: string;
}

export const connectionToolsDutch: Record<string, Tool> = {
  "Find Slack User": { title: "Slackgebruiker zoeken", about: "Zoekt het lid van de werkruimte met een e-mailadres. Verandert niets." },
  "Send Slack Message": { title: "Slackbericht sturen", about: "Zet een bericht in een kanaal waar de bot lid van is. Terughalen kan hier niet." },
  "Send Slack Direct Message": { title: "Direct Slackbericht sturen", about: "Stuurt één persoon in de werkruimte een bericht, op e-mailadres. Terughalen kan hier niet." },
  "Send E-mail": { title: "E-mail sturen", about: "Stuurt één persoon één e-mail, als gewone tekst. Terughalen kan niet." },
  "Send Webhook Event": { title: "Gebeurtenis naar webhook sturen", about: "Stuurt een ondertekende gebeurtenis naar het gekoppelde adres. Wat daar gebeurt is hier niet terug te draaien." },
  "List Audiences": { title: "Doelgroepen bekijken", about: "De mailinglijsten van de gekoppelde service. Verandert niets." },
  "Count Audience Members": { title: "Leden van een doelgroep tellen", about: "Telt wie er op een mailinglijst van de gekoppelde service staat. Verandert niets." },
  "Add Audience Members": { title: "Leden aan een doelgroep toevoegen", about: "Zet adressen op een mailinglijst van de gekoppelde service. Alleen van mensen die dat willen; wie zich daar uitschreef, blijft eruit." },
  "Remove Audience Members": { title: "Leden uit een doelgroep halen", about: "Haalt adressen van een mailinglijst van de gekoppelde service. Ze blijven daar bekend." },
};

/** Those of connections that are not there, or not yet: what a flow still needs. */
export const neededToolsDutch: Record<string, string> = {
  find_user: "Gebruiker zoeken",
  send_message: "Bericht sturen",
  send_direct_message: "Direct bericht sturen",
  send_event: "Gebeurtenis sturen",
  list_audiences: "Doelgroepen bekijken",
  count_members: "Leden van een doelgroep tellen",
  add_members: "Leden aan een doelgroep toevoegen",
  remove_members: "Leden uit een doelgroep halen",
};
