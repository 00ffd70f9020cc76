filedesc://crawl.arc 192.0.2.1 20260309010203 text/plain 77
1 1 InternetArchive
URL IP-address Archive-date Content-type Archive-length


dns:gazette.example 192.0.2.1 20260309010203 text/dns 15
20260309010203

http://gazette.example/ferry 192.0.2.1 20260309010203 text/html 415
HTTP/1.1 200 OK
Content-Type: text/html

<html lang=en><head><title>Ferry late | Gazette</title><link rel=canonical href='https://gazette.example/ferry'></head><body><h1>Ferry late</h1><p>By Ann Lee, 1 March 2026</p><p>The ferry was late again on Monday, and nobody on the pier could say why that was.</p><p>It left at nine, an hour after the last of the passengers had gone home by the bridge.</p></body></html>
http://gazette.example/none 192.0.2.1 20260309010203 text/html 53
HTTP/1.1 404 Not Found
Content-Type: text/html

no
