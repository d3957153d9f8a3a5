The whole form is saved section by section, tells how complete the record is and which three answers would help most, and lets long lists be searched by keyboard.
