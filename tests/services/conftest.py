from tests.services.fixtures import database_url, index_prefix, redis_url, services

__all__ = ["database_url", "index_prefix", "redis_url", "services"]
