Countries are found by their **short and common names** too, in forms, spreadsheets and search: UK, Iran, South Korea, États-Unis, Kenia, سوريا.
