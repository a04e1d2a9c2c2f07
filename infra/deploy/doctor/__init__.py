"""`make doctor`: asks AWS what would keep pages from arriving or alarms from being heard, and changes nothing."""
