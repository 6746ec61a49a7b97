"""Programs that measure what memories are for, on data that nobody prepared."""
