A sheet to print at /dataset/NAME/sheet holds the main answers of a record and a QR code that leads to its page.
