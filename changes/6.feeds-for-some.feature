A site can have feeds for the Collaborative and for named partners, read with tokens that expire and can be revoked (`ckan citizendata feed add`, `feed token`, `feed revoke`).
