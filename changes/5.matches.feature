Records of different members that look alike are listed with reasons and never merged: `ckan citizendata match list` and `match decide`.
