A record that another member had first is *also listed* and told on its page, in place of a rejection; where its owner removed it, a person decides who takes over.
