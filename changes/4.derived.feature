Goals follow from targets and indicators, and the engagement profile, the strongest assessment, the state of consent and the completeness from the answers; **nobody types them**.
