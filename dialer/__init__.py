"""Plans, advances and orders: two pure functions, one engine, and the ports it speaks through."""
