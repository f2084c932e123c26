"""Archives changed at random: whatever comes in, the checks answer with a reason, in bounded memory and time."""
