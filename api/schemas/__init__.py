"""The shapes of requests and answers, one class a shape, a module a room."""
