Form, dataset page and search read in French, Spanish and Arabic as well as English.
