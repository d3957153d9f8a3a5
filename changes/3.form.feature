A form of one page publishes a record in one step: nine answers, three on safety and who may see it; no file is asked for and nothing typed is lost.
