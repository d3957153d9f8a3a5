`bin/faults` does harm to a registry on your machine, from hostile feeds to a killed database, and says case by case whether it kept its promises; `bin/faults --smoke` takes under three minutes.
