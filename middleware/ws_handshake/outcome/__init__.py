"""What leaves: the rejection, the record, and who gets them."""
