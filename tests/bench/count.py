# SPDX-License-Identifier: GPL-3.0-or-later
"""The count of messages with a reason that fits a regular expression, in the
way an administrator would write it: count.py REGEX [FILE]"""
import json
import re
import sys

fits = re.compile(sys.argv[1]).search
count = 0
with open(sys.argv[2] if len(sys.argv) > 2 else 0, "rb") as listing:
    for line in listing:
        message = json.loads(line)
        if any(fits(recipient.get("delay_reason", ""))
               for recipient in message["recipients"]):
            count += 1
print(count)
