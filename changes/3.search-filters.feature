Search filters by country, group of people, Sustainable Development Goal, who started the data and relation to official statistics, in the reader's language and without JavaScript.
