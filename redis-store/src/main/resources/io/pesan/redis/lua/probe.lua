-- Whether scripts may be called at all.
return 1
