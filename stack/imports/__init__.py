"""`frontdesk import`: a help centre from a folder, a ZIP file, a file or a web site; users from a CSV file.

access     whose rights the command has: the operator's key, or an API key at a gateway
sources    the files of a folder or a ZIP file, bounded
knowledge  brings files to memory as documents, and waits until they are indexed
sites      has a web site crawled, and follows that
team       the lines of a CSV file
users      invites the people in them
command    the command line
texts      its help
"""
