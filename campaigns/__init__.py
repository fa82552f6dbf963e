"""Whom, what and how often: campaigns, lists, scripts, outcomes, retries; decides, touches nothing."""
