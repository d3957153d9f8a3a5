Where `smtp.server` and `smtp.mail_from` are set, a member's people get a mail when a harvest finds something new to mend, and whom something needs gets one at most once a week.
