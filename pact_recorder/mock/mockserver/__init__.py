"""MockServer's JSON: a front end of the one matcher.

Each module reads one form, compares it, and says what a contract says of it. The entry points are `reading`
(expectations), `filtering` (what is retrieved and cleared), `writing` and `traffic` (what is given back).
"""
