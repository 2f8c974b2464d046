package dev.servicepool.spring.autoconfigure;

import java.io.IOException;

import dev.servicepool.ServiceFactory;
import dev.servicepool.Target;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the targets of a pool whose source has not found any. No service can be
 * created for it, so that callers receive the reason, and the pool reports an outage.
 */
final class MissingTargets {

	static final Target TARGET = Target.of("no target found");

	private MissingTargets() {
	}

	/** Return a factory that rejects {@link #TARGET} with the reason. */
	static <Q, R> ServiceFactory<Q, R> reject(ServiceFactory<Q, R> factory, TargetQuery query) {
		return (target) -> {
			if (target.equals(TARGET)) {
				throw noTargets(query);
			}
			return factory.create(target);
		};
	}

	private static IOException noTargets(TargetQuery query) {
		@Nullable Exception failure = query.failure();
		return new IOException(query.name() + " has found no targets"
				+ ((failure != null) ? ": " + MaskedText.of(failure.toString()) : ""), failure);
	}

}
