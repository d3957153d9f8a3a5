A harvest asks again, with growing pauses, when a server is busy, restarting or slow, and waits as long as it asks for within limits; the report says how often it was tried.
