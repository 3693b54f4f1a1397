"""Channel's values and rules: channels, web-chat sessions, received messages, and the facts about them."""
