Records about Indigenous Peoples, of high sensitivity or about recognisable people get **narrow readers and access by default, and their exact places stay with those who may edit them**.
