# The same as count.py: jq -n --arg regex REGEX -f count.jq FILE
reduce inputs as $message (0;
    if any($message.recipients[]; .delay_reason // "" | test($regex))
    then . + 1 else . end)
