"""`python -m bench.web`: sizes and times of the screens in a real browser, and the screens of an organization with much data.

`observed` is the browser, `visits` what people do in it, `sizes` what they fetch; `seeding` fills an organization, `lists`
measures the calls of its lists, and `scrolling` their drawing.
"""
