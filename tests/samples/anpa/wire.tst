W2870asian
r a HP-NO--Ferry-Late 1stLd-Writethru   03-14 0061
^HP-NO--Ferry-Late, 1st Ld-Writethru,61<
^Ferry is late, says cook<
^HP Photo HPA101, HPA102<
^Eds: Adds the cook. With HP Photos.<
^The ferry of Saltby was late again on Saturday,
and the cook knows why.<
^By MARA LINDQVIST and TOM O'NEIL=
^Harbour Press=
	   SALTBY, North (HP) _ The ferry of Saltby was late again on Saturday,
the cook said.
 
	   ``It left at nine,'' he said. 
	   ___
	   Bo Ek helped with this story.

	   HP-WF-03-14-26 1509GMT<


s0284-----
r s HP-BBO--Standings     03-14 
^*9006< ^HP-BBO--Standings,0176<
^Standings of the Boats=
^All Times GMT=
^By The Harbour Press=
^NORTHERN LEAGUE=
 W L
Salt Bay 7 3
Eastby;2;8<
^END<

	   HP-NY-02-10-26 2319EST<
z9999-----
