"""What runs on the application's thread: the call, its place among others, the snapshot, the channel to the recorder."""
