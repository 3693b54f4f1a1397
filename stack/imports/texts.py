"""The help of `frontdesk import`; apart, because it is shown without loading any driver."""

ABOUT = """\
Imports a help centre, or invites a team.

  frontdesk import SOURCE             a folder, a ZIP file, one file, or the address of a web site
  frontdesk import users FILE.csv     people to invite; columns: e-mail, name, roles

Files: Markdown, text, HTML, CSV, PDF and DOCX, up to 16 MiB each. A file's path makes its document's id, so importing again
changes documents instead of adding them, and uploads only what has changed. An import that was interrupted continues when you
run it again. Each file that can't be imported is named with the reason and a remedy, and the others are imported.

A web site is read by the server, about a page a second, and only public ones (docs/deployment.md, FRONTDESK_FETCH_ALLOW).

Users: a line is "ada@shop.example,Ada Lovelace,agent"; several roles have a semicolon or a space between them. If a line is
wrong, no one is invited. Each person gets a link, by mail where mail is set up, otherwise printed here: hand it over.
"""
MORE = """\
On this machine the command uses the operator's key. Elsewhere name the gateway, with an API key of the organization:
  FRONTDESK_API_KEY=fd_... frontdesk import ./help --gateway https://support.example.com --organization acme
The connection is encrypted. FRONTDESK_GATEWAY_CA names a PEM file, if the gateway's certificate is of an authority of your own;
http:// is only for this machine, unless --plain-http says otherwise.
"""
