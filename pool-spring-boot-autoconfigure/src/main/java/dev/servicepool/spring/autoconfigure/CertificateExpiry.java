package dev.servicepool.spring.autoconfigure;

import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Knows when the client certificates of pools expire.
 */
interface CertificateExpiry {

	/**
	 * Return the time at which the client certificate of a pool expires.
	 * @param pool the name of the pool
	 * @return supplies the time, or {@code null} if the current SSL bundle contains no
	 * client certificate; {@code null} if the pool uses no SSL bundle
	 */
	@Nullable Supplier<@Nullable Instant> of(String pool);

}
