A dataset is described once in a schema file with labels and help in English, French and Arabic; form, checks and RDF follow from it.
