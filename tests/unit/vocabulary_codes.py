"""The codes of the shipped lists, their sizes and languages, and some of their IRIs, all written by hand."""

from __future__ import annotations

CODES: dict[str, str] = {
    "access-rights": "PUBLIC RESTRICTED NON_PUBLIC unknown",
    "analysis-unit": "Individual OrganizationOrInstitution Family Family.HouseholdFamily Household HousingUnit"
    " EventOrProcessOrActivity GeographicUnit PoliticalAdministrativeArea TimeUnit MediaUnit MediaUnit.Sound"
    " MediaUnit.StillImage MediaUnit.Text MediaUnit.Video Group Object Other unknown",
    "audience": "producer partners national collaborative everyone_short everyone",
    "citizen-data-form": "citizen_generated community_driven citizen_science crowdsourced participatory_mapping"
    " community_scorecard_social_audit community_census_enumeration community_based_monitoring participatory_survey"
    " perception_survey civic_monitoring_of_rights storytelling_qualitative sensor_based co_produced_with_nso other"
    " unknown",
    "consent-status": "ConsentRequested ConsentGiven RenewedConsentGiven ConsentRefused ConsentRequestDeferred"
    " ConsentExpired ConsentInvalidated ConsentRevoked ConsentWithdrawn ConsentUnknown",
    "consent-type": "individual_written individual_verbal_recorded individual_digital guardian_consent_with_assent"
    " collective_fpic community_assembly_agreement terms_of_participation legal_mandate no_persons_observed"
    " not_obtained unknown",
    "data-ownership": "community_owned individually_owned_pooled organisation_held_in_trust organisation_owned joint"
    " public_body open_commons contested unknown",
    "data-theme": "SOCI HEAL EDUC ENVI AGRI ECON GOVE JUST REGI ENER TRAN TECH INTR",
    "dataset-status": "COMPLETED DEVELOP DEPRECATED DISCONT WITHDRAWN",
    "dataset-type": "STATISTICAL GEOSPATIAL HVD SYNTHETIC_DATA TEST_DATA DIRECTORY CODE_LIST GLOSSARY TAXONOMY"
    " THESAURUS ONTOLOGY NAL MAPPING SCHEMA APROF CORE_COMP DOMAIN_MODEL DSCRP_SERV IEPD SYNTAX_ECD_SCHEME STYLES"
    " RELEASE ATTO_LEX ATTO_PUB",
    "distribution-status": "DEVELOP COMPLETED DEPRECATED WITHDRAWN",
    "engagement-level": "0 1 2 3 4 5 unknown",
    "engagement-stage": "needs design collection processing analysis dissemination use feedback governance",
    "engagement-who": "individuals community_members community_leaders cbo cso opd ipo youth women experts nso_staff"
    " local_officials",
    "frequency": "CONT UPDATE_CONT 1MIN 5MIN 10MIN 15MIN 30MIN HOURLY BIHOURLY TRIHOURLY 12HRS DAILY_2 DAILY WEEKLY_3"
    " WEEKLY_2 WEEKLY BIWEEKLY MONTHLY_3 MONTHLY_2 MONTHLY BIMONTHLY QUARTERLY ANNUAL_3 ANNUAL_2 ANNUAL BIENNIAL"
    " TRIENNIAL QUADRENNIAL QUINQUENNIAL DECENNIAL BIDECENNIAL TRIDECENNIAL IRREG AS_NEEDED NOT_PLANNED NEVER OTHER"
    " UNKNOWN",
    "instrument-type": "Questionnaire Questionnaire.Structured Questionnaire.Semistructured Questionnaire.Unstructured"
    " InterviewSchemeAndThemes DataCollectionGuidelines DataCollectionGuidelines.ObservationGuide"
    " DataCollectionGuidelines.DiscussionGuide DataCollectionGuidelines.SelfAdministeredWritingsGuide"
    " DataCollectionGuidelines.SecondaryDataCollectionGuide ParticipantTasks TechnicalInstruments ProgrammingScript"
    " Other unknown",
    "integration-status": "none stand_alone_by_choice inventoried_by_nso under_assessment assessed_not_suitable"
    " used_as_complementary integrated formerly_used unknown",
    "lc-label": "tk_attribution tk_clan tk_family tk_multiple_community tk_community_voice tk_creative tk_verified"
    " tk_non_verified tk_seasonal tk_women_general tk_men_general tk_men_restricted tk_women_restricted"
    " tk_culturally_sensitive tk_secret_sacred tk_commercial tk_non_commercial tk_community_use_only tk_outreach"
    " tk_open_to_collaboration bc_provenance bc_multiple_community bc_collaboration bc_commercialization bc_research"
    " bc_consent_verified bc_consent_non_verified bc_clan bc_outreach bc_non_commercial",
    "lc-notice": "traditional_knowledge biocultural attribution_incomplete open_to_collaborate authorization belonging"
    " caring gender_aware leave_undisturbed safety viewing withholding",
    "legal-basis": "Consent Contract LegalObligation PublicInterest OfficialAuthorityOfController LegitimateInterest"
    " VitalInterest unknown",
    "licence": "CC0 CC_BY_4 CC_BY_SA_4 CC_BY_NC_4 CC_BY_NC_SA_4 ODbL_1 ODC_BY_1 PDDL CC_BY_ND_4 CC_BY_NC_ND_4 CC_BY_3"
    " CC_BY_SA_3 CC_BY_NC_3 CC_BY_NC_SA_3 CC_BY_ND_3 CC_BY_NC_ND_3 CC_BY_2_5 CC_BY_SA_2_5 CC_BY_2 CC_BY_SA_2 CC_PDM_1"
    " GNU_FDL_1_3 GNU_FDL_1_3_OR_LATER OGL_3_0 OGL_2_0 ETALAB_2_0 DLDE_BY_2_0 DLDE_ZERO_2_0 IODL_2_0 NLOD_2_0 HROD"
    " OGL_ROU_1_0 COM_REUSE custom_community_terms no_licence_ask unknown",
    "organisation-kind": "individuals informal_group community_organisation indigenous_peoples_organisation opd"
    " womens_organisation youth_organisation lgbtiq_organisation national_ngo international_ngo network_coalition nhri"
    " academia media private_sector foundation local_government nso ministry_agency un_intergovernmental other unknown",
    "personal-data": "none anonymised pseudonymised identifiable unknown",
    "population-group": "women girls persons_with_disabilities indigenous_peoples ethnic_minorities racial_groups"
    " people_of_african_descent caste_descent_based religious_minorities linguistic_minorities lgbtiq lesbian gay"
    " bisexual trans intersex queer older_persons youth children migrants refugees asylum_seekers internally_displaced"
    " stateless slum_informal_settlement_dwellers homeless rural remote pastoralists_nomads people_in_poverty"
    " informal_workers domestic_workers sex_workers people_living_with_hiv detained_persons survivors_of_violence"
    " human_rights_defenders farmers_fishers general_population not_about_people unknown",
    "planned-availability": "STABLE AVAILABLE EXPERIMENTAL TEMPORARY",
    "policy-marker": "0 1 2",
    "region": "001 002 015 202 014 017 018 011 019 419 029 013 005 021 142 143 030 035 034 145 150 151 154 039 155 009"
    " 053 054 057 061",
    "sampling-procedure": "TotalUniverseCompleteEnumeration Probability Probability.SimpleRandom"
    " Probability.SystematicRandom Probability.Stratified Probability.Stratified.Proportional"
    " Probability.Stratified.Disproportional Probability.Cluster Probability.Cluster.SimpleRandom"
    " Probability.Cluster.StratifiedRandom Probability.Multistage Nonprobability Nonprobability.Availability"
    " opt_in_volunteer Nonprobability.Purposive Nonprobability.Quota Nonprobability.RespondentAssisted"
    " MixedProbabilityNonprobability Other unknown",
    "sdg-goal": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 none",
    "sensitivity": "low_or_none moderate high severe unknown",
    "time-method": "Longitudinal Longitudinal.CohortEventBased Longitudinal.TrendRepeatedCrossSection"
    " Longitudinal.Panel Longitudinal.Panel.Continuous Longitudinal.Panel.Interval TimeSeries TimeSeries.Continuous"
    " TimeSeries.Discrete CrossSection CrossSectionAdHocFollowUp Other unknown",
    "tombstone": "withdrawn deleted no_longer_public moved duplicate absent",
    "un-gender-equality-marker": "0 1 2 3",
    "withdrawal-possible": "yes_person yes_community both until_publication no unknown",
    "yes-no-unknown": "yes no unknown",
    "accessible-format": "sign_language easy_read braille audio large_print captions screen_reader_friendly other",
    "agent-role": "initiator community_of_origin data_collector community_of_interest custodian rights_holder"
    " methodologist technical_partner funder nso_partner ethics_body host",
    "agreement-kind": "mou data_sharing_agreement joint_project protocol_validated informal legal_mandate none unknown",
    "assessment-result": "meets partly_meets does_not_meet not_applicable unknown",
    "bias": "self_selection digital_divide gatekeeper small_sample coverage_gap recall social_desirability"
    " observer_skill spatial_clustering translation power_dynamics no_comparison_group none_known unknown",
    "children-involved": "no as_data_subjects as_collectors both unknown",
    "collective-consent": "given refused in_progress not_sought not_applicable withdrawn unknown",
    "community-control": "decides_collection decides_publication decides_access_requests can_correct can_withdraw"
    " is_consulted is_notified none unknown",
    "consent-scope": "this_project this_organisation advocacy research official_statistics public_aggregate"
    " public_microdata named_partners ai_training_allowed ai_training_refused unknown",
    "data-kind": "microdata aggregate indicators geospatial images audio_video text_qualitative scorecard event_reports"
    " sensor_readings unknown",
    "data-use-kind": "vnr sdg_national_report shadow_spotlight_report policy_or_law local_plan_budget"
    " court_or_treaty_body service_change campaign_media research_paper early_warning dashboard community_action other",
    "disability-instrument": "wg_ss wg_ss_enhanced wg_es wg_unicef_cfm wg_lfm who_mds admin_certificate"
    " self_declared_single_question other unknown",
    "disaggregation-dimension": "income sex gender_identity sexual_orientation age race ethnicity indigenous_status"
    " migratory_status displacement_status disability geographic_location urban_rural education occupation religion"
    " language household_type settlement_type other",
    "disclosure-control": "none_needed direct_identifiers_removed pseudonymised aggregated small_cells_suppressed"
    " k_anonymity top_bottom_coding geo_masking noise_differential_privacy synthetic on_site_only redaction unknown",
    "done-status": "yes partly no planned unknown",
    "ethics-review": "irb_rec indigenous_ethics_body community_ethics_board internal_checklist nso_board waived none"
    " unknown",
    "framework-reference": "undrip ilo169 crpd cedaw crc sendai kmgbf paris_agreement agenda2063 gcm national_plan"
    " other",
    "geographic-granularity": "national admin1 admin2 admin3 village_settlement household point grid not_applicable"
    " unknown",
    "impact-assessment": "dpia do_no_harm risk_assessment none unknown",
    "lnob-factor": "discrimination geography governance socio_economic_status shocks_fragility unknown",
    "mandate": "assembly council elected delegated_cso other unknown",
    "name-source": "self_identified assigned unknown",
    "organisation-identifier-scheme": "org_id ror wikidata iati national_register other",
    "policy-action": "use distribute reproduce derive commercialize aggregate anonymize attribute inform obtainConsent"
    " share_alike reidentify train_ai notify_community",
    "purpose": "advocacy accountability service_improvement local_planning rights_claim sdg_monitoring research"
    " early_warning awareness official_statistics unknown",
    "quality-criterion": "relevance credibility accuracy reliability timeliness frequency documentation accessibility"
    " coherence comparability coverage inclusion ethics_safety consent privacy transparency accountability"
    " community_ownership usefulness_to_community",
    "quality-framework": "copenhagen un_nqaf paris21_cgd kesqaf_cgd psa_cgd ons_nonofficial dane_maturity care_score"
    " fair own other unknown",
    "quality-status": "not_assessed self_assessed community_validated peer_reviewed nso_assessed nso_validated"
    " certified",
    "scope-hint": "in_scope borderline outside not_enough_information",
    "sdg-relation": "direct proxy contextual unknown",
    "statement-status": "stated_by_producer confirmed denied",
    "variable-type": "text integer decimal code date boolean geometry",
    "withdrawal-action": "hide_record tombstone_public remove_files_keep_record restrict_access correct"
    " notify_downstream",
    "withdrawal-requester": "person community organisation authority unknown",
    "yes-partly-no": "yes partly no unknown",
}
SIZES = {
    "collection-mode": 51 + 7 + 1,
    "country": 249 + 1,
    "file-type": 200,
    "language": 874,
    "sdg-indicator": 232,
    "sdg-target": 169,
}
LOCAL_MODES = "community_meeting participatory_mapping app_report photo_report hotline interactive_radio sensor unknown"
NO_UNKNOWN = {
    "accessible-format",
    "agent-role",
    "audience",
    "consent-status",
    "data-theme",
    "data-use-kind",
    "dataset-status",
    "dataset-type",
    "disaggregation-dimension",
    "distribution-status",
    "engagement-stage",
    "engagement-who",
    "file-type",
    "framework-reference",
    "frequency",
    "lc-label",
    "lc-notice",
    "organisation-identifier-scheme",
    "planned-availability",
    "policy-action",
    "policy-marker",
    "quality-criterion",
    "quality-status",
    "region",
    "scope-hint",
    "sdg-goal",
    "sdg-indicator",
    "sdg-target",
    "statement-status",
    "tombstone",
    "un-gender-equality-marker",
    "variable-type",
    "withdrawal-action",
}
NOT_WRITTEN = {"access-rights": "unknown", "country": "unknown", "language": "unknown"}
SIX_LANGUAGES = {
    "access-rights",
    "audience",
    "country",
    "data-theme",
    "done-status",
    "engagement-level",
    "engagement-stage",
    "population-group",
    "region",
    "sdg-goal",
    "sdg-indicator",
    "sdg-target",
    "yes-no-unknown",
    "yes-partly-no",
}
# The United Nations' translations of these are of an older wording, or there are none; readers get English.
UNTRANSLATED = {
    "sdg-indicator": {
        **dict.fromkeys(("C100702", "C110503"), ["ru", "zh"]),
        "C120c01": ["ru"],
        "C150402": ["zh"],
    },
}
# The names of languages and file types come from sources that don't have them all; readers get English.
ENGLISH_ONLY_AT_WORST = {"file-type", "language"}
IRIS = {
    ("language", "ENG"): "http://publications.europa.eu/resource/authority/language/ENG",
    ("language", "SWA"): "http://publications.europa.eu/resource/authority/language/SWA",
    ("country", "KEN"): "http://publications.europa.eu/resource/authority/country/KEN",
    ("country", "GHA"): "http://publications.europa.eu/resource/authority/country/GHA",
    ("access-rights", "NON_PUBLIC"): "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC",
    ("licence", "CC_BY_SA_4"): "http://publications.europa.eu/resource/authority/licence/CC_BYSA_4_0",
    ("licence", "ODbL_1"): "http://publications.europa.eu/resource/authority/licence/ODC_BL",
    ("file-type", "CSV"): "http://publications.europa.eu/resource/authority/file-type/CSV",
    ("sdg-goal", "5"): "http://metadata.un.org/sdg/5",
    ("collection-mode", "Interview.FaceToFace"): (
        "https://ddialliance.org/Specification/DDI-CV/ModeOfCollection_4.0.html#Interview.FaceToFace"
    ),
    ("collection-mode", "hotline"): "https://w3id.org/citizen-data/vocabulary/collection-mode/hotline",
    ("country", "unknown"): "https://w3id.org/citizen-data/vocabulary/country/unknown",
    ("sdg-goal", "none"): "https://w3id.org/citizen-data/vocabulary/sdg-goal/none",
    ("licence", "no_licence_ask"): "https://w3id.org/citizen-data/vocabulary/licence/no_licence_ask",
    ("licence", "OGL_3_0"): "http://publications.europa.eu/resource/authority/licence/OGL_3_0",
    ("sdg-target", "16.b"): "http://metadata.un.org/sdg/16.b",
    ("sdg-indicator", "C120c01"): "http://metadata.un.org/sdg/C120c01",
    ("region", "202"): "https://w3id.org/citizen-data/vocabulary/region/202",
    ("data-theme", "SOCI"): "http://publications.europa.eu/resource/authority/data-theme/SOCI",
    ("frequency", "UNKNOWN"): "http://publications.europa.eu/resource/authority/frequency/UNKNOWN",
    ("consent-status", "ConsentGiven"): "https://w3id.org/dpv#ConsentGiven",
    ("legal-basis", "PublicInterest"): "https://w3id.org/dpv#PublicInterest",
    ("lc-label", "bc_clan"): "https://localcontexts.org/label/bc-clan/",
    ("lc-notice", "gender_aware"): "https://localcontexts.org/notice/gender-aware/",
    ("policy-marker", "2"): "https://w3id.org/citizen-data/vocabulary/policy-marker/2",
    ("un-gender-equality-marker", "2"): "https://w3id.org/citizen-data/vocabulary/un-gender-equality-marker/2",
    ("time-method", "TimeSeries.Discrete"): (
        "https://ddialliance.org/Specification/DDI-CV/TimeMethod_1.2.html#TimeSeries.Discrete"
    ),
    ("policy-action", "derive"): "http://www.w3.org/ns/odrl/2/derive",
    ("policy-action", "share_alike"): "http://creativecommons.org/ns#ShareAlike",
    ("policy-action", "train_ai"): "https://w3id.org/citizen-data/vocabulary/policy-action/train_ai",
    ("purpose", "official_statistics"): "https://w3id.org/citizen-data/vocabulary/purpose/official_statistics",
    ("population-group", "opd"): None,
    ("population-group", "lgbtiq"): "https://w3id.org/citizen-data/vocabulary/population-group/lgbtiq",
}
