A first visit to any page that people read weighs less than 150 KB, where CKAN's weigh two megabytes: no web font, no framework, and pages are packed by the site itself.
