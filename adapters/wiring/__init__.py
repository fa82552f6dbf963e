"""Where the concrete adapters are named and put together; nobody else knows them."""
