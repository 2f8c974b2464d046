package dev.servicepool.spring.actuate;

import dev.servicepool.PoolBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as JSON can show them: what is not a number there is {@code null}.
 */
final class Numbers {

	private Numbers() {
	}

	static @Nullable Double finite(double number) {
		return Double.isFinite(number) ? number : null;
	}

	static @Nullable Integer limit(int limit) {
		return (limit != PoolBuilder.UNLIMITED) ? limit : null;
	}

}
