ZCZC HAP
$J
:Ferry Saltby
=LEAD 2
^Ferry of Saltby runs late again
*X
+04015000
The ferry of Saltby ran late again on
Saturday, its cook said.

It will sail on Monday.
NNNN
   ZCZC HAP
%MNETALL MFI MGD
$J
:
:Harbour Board of Saltby
*X
Media release: Fewer boats

Fewer boats called at Saltby:
* tugs fell by two

NNNN
ZCZC
#Saltby Regatta
@Fields Friday
:DIVS 1-4 Friday
RACE FOR THE CUP
    Race 1: 6 10 9.  Win 3.80
    Race 2: 3 4 1.  Win 2.50

HAP RESULTS
NNNN
ZCZC HMG000
YY TDR
RACING : Saltby Park FIELDS Thursday
Weather: Fine
Track: Soft

NNNN
