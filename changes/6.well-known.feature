A site says what it is, where its feeds are and who answers for it at `/.well-known/citizendata`.
