What a record says in the name of a statistical office reads **"stated by the producer, not confirmed"** until somebody of that office confirms it or denies it with a reason.
