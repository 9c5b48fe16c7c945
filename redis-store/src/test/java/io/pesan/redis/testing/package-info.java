/** A real Redis for tests, and a plain way to look into it. Published as this module's test-jar. */
package io.pesan.redis.testing;
