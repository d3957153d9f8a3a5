`ckan citizendata member update` also changes title, address, contact, audience, trust, interval and prefixes of a member, checked as at admission.
