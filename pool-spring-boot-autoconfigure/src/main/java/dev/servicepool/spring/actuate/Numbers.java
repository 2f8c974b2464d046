package dev.servicepool.spring.actuate;

import java.util.OptionalInt;

import dev.servicepool.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in the form that JSON supports: {@code null} stands for any other value.
 */
final class Numbers {

	private Numbers() {
	}

	static @Nullable Double finite(double number) {
		return Double.isFinite(number) ? number : null;
	}

	static @Nullable Integer nullable(OptionalInt number) {
		return number.isPresent() ? number.getAsInt() : null;
	}

	static @Nullable Integer limit(int limit) {
		return (limit != PoolSettings.UNLIMITED) ? limit : null;
	}

}
