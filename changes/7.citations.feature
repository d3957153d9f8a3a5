Each dataset has a citation with the credit of its community, as a sentence and as RIS, BibTeX and CSL-JSON at /dataset/NAME/cite.ris, .bib and .json.
