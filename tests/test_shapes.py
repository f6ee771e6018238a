"""Every shape reports its fault, on the faulty node only; all faults stand in one graph, which is validated once."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgraph.base.paths import Folders
from kgraph.base.problems import Problem
from kgraph.base.vocab import BASE, CLAIMS_GRAPH, ONTOLOGY_GRAPH, TURTLE_PREFIXES, term
from kgraph.build import consistency, pipeline, shapes
from kgraph.evidence import claims, turtle
from kgraph.rdf import inference, sparql
from kgraph.rdf.store import fill
from tests.conftest import lines

NAMES = 'skos:prefLabel "nazwa"@pl, "name"@en'
DEFINED = 'skos:definition "opis"@pl, "description"@en'
CONCEPT = f"a skos:Concept ; {DEFINED}"
FORM = f"{CONCEPT} ; skos:inScheme kind:legal-form"
TOPIC = f"{CONCEPT} ; skos:inScheme kind:topic"
KINDS = "legal:form, function:shop, orgstatus:listed"
TITLED = 'dcterms:title "strona"@pl, "page"@en'
ON_PAPER = 'dcterms:description "na papierze"@pl'
PUBLISHED = f'dcterms:publisher "GUS" ; {ON_PAPER}'
GONE = 'owl:deprecated true ; se:removedIn "1.1.0"'
OLD = 'rdfs:label "stare"@pl, "old"@en'
SOURCE = f"a se:Source ; {TITLED} ; {PUBLISHED}"
UNREAD = f"{SOURCE} ; se:textUnavailable true"
HEAD = f"{PUBLISHED} ; se:textUnavailable true"
NOT_PUBLISHED = f"a se:Source ; {TITLED} ; {ON_PAPER} ; se:textUnavailable true"
NOT_KNOWN = "id:something se:about source:issued-and-unknown ; se:aspect dcterms:issued"
NOT_DESCRIBED = f'a se:Source ; {TITLED} ; dcterms:publisher "GUS" ; se:textUnavailable true'
ON_A_DAY = 'dcterms:issued "2018-01-01"^^xsd:date'
HASH, HASH_2 = f'"{64 * "a"}"', f'"{64 * "b"}"'
FACT = "rdf:subject id:hub ; rdf:predicate se:seatIn ; rdf:object id:town"
INFERENCE = 'a se:Inference ; se:rule "within"'
FROM_PAGE = "prov:wasDerivedFrom source:page"
CLAIM = f"a se:Claim ; {FACT} ; {FROM_PAGE} ; se:claimStatus status:stated"
PASSAGE = "a oa:SpecificResource ; oa:hasSelector claim:position"
MEMBERSHIP = "a org:Membership ; org:member id:anna ; org:organization id:hub"
SINCE_2018 = 'se:earliest "2018-01-01"^^xsd:date'
SIGNED_BY_HUB = "id:something se:hasSignatory id:hub ; se:signedAt id:signed-by-hub"
UNTIL_2019 = 'se:validUntil "2019-01-01"^^xsd:date'
PACT = "a se:Agreement ; se:hasSignatory id:hub"
POST = "a org:Post ; org:postIn id:hub ; org:role role:chair"
RECORD = "a se:StatusRecord ; se:holder id:hub ; se:recordedStatus orgstatus:of-hub"
PAID = 'a se:Grant ; se:beneficiary id:coop ; schema:amount 12500.00 ; schema:currency "PLN"'
REACHED = 'schema:email "biuro@example.org" ; schema:telephone "+48 25 000 00 00"'
COUNTED = "schema:observationAbout id:coop ; schema:measuredProperty headcount:staff ; schema:value 5"
COUNT = f'a schema:Observation ; {COUNTED} ; schema:observationDate "2023"^^xsd:gYear'
FOR_HUB = "a prov:Delegation ; prov:agent id:hub ; prov:hadActivity id:signing"
FOR_TOWN, FOR_NOTHING = FOR_HUB.replace("id:hub", "id:town"), FOR_HUB.replace("id:signing", "id:coop")

EXAMPLES = (
    ("id:anna", 'a foaf:Person ; foaf:name "Anna Nowak" ; foaf:based_near id:town'),
    ("id:group", "a foaf:Group ; se:participatedIn id:signing ; se:activeIn id:town"),
    ("id:anna-honoured", "a foaf:Person ; se:laureateOf id:mark"),
    ("id:hub", "a se:SupportInstitution ; se:seatIn id:town ; se:activeIn id:town ; se:hasOfficeHolder id:anna"),
    ("id:coop", f"a se:SocialEconomyEntity ; org:classification {KINDS} ; se:memberOf id:hub"),
    ("id:cluster", "a se:Cluster ; org:hasMember id:coop, id:anna ; se:operatedBy id:hub ; se:involvesKind legal:form"),
    ("id:small-cluster", "a se:Cluster ; se:coordinatedBy id:hub ; se:numberOfMembers 1 ; se:foundedBy id:group"),
    ("id:small-coop", "a se:SocialEconomyEntity ; se:numberOfMembers 5 ; se:hasPurpose purpose:good"),
    ("id:late-coop", "a se:SocialEconomyEntity ; se:accededTo id:pact"),
    ("id:bakery", 'a org:Organization ; se:carriesOut activity:baking ; se:foundedBy id:anna ; se:address "Rynek 1"'),
    ("id:founding-hub", "a org:Organization ; se:founderOf id:bakery"),
    ("id:pact", "a se:Agreement ; se:hasSignatory id:hub ; se:establishes id:cluster ; se:signedAt id:signing"),
    ("id:pact-that-is-read", f"{PACT} ; se:coordinatedBy id:anna ; {NAMES} ; a se:Source ; {TITLED} ; {HEAD}"),
    ("id:pact-of-coop", "a se:Agreement ; se:hasPurpose purpose:good . id:coop se:signatoryOf id:pact-of-coop"),
    ("id:pact-of-all", f"{PACT} ; se:targetsStakeholder stakeholder:all ; se:involvesKind legal:form"),
    ("id:pact-of-two", "a se:Agreement ; se:hasSignatory id:hub, id:coop ; se:numberOfSignatories 2"),
    ("id:pact-of-hub", f"{PACT} ; se:initiatedBy id:hub"),
    ("id:signing", 'a se:SigningEvent ; se:date "--03-22"^^xsd:gMonthDay ; se:tookPlaceAt id:office'),
    ("id:signing-of-coop", 'a se:SigningEvent ; se:date "2018-03-22"^^xsd:date ; se:signingOf id:pact-of-coop'),
    ("id:closing", 'a se:Event, org:ChangeEvent ; se:date "2019"^^xsd:gYear'),
    ("id:closed-coop", "a se:SocialEconomyEntity ; se:endedBy id:closing"),
    ("id:meeting", 'a se:Event ; se:date "2018-03"^^xsd:gYearMonth, "2018"^^xsd:gYear ; se:tookPlaceIn id:town'),
    ("id:fair", 'a se:Event ; se:earliest "2018-03-01"^^xsd:date ; se:latest "2018-03-31"^^xsd:date'),
    ("id:one-day", 'a se:Event ; se:earliest "2018-03-01"^^xsd:date ; se:latest "2018-03-01"^^xsd:date'),
    ("id:party", "a se:Event ; se:hasAttendee id:anna ; se:hasParticipant id:hub ; se:inYearOf source:page"),
    ("id:mark", "a se:Award ; se:hasLaureate id:coop, id:anna ; se:grantedBy id:hub ; se:numberOfLaureates 26"),
    ("id:mark-of-hub", "a se:Award . id:hub se:laureateOf id:mark-of-hub"),
    ("id:mark-organised", "a se:Award ; se:hasLaureate id:hub ; se:organisedBy id:hub"),
    ("id:grant", "a se:Grant ; se:beneficiary id:coop ; se:grantedBy id:hub"),
    ("id:scheme", "a schema:FundingScheme"),
    ("id:paid-grant", f"{PAID} ; schema:funder id:hub ; dcterms:isPartOf id:scheme ; dcterms:type funding:gift"),
    ("id:supporter", "a se:SupportInstitution ; se:supports id:coop, id:group"),
    (
        "id:address",
        'a locn:Address ; locn:thoroughfare "Rynek" ; locn:locatorDesignator "1/2" ; locn:postCode "08-110"',
    ),
    ("id:reached", f"a org:Organization ; locn:address id:address ; {REACHED}"),
    ("id:registered", "a org:Organization ; se:mainActivity pkd2007:shop ; rov:orgStatus operating:well"),
    ("id:village", "a cv:AdminUnit ; cv:level level:low"),
    ("id:count", f"{COUNT} ; se:targetGroup group:all"),
    ("id:half-a-post", COUNT.replace("value 5", "value 0.5")),
    ("id:for-hub", f"{FOR_HUB} . id:anna prov:qualifiedDelegation id:for-hub"),
    ("id:membership", f'{MEMBERSHIP} ; org:role role:chair ; se:validFrom "2018-01-01"^^xsd:date'),
    ("id:of-anna", "a org:Membership ; org:organization id:hub . id:anna org:hasMembership id:of-anna"),
    ("id:of-group", 'a org:Membership ; org:member id:group ; org:organization id:hub ; se:fromYear "2003"^^xsd:gYear'),
    ("id:record", f'{RECORD} ; se:grantedBy id:hub ; se:lastAttested "2018-11-08"^^xsd:date'),
    ("id:record-until-2012", f'{RECORD} ; se:untilYear "2012"^^xsd:gYear'),
    ("id:record-withdrawn", f'{RECORD} ; se:untilYear "2012"^^xsd:gYear ; se:endReason ending:by-voivode'),
    ("id:record-on-list", f'{RECORD} ; se:listedOn source:list ; dcterms:identifier "WPS.1.2018"'),
    ("id:post", f"{POST} ; org:heldBy id:anna"),
    ("id:post-of-coop", "a org:Post ; org:role role:chair . id:coop org:hasPost id:post-of-coop"),
    ("id:office", 'a org:Site ; org:siteOf id:hub ; se:locatedIn id:town ; se:address "Rynek 2"'),
    ("id:office-of-coop", "a org:Site . id:coop org:hasSite id:office-of-coop"),
    ("id:region", "a dcterms:Location"),
    ("id:town", "a cv:AdminUnit ; se:within id:region ; adms:identifier id:code ; geo:hasGeometry id:point"),
    ("id:code", 'a adms:Identifier ; skos:notation "02" ; adms:schemaAgency "GUS (TERYT)"'),
    ("id:point", 'a geo:Geometry ; geo:asWKT "POINT(22.29 52.17)"^^geo:wktLiteral'),
    ("legal:form", f"{FORM} ; se:governingAct id:act"),
    ("legal:smaller-form", f"{FORM} ; skos:broader legal:form"),
    ("role:chair", f"a skos:Concept, org:Role ; {DEFINED} ; skos:inScheme kind:role"),
    ("function:shop", f"{CONCEPT} ; skos:inScheme kind:functional-kind"),
    ("orgstatus:listed", f"{CONCEPT} ; skos:inScheme kind:organisation-status"),
    ("topic:work", TOPIC),
    ("purpose:good", f"{CONCEPT} ; skos:inScheme kind:purpose"),
    ("activity:baking", f"{CONCEPT} ; skos:inScheme kind:activity"),
    ("orgstatus:of-hub", f"{CONCEPT} ; skos:inScheme kind:organisation-status"),
    ("ending:by-voivode", f"{CONCEPT} ; skos:inScheme kind:end-reason"),
    ("funding:gift", f"{CONCEPT} ; skos:inScheme kind:funding-kind"),
    ("operating:well", f"{CONCEPT} ; skos:inScheme kind:operating-state"),
    ("level:low", f"{CONCEPT} ; skos:inScheme kind:unit-level"),
    ("headcount:staff", f"{CONCEPT} ; skos:inScheme kind:headcount"),
    ("group:all", f"{CONCEPT} ; skos:inScheme kind:target-group"),
    ("pkd2007:shop", f"{CONCEPT} ; skos:inScheme kind:pkd-2007"),
    ("stakeholder:all", f"{CONCEPT} ; skos:inScheme kind:stakeholder"),
    ("status:stated", f"{CONCEPT} ; skos:inScheme kind:claim-status"),
    ("status:opinion", f"{CONCEPT} ; skos:inScheme kind:claim-status"),
    ("kind:legal-form", f"a skos:ConceptScheme ; {TITLED} ; skos:hasTopConcept legal:form"),
    ("id:act-of-hub", 'a eli:LegalResource ; se:establishes id:hub ; eli:id_local "DU/2003/1144"'),
    ("id:act", 'a eli:LegalResource ; eli:id_local "DU/2003/1143" ; dcterms:issued "2003-06-13"^^xsd:date'),
    ("source:page", f"{SOURCE} ; se:textSHA256 {HASH} ; se:textLength 9 ; se:leavesUnknown id:unknown"),
    ("source:unread", f'{UNREAD} ; se:repeatsPassage true ; dcterms:language "pt-BR"'),
    ("source:on-the-web", f"{NOT_DESCRIBED} ; rdfs:seeAlso <https://example.org/> ; {ON_A_DAY}"),
    ("source:list", f'{UNREAD} ; dcterms:valid "2024-11-27"^^xsd:date ; se:listsAll orgstatus:of-hub'),
    ("source:copy", f"{UNREAD} ; dcterms:isVersionOf source:unread"),
    ("id:unknown", "a se:KnownUnknown ; se:about id:hub ; se:aspect se:seatIn"),
    ("claim:said", f"{CLAIM} ; se:evidence claim:passage ; se:refines claim:said-too"),
    ("claim:said-too", CLAIM),
    ("claim:passage-unread", f"{PASSAGE} ; oa:hasSource source:unread"),
    ("claim:passage", f"{PASSAGE}, claim:quote ; oa:hasSource source:page"),
    ("claim:position", "a oa:TextPositionSelector ; oa:start 0 ; oa:end 1"),
    ("claim:quote", 'a oa:TextQuoteSelector ; oa:exact "a"'),
    ("claim:long-quote", 'a oa:TextQuoteSelector ; se:abridged "a … b"'),
    ("inference:inferred", f"{INFERENCE} ; {FACT} ; prov:wasDerivedFrom claim:said, claim:said-too"),
    ("claim:withdrawn", GONE),
)
"""Correct things of every class, which the faults refer to: a node, and its facts apart from names."""

FAULTS = (
    # names
    ("id:no-polish-name", "label-pl", 'a foaf:Group ; skos:prefLabel "group"@en'),
    ("id:no-english-name", "label-en", 'a foaf:Group ; skos:prefLabel "grupa"@pl'),
    ("id:untyped-without-polish-name", "label-pl", 'skos:prefLabel "name"@en'),
    ("id:two-polish-names", "label-once", 'a foaf:Group ; skos:prefLabel "grupa"@pl, "grupka"@pl, "group"@en'),
    ("id:third-name-untagged", "text-tagged", f'a foaf:Group ; {NAMES}, "name"'),
    ("id:name-forgotten", "label", 'foaf:name "Anna Nowak"'),
    ("id:same-other-name", "label-other", 'a foaf:Group ; skos:altLabel "nazwa"@pl'),
    ("id:name-untagged", "text-tagged label", 'skos:altLabel "G"'),
    ("id:definition-untagged", "text-tagged", 'skos:definition "a group"'),
    ("id:note-untagged", "text-tagged", 'skos:note "a note"'),
    ("id:scope-note-untagged", "text-tagged", 'skos:scopeNote "a note"'),
    ("id:title-untagged", "text-tagged", 'dcterms:title "a title"'),
    ("id:description-untagged", "text-tagged", 'dcterms:description "a group"'),
    ("id:link-in-quotes", "link-iri", 'a foaf:Group ; rdfs:seeAlso "https://example.org/"'),
    ("id:homepage-in-quotes", "link-iri", 'a foaf:Group ; foaf:homepage "https://example.org/"'),
    ("id:match-in-quotes", "link-iri", 'a foaf:Group ; skos:exactMatch "Q1"'),
    ("id:close-match-in-quotes", "link-iri", 'a foaf:Group ; skos:closeMatch "Q1"'),
    ("id:broad-match-in-quotes", "link-iri", 'a foaf:Group ; skos:broadMatch "Q1"'),
    ("id:related-match-in-quotes", "link-iri", 'a foaf:Group ; skos:relatedMatch "Q1"'),
    ("id:name-empty", "text-filled", 'a foaf:Group ; skos:prefLabel ""@pl, "group"@en'),
    ("id:name-blank", "text-filled", 'a foaf:Group ; skos:prefLabel "grupa"@pl, " "@en'),
    ("id:name-with-space-after", "text-filled", f'a foaf:Group ; {NAMES} ; skos:altLabel "inna "@pl'),
    ("id:description-blank", "text-filled", f'a foaf:Group ; {NAMES} ; skos:definition " "@pl'),
    ("source:publisher-empty", "text-filled", f'{NOT_PUBLISHED} ; dcterms:publisher ""'),
    ("source:title-empty", "text-filled", f'a se:Source ; dcterms:title ""@pl, "t"@en ; {HEAD}'),
    ("id:name-of-two-lines", "text-visible", 'a foaf:Group ; skos:prefLabel "gru\\npa"@pl, "group"@en'),
    ("id:name-with-tab", "text-visible", f'a foaf:Group ; {NAMES} ; skos:altLabel "in\\tna"@pl'),
    ("id:name-turned", "text-visible", 'a foaf:Person ; foaf:name "Anna \\u202EkawoN"'),
    ("source:publisher-turned", "text-visible", f'{NOT_PUBLISHED} ; dcterms:publisher "G\\u200BUS"'),
    ("id:Upper-case", "Slugged", "a foaf:Group"),
    ("<https://w3id.org/sekg/id/zośka>", "Slugged", "a foaf:Group"),
    ("id:two--hyphens", "Slugged", "a foaf:Group"),
    ("source:under_line", "Slugged", UNREAD),
    ("id:script-as-homepage", "link-web", "a foaf:Group ; foaf:homepage <javascript:alert(1)>"),
    ("id:file-as-homepage", "link-web", "a foaf:Group ; foaf:homepage <file:///etc/passwd>"),
    ("source:mistyped-address", "link-web", f"{UNREAD} ; rdfs:seeAlso <htps:/example.org>"),
    # agents
    ("id:untyped-agent", "Agent", "se:cooperatesWith id:hub"),
    ("id:near-agent", "based-near", "a foaf:Person ; foaf:based_near id:hub"),
    ("id:member-of-person", "member-of", "a foaf:Person ; se:memberOf id:anna"),
    ("id:founding-member-of-person", "member-of", "a foaf:Person ; se:foundingMemberOf id:anna"),
    ("id:plain-member-of-person", "member-of", "a foaf:Person ; org:memberOf id:anna"),
    ("id:acceded-to-cluster", "acceded-to", "a org:Organization ; se:accededTo id:cluster"),
    ("id:cooperates-with-town", "cooperates-with", "a org:Organization ; se:cooperatesWith id:town"),
    ("id:person-name-tagged", "person-name", 'a foaf:Person ; foaf:name "Anna"@pl'),
    ("id:person-with-identifier", "person-without-identifier", "a foaf:Person ; adms:identifier id:code"),
    ("id:person-with-number", "person-without-identifier", 'a foaf:Person ; dcterms:identifier "80010112345"'),
    ("id:person-with-notation", "person-without-identifier", 'a foaf:Person ; skos:notation "80010112345"'),
    ("id:untyped-organisation", "Organization", "se:seatIn id:town"),
    ("id:seat-in-site", "seat-in", "a org:Organization ; se:seatIn id:office"),
    ("id:seat-misspelt", "seat-in", "a se:SocialEconomyEntity ; se:seatIn id:twon"),
    ("id:active-in-agent", "active-in", "a org:Organization ; se:activeIn id:hub"),
    ("id:located-in-agent", "located-in", "a org:Organization ; se:locatedIn id:hub"),
    ("id:classified-as-role", "classification", "a org:Organization ; org:classification role:chair"),
    ("id:classified-elsewhere", "classification", "a org:Organization ; org:classification <https://example.org/>"),
    ("id:operated-by-person", "operated-by", "a org:Organization ; se:operatedBy id:anna"),
    ("id:operates-person", "operated-by", "a org:Organization ; se:operates id:anna"),
    ("id:ended-group", "Dissolved", "a foaf:Group ; se:endedBy id:closing"),
    ("id:ended-by-agreement", "ended-by", "a org:Organization ; se:endedBy id:pact"),
    ("id:represented-at-agreement", "represented-at", "a org:Organization ; se:representedAt id:pact"),
    ("id:town-as-member", "has-member", "a org:Organization ; org:hasMember id:town"),
    ("id:office-held-by-organisation", "has-office-holder", "a org:Organization ; se:hasOfficeHolder id:hub"),
    ("id:founder-of-town", "founder-of", "a foaf:Person ; se:founderOf id:town"),
    ("id:founded-by-town", "founded-by", "a org:Organization ; se:foundedBy id:town"),
    ("id:carrying-out-purpose", "carries-out", "a org:Organization ; se:carriesOut purpose:good"),
    ("id:carrying-out-in-quotes", "carries-out", 'a org:Organization ; se:carriesOut "baking"'),
    ("id:coordinated-town", "Coordinated", "a dcterms:Location ; se:coordinatedBy id:hub"),
    ("id:coordinated-by-town", "coordinated-by", "a se:Cluster ; se:coordinatedBy id:town"),
    ("id:of-no-members", "number-of-members", "a se:Cluster ; se:numberOfMembers 0"),
    ("id:of-half-a-member", "number-of-members", "a se:Cluster ; se:numberOfMembers 2.5"),
    ("id:person-with-address", "Addressed", 'a foaf:Person ; se:address "Rynek 3"'),
    ("id:address-tagged", "address", 'a org:Organization ; se:address "Rynek 4"@pl'),
    # agreements and events
    ("id:untyped-agreement", "Agreement", "se:hasSignatory id:hub"),
    ("id:agreement-of-nobody", "signatory", "a se:Agreement"),
    ("id:agreement-of-town", "signatory", "a se:Agreement ; se:hasSignatory id:town"),
    ("id:signed-at-town", "signed-at", f"{PACT} ; se:signedAt id:town"),
    ("id:signed-at-no-event", "signed-at", f"{PACT} . id:something se:signingOf id:signed-at-no-event"),
    ("id:establishing-event", "Establishing", "a se:Event ; se:establishes id:cluster"),
    ("id:establishes-town", "establishes", f"{PACT} ; se:establishes id:town"),
    ("id:establishes-thing", "establishes", f"{PACT} . id:something se:establishedBy id:establishes-thing"),
    ("id:purpose-of-person", "Purposeful", "a foaf:Person ; se:hasPurpose purpose:good"),
    ("id:purpose-stakeholder", "purpose", f"{PACT} ; se:hasPurpose stakeholder:all"),
    ("id:purpose-misspelt", "purpose", f"{PACT} ; se:hasPurpose purpose:godo"),
    ("id:for-purpose", "stakeholder", f"{PACT} ; se:targetsStakeholder purpose:good"),
    ("id:initiated-by-town", "initiator", f"{PACT} ; se:initiatedBy id:town"),
    ("id:of-two-and-a-half", "number-of-signatories", f"{PACT} ; se:numberOfSignatories 2.5"),
    ("id:of-none", "number-of-signatories", f"{PACT} ; se:numberOfSignatories 0"),
    ("id:involving-organisation", "Involving", "a org:Organization ; se:involvesKind legal:form"),
    ("id:involving-purpose", "involves-kind", "a se:Cluster ; se:involvesKind purpose:good"),
    ("id:open-list-in-quotes", "open-list", 'a se:Event ; se:hasOpenList "se:hasAttendee"'),
    ("id:untyped-event", "Event", 'se:date "2018"^^xsd:gYear'),
    ("id:date-in-words", "date", 'a se:Event ; se:date "22 marca"'),
    ("id:date-month-13", "date", 'a se:Event ; se:date "2018-13"^^xsd:gYearMonth'),
    ("id:date-day-of-month-13", "date", 'a se:Event ; se:date "--13-01"^^xsd:gMonthDay'),
    ("id:date-year-18", "date", 'a se:Event ; se:date "18"^^xsd:gYear'),
    ("id:date-30-february", "date", 'a se:Event ; se:date "2018-02-30"^^xsd:date'),
    ("id:date-with-time", "date", 'a se:Event ; se:date "2018-03-22T10:00:00"^^xsd:dateTime'),
    ("id:date-number", "date", "a se:SigningEvent ; se:date 2018"),
    ("id:date-untyped-month", "date", 'a se:Event ; se:date "2018-03"'),
    ("id:date-untyped-day", "date", 'a se:Event ; se:date "--03-22"'),
    ("id:took-place-at-town", "took-place-at", "a se:Event ; se:tookPlaceAt id:town"),
    ("id:took-place-in-site", "took-place-in", "a se:Event ; se:tookPlaceIn id:office"),
    ("id:town-as-attendee", "participant", "a se:Event ; se:hasAttendee id:town"),
    ("id:town-as-signer", "participant", "a se:SigningEvent ; se:hasSigner id:town"),
    ("id:town-as-participant", "participant", "a se:Event ; se:hasParticipant id:town"),
    ("id:in-year-of-agreement", "in-year-of", "a se:Event ; se:inYearOf id:pact"),
    ("id:signed-too", "attended-without-signing", "a se:SigningEvent ; se:signingOf id:pact ; se:hasAttendee id:hub"),
    ("id:signed-by-hub", "attended-without-signing", f"a se:SigningEvent ; se:hasAttendee id:hub . {SIGNED_BY_HUB}"),
    ("id:earliest-year", "earliest", 'a se:Event ; se:earliest "2018"^^xsd:gYear'),
    ("id:earliest-30-february", "earliest", 'a se:Event ; se:earliest "2018-02-30"^^xsd:date'),
    ("id:latest-in-words", "latest", 'a se:Event ; se:latest "marzec"'),
    ("id:until-30-february", "latest", f'a se:Event ; {SINCE_2018} ; se:latest "2018-02-30"^^xsd:date'),
    ("id:untyped-award", "Award", "a se:Event ; se:hasLaureate id:coop"),
    ("id:town-as-laureate", "laureate", "a se:Award ; se:hasLaureate id:town"),
    ("id:untyped-grant", "Grant", "a se:Event ; se:beneficiary id:coop"),
    ("id:grant-to-town", "beneficiary", "a se:Grant ; se:beneficiary id:town"),
    ("id:of-no-laureates", "number-of-laureates", "a se:Award ; se:numberOfLaureates 0"),
    ("id:of-half-a-laureate", "number-of-laureates", "a se:Award ; se:numberOfLaureates 2.5"),
    ("id:granted-event", "Granted", "a se:Event ; se:grantedBy id:hub"),
    ("id:granted-by-person", "granted-by", "a se:Award ; se:grantedBy id:anna"),
    # memberships, posts, time
    ("id:untyped-membership", "Membership", "org:member id:anna ; org:organization id:hub"),
    ("id:membership-of-nobody", "member", "a org:Membership ; org:organization id:hub"),
    ("id:membership-in-nothing", "organization", "a org:Membership ; org:member id:anna"),
    ("id:membership-of-two", "member", f"{MEMBERSHIP} ; org:member id:coop"),
    ("id:membership-in-two", "organization", f"{MEMBERSHIP} ; org:organization id:coop"),
    ("id:membership-of-town", "member", "a org:Membership ; org:member id:town ; org:organization id:hub"),
    ("id:membership-in-town", "organization", "a org:Membership ; org:member id:anna ; org:organization id:town"),
    ("id:role-purpose", "role", f"{MEMBERSHIP} ; org:role purpose:good"),
    ("id:role-in-quotes", "role", f'{MEMBERSHIP} ; org:role "chair"'),
    ("role:of-purposes", "in-role", f"a skos:Concept, org:Role ; {DEFINED} ; skos:inScheme kind:purpose"),
    ("id:untyped-post", "Post", "org:postIn id:hub ; org:role role:chair"),
    ("id:post-in-nothing", "post-in", "a org:Post ; org:role role:chair"),
    ("id:post-in-two", "post-in", f"{POST} ; org:postIn id:coop"),
    ("id:post-in-town", "post-in", "a org:Post ; org:postIn id:town ; org:role role:chair"),
    ("id:post-without-role", "post-role", "a org:Post ; org:postIn id:hub"),
    ("id:post-with-purpose", "role", "a org:Post ; org:postIn id:hub ; org:role purpose:good"),
    ("id:post-held-by-town", "held-by", f"{POST} ; org:heldBy id:town"),
    ("id:post-held-by-thing", "held-by", f"{POST} . id:something org:holds id:post-held-by-thing"),
    ("id:valid-from-year", "valid-from", f'{MEMBERSHIP} ; se:validFrom "2018"^^xsd:gYear'),
    ("id:valid-until-text", "valid-until", f'{MEMBERSHIP} ; se:validUntil "2018"'),
    ("id:valid-until-30-february", "valid-until", f'{MEMBERSHIP} ; se:validUntil "2018-02-30"^^xsd:date'),
    ("id:lasts-from-30-february", "valid-from", f'{MEMBERSHIP} ; se:validFrom "2018-02-30"^^xsd:date ; {UNTIL_2019}'),
    ("id:untyped-record", "StatusRecord", "se:holder id:hub ; se:recordedStatus orgstatus:of-hub"),
    ("id:record-of-nobody", "holder", "a se:StatusRecord ; se:recordedStatus orgstatus:of-hub"),
    ("id:record-of-two", "holder", f"{RECORD} ; se:holder id:coop"),
    ("id:record-of-person", "holder", "a se:StatusRecord ; se:holder id:anna ; se:recordedStatus orgstatus:of-hub"),
    ("id:record-of-no-kind", "which-status", "a se:StatusRecord ; se:holder id:hub"),
    ("id:record-as-form", "which-status", "a se:StatusRecord ; se:holder id:hub ; se:recordedStatus legal:form"),
    ("id:from-year-18", "from-year", f'{MEMBERSHIP} ; se:fromYear "18"^^xsd:gYear'),
    ("id:from-year-day", "from-year", f'{MEMBERSHIP} ; se:fromYear "2018-01-01"^^xsd:date'),
    ("id:until-year-number", "until-year", f"{MEMBERSHIP} ; se:untilYear 2018"),
    ("id:attested-in-year", "last-attested", f'{MEMBERSHIP} ; se:lastAttested "2018"^^xsd:gYear'),
    ("id:attested-30-february", "last-attested", f'{MEMBERSHIP} ; se:lastAttested "2018-02-30"^^xsd:date'),
    # places, identifiers, points
    ("id:untyped-place", "Location", "se:within id:region"),
    ("id:within-agent", "within", "a dcterms:Location ; se:within id:hub"),
    ("id:contains-agent", "within", "a dcterms:Location ; se:contains id:hub"),
    ("id:within-itself", "within-no-circle", "a dcterms:Location ; se:within id:within-itself"),
    ("id:circle-a", "within-no-circle", "a dcterms:Location ; se:within id:circle-b"),
    ("id:circle-b", "within-no-circle", "a dcterms:Location ; se:within id:circle-a"),
    ("id:untyped-site", "Site", "org:siteOf id:hub"),
    ("id:site-of-nobody", "site-of", "a org:Site"),
    ("id:site-of-town", "site-of", "a org:Site ; org:siteOf id:town"),
    ("id:site-in-agent", "located-in", "a org:Site ; org:siteOf id:hub ; se:locatedIn id:hub"),
    ("id:identifier-in-quotes", "identifier", 'a org:Organization ; adms:identifier "0001"'),
    ("id:untyped-identifier", "Identifier one-notation", 'adms:schemaAgency "GUS"'),
    ("id:identifier-without-number", "one-notation", 'a adms:Identifier ; adms:schemaAgency "GUS"'),
    ("id:identifier-of-two", "one-notation", 'a adms:Identifier ; skos:notation "14", "15" ; adms:schemaAgency "GUS"'),
    ("id:identifier-as-number", "notation", 'a adms:Identifier ; skos:notation 14 ; adms:schemaAgency "GUS"'),
    ("id:identifier-of-no-agency", "schema-agency", 'a adms:Identifier ; skos:notation "14"'),
    ("id:point-in-quotes", "has-geometry", 'a dcterms:Location ; geo:hasGeometry "POINT(1 2)"'),
    ("id:untyped-point", "Geometry", 'geo:asWKT "POINT(1 2)"^^geo:wktLiteral'),
    ("id:point-without-wkt", "wkt", "a geo:Geometry"),
    ("id:two-points", "wkt", 'a geo:Geometry ; geo:asWKT "POINT(1 2)"^^geo:wktLiteral, "POINT(3 4)"^^geo:wktLiteral'),
    ("id:point-as-text", "wkt", 'a geo:Geometry ; geo:asWKT "POINT(1 2)"'),
    ("id:point-with-comma", "wkt", 'a geo:Geometry ; geo:asWKT "22.1, 52.3"^^geo:wktLiteral'),
    ("id:point-off-earth", "wkt", 'a geo:Geometry ; geo:asWKT "POINT(999 999)"^^geo:wktLiteral'),
    ("id:point-past-the-pole", "wkt", 'a geo:Geometry ; geo:asWKT "POINT(22.29 90.5)"^^geo:wktLiteral'),
    # concepts, schemes, acts of law
    ("legal:untyped", "Concept", f"{DEFINED} ; skos:inScheme kind:legal-form"),
    ("legal:of-no-scheme", "in-scheme", CONCEPT),
    ("legal:of-other-scheme", "in-scheme", f"{CONCEPT} ; skos:inScheme kind:legal-from"),
    ("legal:of-two-schemes", "in-scheme", f"{FORM}, kind:topic"),
    ("legal:no-pl", "definition-pl", 'a skos:Concept ; skos:definition "d"@en ; skos:inScheme kind:legal-form'),
    ("legal:no-en", "definition-en", 'a skos:Concept ; skos:definition "o"@pl ; skos:inScheme kind:legal-form'),
    ("legal:number", "notation", f"{FORM} ; skos:notation 1"),
    ("legal:below-agent", "broader", f"{TOPIC} ; skos:broader id:hub"),
    ("legal:above-agent", "broader", f"{TOPIC} ; skos:narrower id:hub"),
    ("legal:near-agent", "broader", f"{TOPIC} ; skos:related id:hub"),
    ("topic:a", "broader-no-circle", f"{TOPIC} ; skos:broader topic:b"),
    ("topic:b", "broader-no-circle", f"{TOPIC} ; skos:broader topic:a"),
    ("legal:by-hub", "governing-act", f"{TOPIC} ; se:governingAct id:hub"),
    ("kind:untyped", "ConceptScheme", "skos:hasTopConcept legal:form"),
    ("kind:empty", "top-concept", "a skos:ConceptScheme"),
    ("kind:of-agent", "top-concept", "a skos:ConceptScheme ; skos:hasTopConcept id:hub"),
    ("kind:misspelt", "ConceptScheme top-concept", f"{TITLED} . id:something skos:topConceptOf kind:misspelt"),
    ("id:untyped-act", "LegalResource", 'eli:id_local "DU/2003/1143"'),
    ("id:act-without-number", "id-local", "a eli:LegalResource"),
    ("id:act-of-two-numbers", "id-local", 'a eli:LegalResource ; eli:id_local "DU/2003/1143", "DU/2003/1144"'),
    ("id:act-as-number", "id-local", "a eli:LegalResource ; eli:id_local 2003"),
    ("id:act-issued-text", "issued", 'a eli:LegalResource ; eli:id_local "DU/2003/1143" ; dcterms:issued "2003"'),
    # status records
    ("id:record-of-no-reason", "end-reason", f"{RECORD} ; {UNTIL_2019} ; se:endReason legal:form"),
    ("id:record-without-end", "Ended", f"{RECORD} ; se:endReason ending:by-voivode"),
    ("id:record-on-no-list", "listed-on", f"{RECORD} ; se:listedOn source:unread"),
    ("id:record-numbered-in-polish", "number-as-text", f'{RECORD} ; dcterms:identifier "WPS"@pl'),
    ("source:list-of-no-day", "CompleteList", f"{UNREAD} ; se:listsAll orgstatus:of-hub"),
    ("source:list-of-forms", "lists-all", f'{UNREAD} ; dcterms:valid "2024-11-27"^^xsd:date ; se:listsAll legal:form'),
    ("source:list-of-a-month", "valid-on", f'{UNREAD} ; dcterms:valid "2024-11"^^xsd:gYearMonth'),
    # grants
    ("id:grant-of-anna", "funder", f"{PAID} ; schema:funder id:anna"),
    ("id:grant-of-no-kind", "funding-kind", f"{PAID} ; dcterms:type legal:form"),
    ("id:grant-below-zero", "amount", 'a se:Grant ; schema:amount -1.00 ; schema:currency "PLN"'),
    ("id:grant-of-project-below-zero", "total-cost", f"{PAID} ; se:totalCost -1.00"),
    ("id:place-of-a-level", "locality-kind", "a dcterms:Location ; dcterms:type legal:form"),
    ("id:grant-in-words", "amount", 'a se:Grant ; schema:amount "100" ; schema:currency "PLN"'),
    ("id:grant-in-zloty", "currency", 'a se:Grant ; schema:amount 1.00 ; schema:currency "zł"'),
    ("id:grant-without-currency", "currency-given", "a se:Grant ; schema:amount 1.00"),
    ("id:grant-of-hub", "programme", f"{PAID} ; dcterms:isPartOf id:hub"),
    ("id:supporting-town", "Supporting", "a dcterms:Location ; se:supports id:coop"),
    ("id:supporter-of-town", "supports", "a org:Organization ; se:supports id:town"),
    # registers
    ("id:untyped-address", "PartedAddress", 'locn:thoroughfare "Rynek"'),
    ("id:address-of-five-digits", "post-code", 'a locn:Address ; locn:postCode "08110"'),
    ("id:anna-at-home", "AddressedInParts", "a foaf:Person ; locn:address id:address"),
    ("id:addressed-at-town", "parted-address", "a org:Organization ; locn:address id:town"),
    ("id:anna-by-mail", "Contacted", 'a foaf:Person ; schema:email "anna@example.org"'),
    ("id:reached-nowhere", "email", 'a org:Organization ; schema:email "biuro"'),
    ("id:called-nowhere", "telephone", 'a org:Organization ; schema:telephone "wewn. 5"'),
    ("id:registered-town", "Registered", "a dcterms:Location ; rov:orgStatus operating:well"),
    ("id:registered-baker", "org-activity", "a org:Organization ; rov:orgActivity activity:baking"),
    ("id:registered-form", "org-state", "a org:Organization ; rov:orgStatus legal:form"),
    ("id:hub-of-a-level", "Levelled", "a org:Organization ; cv:level level:low"),
    ("id:unit-of-no-level", "level", "a cv:AdminUnit ; cv:level legal:form"),
    ("id:untyped-count", "Observation", COUNT.removeprefix("a schema:Observation ; ")),
    ("id:count-of-town", "observation-about", COUNT.replace("id:coop", "id:town")),
    ("id:count-of-nobody", "measured", COUNT.replace("headcount:staff", "legal:form")),
    ("id:count-below-zero", "counted", COUNT.replace("value 5", "value -5")),
    ("id:count-of-no-year", "observation-year", f"a schema:Observation ; {COUNTED}"),
    ("id:count-of-no-group", "target-group", f"{COUNT} ; se:targetGroup legal:form"),
    (
        "id:untyped-delegation",
        "Delegation",
        f"{FOR_HUB.removeprefix('a prov:Delegation ; ')} . id:anna prov:qualifiedDelegation id:untyped-delegation",
    ),
    ("id:delegation-of-nobody", "delegate", FOR_HUB),
    ("id:for-town", "on-behalf-of", f"{FOR_TOWN} . id:anna prov:qualifiedDelegation id:for-town"),
    ("id:for-no-event", "delegated-activity", f"{FOR_NOTHING} . id:anna prov:qualifiedDelegation id:for-no-event"),
    ("id:under-a-former-name", "renamed", "se:standing orgstatus:of-hub"),
    # sources and known unknowns
    ("source:untyped", "Source", f"{TITLED} ; {PUBLISHED} ; se:textUnavailable true"),
    ("source:no-pl", "title-pl", f'a se:Source ; dcterms:title "t"@en ; {PUBLISHED} ; se:textUnavailable true'),
    ("source:no-en", "title-en", f'a se:Source ; dcterms:title "t"@pl ; {PUBLISHED} ; se:textUnavailable true'),
    ("source:two-titles", "title-once", f'{UNREAD} ; dcterms:title "druga strona"@pl'),
    ("source:of-nobody", "publisher", f"a se:Source ; {TITLED} ; {ON_PAPER} ; se:textUnavailable true"),
    ("source:issued-twice", "issued", f'{UNREAD} ; dcterms:issued "2018-01-01"^^xsd:date, "2018-01-02"^^xsd:date'),
    ("source:issued-and-unknown", "issued-known", f"{UNREAD} ; {ON_A_DAY} . {NOT_KNOWN}"),
    ("source:in-words", "language", f'{UNREAD} ; dcterms:language "polish"'),
    ("source:in-two-letters-too-many", "language", f'{UNREAD} ; dcterms:language "pl_PL"'),
    ("source:nowhere", "SourcePlace", NOT_DESCRIBED),
    ("source:issued-text", "issued", f'{UNREAD} ; dcterms:issued "2018"'),
    ("source:issued-30-february", "issued", f'{UNREAD} ; dcterms:issued "2018-02-30"^^xsd:date'),
    ("source:hash-upper", "text-sha256", f"{SOURCE} ; se:textLength 9 ; se:textSHA256 {HASH.upper()}"),
    ("source:hash-twice", "text-sha256", f"{SOURCE} ; se:textLength 9 ; se:textSHA256 {HASH}, {HASH_2}"),
    ("source:hash-tagged", "text-sha256", f"{SOURCE} ; se:textLength 9 ; se:textSHA256 {HASH}@en"),
    ("source:length-0", "text-length", f"{SOURCE} ; se:textLength 0 ; se:textSHA256 {HASH}"),
    ("source:length-decimal", "text-length", f"{SOURCE} ; se:textLength 9.5 ; se:textSHA256 {HASH}"),
    ("source:length-twice", "text-length", f"{SOURCE} ; se:textLength 9, 10 ; se:textSHA256 {HASH}"),
    ("source:unread-text", "text-unavailable SourceText", f'{SOURCE} ; se:textUnavailable "tak"'),
    ("source:half-done", "draft", f'{UNREAD} ; se:draft "tak"'),
    ("source:unread-twice", "text-unavailable", f"{SOURCE} ; se:textUnavailable true, false"),
    ("source:repeats-text", "repeats-passage", f'{UNREAD} ; se:repeatsPassage "tak"'),
    ("source:repeats-twice", "repeats-passage", f"{UNREAD} ; se:repeatsPassage true, false"),
    ("source:leaves-agent", "leaves-unknown", f"{UNREAD} ; se:leavesUnknown id:hub"),
    ("source:copy-of-agent", "version-of", f"{UNREAD} ; dcterms:isVersionOf id:hub"),
    ("source:copy-of-two", "version-of", f"{UNREAD} ; dcterms:isVersionOf source:page, source:unread"),
    ("source:neither", "SourceText", SOURCE),
    ("source:said-false", "SourceText", f"{SOURCE} ; se:textUnavailable false"),
    ("source:licence-text", "source-licence", f'{UNREAD} ; dcterms:license "CC BY"'),
    ("source:licences", "source-licence", f"{UNREAD} ; dcterms:license <https://a.example/>, <https://b.example/>"),
    ("source:retrieved-year", "retrieved", f'{UNREAD} ; se:retrieved "2026"'),
    ("source:archived-text", "archived-copy", f'{UNREAD} ; schema:archivedAt "web.archive.org"'),
    ("source:both", "SourceText", f"{UNREAD} ; se:textSHA256 {HASH} ; se:textLength 9"),
    ("source:no-length", "SourceTextLength", f"{SOURCE} ; se:textSHA256 {HASH}"),
    ("id:untyped-unknown", "KnownUnknown", "se:about id:hub"),
    ("id:unknown-about-nothing", "about", "a se:KnownUnknown"),
    ("id:unknown-about-two", "about", "a se:KnownUnknown ; se:about id:hub, id:coop"),
    ("id:unknown-about-text", "about", 'a se:KnownUnknown ; se:about "the hub"'),
    ("id:unknown-resolved-by-agent", "resolved-by", "a se:KnownUnknown ; se:about id:hub ; se:resolvedBy id:hub"),
    ("id:unknown-of-two-aspects", "aspect", "a se:KnownUnknown ; se:about id:hub ; se:aspect se:seatIn, se:activeIn"),
    ("id:unknown-aspect-text", "aspect", 'a se:KnownUnknown ; se:about id:hub ; se:aspect "seat"'),
    # removed things
    ("id:gone-not", "deprecated", f'owl:deprecated false ; se:removedIn "1.1.0" ; {OLD}'),
    ("id:gone-unsaid", "deprecated", f'se:removedIn "1.1.0" ; {OLD}'),
    ("id:gone-sometime", "removed-in", f"owl:deprecated true ; {OLD}"),
    ("id:gone-twice", "removed-in", f'{GONE}, "1.2.0" ; {OLD}'),
    ("id:gone-without-pl", "removed-name-pl", f'{GONE} ; rdfs:label "old"@en'),
    ("id:gone-without-en", "removed-name-en", f'{GONE} ; rdfs:label "stare"@pl'),
    ("id:gone-and-there", "removed-type", f"{GONE} ; {OLD} ; a foaf:Group ; {NAMES}"),
    # claims and their evidence
    ("inference:of-nothing", "subject", f"{INFERENCE} ; rdf:predicate se:within ; rdf:object id:hub"),
    ("inference:no-predicate", "predicate", f"{INFERENCE} ; rdf:subject id:hub ; rdf:object id:hub"),
    ("inference:no-object", "object", f"{INFERENCE} ; rdf:subject id:hub ; rdf:predicate se:within"),
    ("claim:two-subjects", "subject", f"{CLAIM} ; rdf:subject id:coop"),
    ("claim:two-predicates", "predicate", f"{CLAIM} ; rdf:predicate se:activeIn"),
    ("claim:two-objects", "object", f"{CLAIM} ; rdf:object id:region"),
    ("inference:text", "subject", f'{INFERENCE} ; rdf:subject "x" ; rdf:predicate se:date ; rdf:object 1'),
    ("inference:word", "predicate", f'{INFERENCE} ; rdf:subject id:a ; rdf:predicate "x" ; rdf:object 1'),
    ("inference:blank", "object", f"{INFERENCE} ; rdf:subject id:a ; rdf:predicate se:date ; rdf:object []"),
    ("claim:untyped", "Claim", f"{FROM_PAGE} ; se:claimStatus status:stated"),
    ("claim:no-source", "claim-source", f"a se:Claim ; {FACT} ; se:claimStatus status:stated"),
    ("claim:two-sources", "claim-source evidence-of-source", f"{CLAIM} ; prov:wasDerivedFrom source:unread"),
    (
        "claim:from-agent",
        "claim-source",
        f"a se:Claim ; {FACT} ; prov:wasDerivedFrom id:hub ; se:claimStatus status:stated",
    ),
    ("claim:no-status", "claim-status", f"a se:Claim ; {FACT} ; {FROM_PAGE}"),
    ("claim:two-statuses", "claim-status", f"{CLAIM}, status:opinion"),
    ("claim:status-role", "claim-status", f"a se:Claim ; {FACT} ; {FROM_PAGE} ; se:claimStatus role:chair"),
    ("claim:evidence-agent", "evidence", f"{CLAIM} ; se:evidence id:hub"),
    ("claim:evidence-of-other", "evidence-of-source", f"{CLAIM} ; se:evidence claim:passage-unread"),
    ("claim:refines-agent", "claim-link", f"{CLAIM} ; se:refines id:hub"),
    ("claim:contradicts-agent", "claim-link", f"{CLAIM} ; se:contradicts id:hub"),
    ("claim:differs-from-agent", "claim-link", f"{CLAIM} ; se:differsInTime id:hub"),
    ("claim:lists-differ-from-agent", "claim-link", f"{CLAIM} ; se:listsDiffer id:hub"),
    ("inference:untyped", "Inference", 'se:rule "r"'),
    ("inference:without-rule", "rule", f"a se:Inference ; {FACT}"),
    ("inference:rule-4", "rule", f"a se:Inference ; {FACT} ; se:rule 4"),
    ("claim:passage-of-nothing", "passage-source", PASSAGE),
    ("claim:passage-of-two", "passage-source", f"{PASSAGE} ; oa:hasSource source:page, source:unread"),
    ("claim:passage-of-agent", "passage-source", f"{PASSAGE} ; oa:hasSource id:hub"),
    ("claim:passage-nowhere", "selector", "a oa:SpecificResource ; oa:hasSource source:page"),
    ("claim:passage-at-agent", "selector", "a oa:SpecificResource ; oa:hasSource source:page ; oa:hasSelector id:hub"),
    ("claim:no-start", "start", "a oa:TextPositionSelector ; oa:end 4"),
    ("claim:no-end", "end", "a oa:TextPositionSelector ; oa:start 1"),
    ("claim:two-starts", "start", "a oa:TextPositionSelector ; oa:start 0, 1 ; oa:end 4"),
    ("claim:two-ends", "end", "a oa:TextPositionSelector ; oa:start 1 ; oa:end 4, 5"),
    ("claim:starts-before-text", "start", "a oa:TextPositionSelector ; oa:start -1 ; oa:end 4"),
    ("claim:ends-at-0", "end start-first", "a oa:TextPositionSelector ; oa:start 0 ; oa:end 0"),
    ("claim:empty-passage", "start-first", "a oa:TextPositionSelector ; oa:start 5 ; oa:end 5"),
    ("claim:start-decimal", "start", "a oa:TextPositionSelector ; oa:start 0.5 ; oa:end 4"),
    ("claim:end-decimal", "end", "a oa:TextPositionSelector ; oa:start 0 ; oa:end 4.5"),
    ("claim:no-words", "TextQuoteSelector", "a oa:TextQuoteSelector"),
    ("claim:words-both-ways", "TextQuoteSelector", 'a oa:TextQuoteSelector ; oa:exact "a" ; se:abridged "a … b"'),
    ("claim:two-quotes", "TextQuoteSelector", 'a oa:TextQuoteSelector ; oa:exact "a", "b"'),
    ("claim:quote-tagged", "TextQuoteSelector", 'a oa:TextQuoteSelector ; oa:exact "a"@pl'),
    ("claim:two-abridged", "TextQuoteSelector", 'a oa:TextQuoteSelector ; se:abridged "a … b", "a … c"'),
    ("claim:abridged-tagged", "TextQuoteSelector", 'a oa:TextQuoteSelector ; se:abridged "a … b"@pl'),
    # claims only, never facts
    ("id:first-of-kind", "claimed-only", "a se:Cluster ; se:firstOfKindIn id:region"),
    ("id:hoped-for", "claimed-only", "a se:Cluster ; se:expectedEffect purpose:good"),
)
"""Faults: a node, the shapes that it breaks, and its facts apart from names (`id:something` has no type)."""

BETRAYED = {
    "Agent": "se:memberOf se:foundingMemberOf se:cooperatesWith se:signatoryOf se:accededTo se:participatedIn "
    "se:founderOf se:activeIn se:laureateOf",
    "Organization": "se:seatIn se:operatedBy se:operates se:representedAt se:hasOfficeHolder "
    "org:classification org:hasPost org:hasSite org:hasMember se:foundedBy se:carriesOut se:numberOfMembers",
    "Coordinated": "se:coordinatedBy",
    "Agreement": "se:hasSignatory se:signedAt se:targetsStakeholder se:initiatedBy se:numberOfSignatories",
    "Establishing": "se:establishes",
    "Purposeful": "se:hasPurpose",
    "Event": "se:date se:tookPlaceAt se:tookPlaceIn se:hasParticipant se:hasAttendee se:hasSigner "
    "se:organisedBy se:inYearOf se:signingOf",
    "Award": "se:hasLaureate se:numberOfLaureates",
    "Grant": "se:beneficiary schema:funder schema:amount schema:currency se:totalCost",
    "Supporting": "se:supports",
    "Membership": "org:member org:organization",
    "StatusRecord": "se:holder se:recordedStatus se:endReason se:listedOn",
    "CompleteList": "se:listsAll",
    "PartedAddress": "locn:thoroughfare locn:locatorDesignator locn:postCode locn:postName",
    "AddressedInParts": "locn:address",
    "Contacted": "schema:email schema:telephone",
    "Registered": "rov:orgActivity se:mainActivity rov:orgStatus",
    "Levelled": "cv:level",
    "Observation": "schema:observationAbout schema:measuredProperty schema:value schema:observationDate se:targetGroup",
    "Delegation": "prov:agent prov:hadActivity",
    "Post": "org:postIn org:heldBy",
    "Location": "se:within se:contains",
    "Site": "org:siteOf",
    "Identifier": "adms:schemaAgency",
    "Geometry": "geo:asWKT",
    "Concept": "skos:inScheme skos:topConceptOf skos:broader se:governingAct",
    "ConceptScheme": "skos:hasTopConcept",
    "LegalResource": "eli:id_local",
    "Source": "se:textSHA256 se:textLength se:textUnavailable se:repeatsPassage se:leavesUnknown dcterms:isVersionOf "
    "se:retrieved schema:archivedAt",
    "KnownUnknown": "se:about se:aspect se:resolvedBy",
    "Claim": "se:claimStatus se:evidence se:refines se:contradicts se:differsInTime se:listsDiffer se:yieldsTo",
    "Inference": "se:rule",
}
"""Properties by shape: the shape reports a subject of such a property that has no type."""

FORGOTTEN = tuple(
    (f"id:with-{telling.partition(':')[2]}", shape, f"{telling} id:something")
    for shape, properties in BETRAYED.items()
    for telling in properties.split()
)
"""Faults of nodes with one such property and no type: a node, the broken shape, and the fact."""

NAMELESS = (
    *("a foaf:Person", "a foaf:Group", "a org:Organization", "a se:Agreement", "a se:Event", "a org:ChangeEvent"),
    *("a org:Membership", "a org:Post", "a org:Site", "a dcterms:Location", "a adms:Identifier", "a geo:Geometry"),
    *("a se:Grant", "a schema:FundingScheme", "a schema:Observation", "a locn:Address", "a prov:Delegation"),
    *("a se:StatusRecord", "a eli:LegalResource", "a skos:Concept", "a skos:ConceptScheme", "a se:KnownUnknown"),
    *('foaf:name "Anna Nowak"', 'skos:altLabel "nazwa"@pl'),
)
"""Facts of things that lack a required name."""

HELPERS = {
    *("Role", "in-kind-of-organisation", "in-purpose", "in-stakeholder", "in-claim-status"),
    *("in-activity", "in-organisation-status", "in-end-reason", "in-funding-kind", "in-operating-state"),
    *("in-unit-level", "in-locality-kind", "in-headcount", "in-target-group", "in-pkd"),
    *("last-day-given", "last-year-given", "list-day-given"),
    *("address-given", "description-given"),
    *("hash-given", "no-hash-given", "length-given", "said-unavailable", "exact", "abridged"),
}
"""Helper shapes of sh:and, sh:or and sh:xone: the shape that refers to them has the message."""


def about(node: str, facts: str) -> str:
    """The facts of a node as Turtle; a node with a type gets both names, unless the facts include a name."""
    named = "skos:prefLabel" in facts or not facts.startswith("a ")
    return f"{node} {facts} ." if named else f"{node} {NAMES} ; {facts} ."


def nameless(facts: str) -> str:
    return f"id:nameless-{NAMELESS.index(facts)}"


@pytest.fixture(scope="module")
def messages(folders: Folders) -> Mapping[str, Sequence[ox.Literal]]:
    """The messages of each shape, empty for a shape without sh:message."""
    texts: dict[str, list[ox.Literal]] = defaultdict(list)
    quads = turtle.parse(folders.ontology / "shapes.ttl")
    for quad in quads:
        if quad.predicate == term("sh:message") and isinstance(quad.object, ox.Literal):
            texts[str(quad.subject)].append(quad.object)
    named = {str(quad.subject) for quad in quads if quad.object in (term("sh:NodeShape"), term("sh:PropertyShape"))}
    return {shape.strip("<>").removeprefix(f"{BASE}shape/"): texts[shape] for shape in named}


@pytest.fixture(scope="module")
def reported(folders: Folders, messages: Mapping[str, Sequence[ox.Literal]]) -> Mapping[str, set[str]]:
    """The problems of each node: the name of the shape that has the message, otherwise the message."""
    store = ox.Store()
    named = [about(row[0], row[-1]) for row in EXAMPLES + FAULTS + FORGOTTEN]
    facts = "\n".join([*named, *(f"{nameless(facts)} {facts} ." for facts in NAMELESS)])
    parts = [(turtle.parse(path), ONTOLOGY_GRAPH) for path in folders.ontologies()]
    parts.append((list(ox.parse(TURTLE_PREFIXES + facts, ox.RdfFormat.TURTLE)), term("graph:facts")))
    for quads, name in parts:
        fill(store, (ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in quads))
    shape_saying = {text.value: shape for shape, texts in messages.items() for text in texts if text.language == "en"}
    found: dict[str, set[str]] = defaultdict(set)
    problems = shapes.problems(store, folders.ontology / "shapes.ttl")
    assert len(lines(problems, "pl")) == len({*lines(problems)})
    for problem in problems:
        message = next(filter(problem.message.startswith, shape_saying), "")
        found[problem.node].add(shape_saying.get(message, problem.message))
    return found


@pytest.mark.parametrize("node", [node for node, _ in EXAMPLES])
def test_a_correct_example_has_no_problem(reported: Mapping[str, set[str]], node: str) -> None:
    assert reported.get(node, set()) == set()


@pytest.mark.parametrize(("node", "broken"), [(node, broken) for node, broken, _ in FAULTS])
def test_a_fault_breaks_its_shape_and_no_other(
    reported: Mapping[str, set[str]], messages: Mapping[str, Sequence[ox.Literal]], node: str, broken: str
) -> None:
    assert reported[node] & messages.keys() == set(broken.split())


@pytest.mark.parametrize(("node", "broken"), [(node, broken) for node, broken, _ in FORGOTTEN])
def test_a_forgotten_type_is_noticed(reported: Mapping[str, set[str]], node: str, broken: str) -> None:
    assert broken in reported[node]


@pytest.mark.parametrize("facts", NAMELESS)
def test_a_forgotten_name_is_noticed_once(reported: Mapping[str, set[str]], facts: str) -> None:
    assert {message for message in reported[nameless(facts)] if "label" in message} == {"label"}


def test_a_problem_is_said_in_polish(store_of: Callable[..., ox.Store], folders: Folders) -> None:
    store = store_of('id:group a foaf:Group ; skos:prefLabel "group"@en .')
    found = shapes.problems(store, folders.ontology / "shapes.ttl")
    said = "id:group · Brakuje polskiej nazwy: dodaj skos:prefLabel z językiem @pl."
    assert f"{said} (sh:QualifiedMinCountConstraintComponent)" in lines(found, "pl")


def test_every_message_is_in_polish_and_english(messages: Mapping[str, Sequence[ox.Literal]]) -> None:
    assert {shape for shape, texts in messages.items() if texts and languages(texts) != ["en", "pl"]} == set()


def languages(texts: Sequence[ox.Literal]) -> list[str]:
    return sorted(text.language or "" for text in texts)


def test_every_property_shape_has_a_message(messages: Mapping[str, Sequence[ox.Literal]]) -> None:
    assert {shape for shape, texts in messages.items() if shape.islower() and not texts} == set()


def test_every_shape_with_a_message_has_a_fault_that_breaks_it(messages: Mapping[str, Sequence[ox.Literal]]) -> None:
    broken = {shape for row in FAULTS for shape in row[1].split()}
    assert broken == {shape for shape, texts in messages.items() if texts} - HELPERS


def test_every_example_and_fault_has_a_node_of_its_own() -> None:
    nodes = [row[0] for row in EXAMPLES + FAULTS + FORGOTTEN]
    assert sorted(nodes) == sorted(set(nodes))


def called(thing: str, kind: str) -> str:
    return f"{thing} a {kind} ~ ; {NAMES} . "


CODED = 'id:code a adms:Identifier ~ ; skos:notation "0601011" ~ ; adms:schemaAgency "GUS (TERYT)" ~ . '
ORGS = called("id:o", "org:Organization") + called("id:q", "org:Organization")
TENURES = called("id:t", "org:Membership") + called("id:u", "org:Membership")
NUMBERED = ORGS + "".join(
    f"id:o adms:identifier id:n{n} ~ . id:n{n} a adms:Identifier ~ ; "
    f'skos:notation "000000000{n}" ~ ; adms:schemaAgency "KRS" ~ . '
    for n in (1, 2)
)
IN_YY = called("id:zz", "cv:AdminUnit") + called("id:yy", "dcterms:Location") + "id:zz se:within id:yy ~ . "
OVER = CODED.replace("id:code", "id:over").replace("0601011", "14") + "id:yy adms:identifier id:over ~ . "
VOIVODESHIP = "id:yy a cv:AdminUnit ~ ; cv:level level:voivodeship ~ . "
LEVEL = "id:zz cv:level level:rural-gmina ~ . "
IN_ZZ = IN_YY + called("id:xx", "cv:AdminUnit") + f"id:xx se:within id:zz ~ ; adms:identifier id:code ~ . {CODED}"
FAR_OFF = (
    f'id:zz geo:hasGeometry id:at ~ . id:at a geo:Geometry ~ ; {NAMES} ; geo:asWKT "POINT(2 48)"^^geo:wktLiteral ~ . '
)
FOUNDED = (
    called("id:ag", "se:Agreement") + called("id:c", "se:Cluster") + called("id:ev", "se:SigningEvent")
    + "id:ag se:hasSignatory id:o ~ ; se:establishes id:c ~ . id:ev se:signingOf id:ag ~ . "
)  # fmt: skip
CLOSED = (
    called("id:end", "se:Event") + "id:o se:endedBy id:end ~ . id:end a org:ChangeEvent ~ ; "
    'se:date "2019-05-01"^^xsd:date ~ ; se:earliest "2019-05-01"^^xsd:date ~ ; se:latest "2019-05-01"^^xsd:date ~ . '
)  # fmt: skip
TAKES_PART = called("id:ev", "se:Event") + "id:o se:participatedIn id:ev ~ . "
LATER = '"2019-05-02"^^xsd:date ~ .'
NEW_KIND = "se:involvesKind orgstatus:social-enterprise-2022 ~ . "
SAME_TEXT = f"a se:Source ; {TITLED} ; {PUBLISHED} ; se:textSHA256 {HASH} ; se:textLength 9 . "

ADDED = [
    ("disjoint", ORGS, 'id:o se:date "2018"^^xsd:gYear ~ .'),
    ("disjoint", ORGS + "id:x se:participatedIn id:y ~ .", "id:y se:memberOf id:o ~ ."),
    ("kind-before-law", ORGS + FOUNDED + f"id:c {NEW_KIND}", 'id:ev se:latest "2018-03-22"^^xsd:date ~ .'),
    ("kind-before-law", ORGS + FOUNDED + 'id:ev se:latest "2018-03-22"^^xsd:date ~ .', f"id:c {NEW_KIND}"),
    ("unlabelled", ORGS, "id:nameless se:memberOf id:o ~ ."),
    ("unlabelled", ORGS, "id:o se:memberOf id:nameless ~ ."),
    ("told-twice", TENURES, 'id:t se:fromYear "2018"^^xsd:gYear ~ , "2019"^^xsd:gYear ~ .'),
    ("out-of-order", TENURES, 'id:t se:fromYear "2018"^^xsd:gYear ~ ; se:lastAttested "2017"^^xsd:gYear ~ .'),
    (
        "tenure-twice",
        ORGS + TENURES + "id:t org:member id:p ~ ; org:organization id:o ~ ; org:role role:director ~ .",
        "id:u org:member id:p ~ ; org:organization id:o ~ ; org:role role:director ~ .",
    ),
    (
        "tenure-twice",
        ORGS + TENURES + "id:p org:hasMembership id:t ~ . id:t org:organization id:o ~ ; org:role role:director ~ .",
        "id:p org:hasMembership id:u ~ . id:u org:organization id:o ~ ; org:role role:director ~ .",
    ),
    (
        "matched-twice",
        ORGS + "id:o skos:exactMatch <https://example.org/1> ~ .",
        "id:q skos:exactMatch <https://example.org/1> ~ .",
    ),
    (
        "same-page",
        "",
        "source:first rdfs:seeAlso <https://example.org/1> . source:added rdfs:seeAlso <https://example.org/1> .",
    ),
    ("identity-numbers", NUMBERED, "id:was se:mergedInto id:o ."),
    ("same-text", f"source:s {SAME_TEXT}", f"source:t {SAME_TEXT}"),
    ("absurd-year", TENURES, 'id:t se:fromYear "1700"^^xsd:gYear ~ .'),
    ("day-to-come", called("id:ev", "se:Event"), 'id:ev se:date "2050-01-01"^^xsd:date ~ .'),
    ("other-unit", IN_YY + "id:yy se:within id:wodynie ~ .", f"id:zz adms:identifier id:code ~ . {CODED}"),
    (
        "other-unit",
        called("id:zz", "cv:AdminUnit")
        + called("id:yy", "dcterms:Location")
        + f"id:yy se:within id:wodynie ~ . id:zz adms:identifier id:code ~ . {CODED}",
        "id:zz se:within id:yy ~ .",
    ),
    ("other-unit", IN_ZZ, "id:yy se:within id:wodynie ~ ."),
    ("other-unit", IN_ZZ, OVER + VOIVODESHIP),
    ("other-unit", IN_ZZ + OVER, VOIVODESHIP),
    ("other-level", called("id:zz", "cv:AdminUnit") + f"id:zz adms:identifier id:code ~ . {CODED}", LEVEL),
    ("outside-poland", IN_YY + FAR_OFF, "id:yy se:within id:siedlce ~ ."),
    ("outside-poland", IN_YY + "id:yy se:within id:siedlce ~ .", FAR_OFF),
    ("outside-poland", IN_YY + FAR_OFF + "id:yy adms:identifier id:code ~ .", CODED),
    ("after-end", ORGS + TENURES + CLOSED, "id:t org:organization id:o ~ ; org:member id:q ~ ; se:validFrom " + LATER),
    ("after-end", ORGS + CLOSED + TAKES_PART, "id:ev se:earliest " + LATER),
    ("fewer-signatories", ORGS + FOUNDED, "id:ag se:hasSignatory id:o ~ , id:q ~ ; se:numberOfSignatories 1 ~ ."),
]


@pytest.fixture(scope="module")
def bare(folders: Folders, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The bundled folders with the gazetteer as the only source."""
    data = tmp_path_factory.mktemp("data")
    for name in ("places.ttl", "dataset.ttl"):
        shutil.copy(folders.data / name, data)
    return Folders(folders.ontology, data)


@pytest.fixture(scope="module")
def gazetteer(bare: Folders) -> ox.Store:
    """The graph of the gazetteer."""
    return pipeline.graph(bare)


def with_source(before: ox.Store, bare: Folders, path: Path) -> tuple[ox.Store, Sequence[Problem]]:
    """The graph with a source added and closed, and the problems near the added facts."""
    store = ox.Store()
    store.bulk_extend(before)
    quads = list(claims.quads(turtle.read(path)))
    fill(store, quads)
    told, facts = ([quad.triple for quad in quads if quad.graph_name not in left] for left in ((), (CLAIMS_GRAPH,)))
    grown = inference.extend(store, before, facts, told, pipeline.rules(bare))
    return store, shapes.problems_near(store, bare.ontology / "shapes.ttl", told, grown.about)


@pytest.mark.parametrize(("check", "first", "added"), ADDED)
def test_what_is_added_is_found_at_fault_as_in_the_whole(
    gazetteer: ox.Store, bare: Folders, tmp_path: Path, check: str, first: str, added: str
) -> None:
    grown = gazetteer
    for name, body in (("first", first), ("added", added)):
        assert not list(sparql.named(grown, check))
        path = tmp_path / f"{name}.ttl"
        path.write_text(f'VERSION "1.2"\n{TURTLE_PREFIXES}source:{name} {UNREAD} .\n{body}', encoding="utf-8")
        grown, near = with_source(grown, bare, path)
    assert list(sparql.named(grown, check))
    whole = consistency.inconsistencies(grown, consistency.Files())
    assert {(problem.node, problem.message) for problem in whole} <= {
        (problem.node, problem.message) for problem in near
    }


def test_every_check_is_tried_on_what_is_added() -> None:
    assert {check for check, _, _ in ADDED} == consistency.checks().keys()
