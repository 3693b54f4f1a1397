"""`frontdesk chat`: a customer's side of a web chat in the terminal, over the same calls as the widget."""
