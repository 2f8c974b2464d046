package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.function.Predicate;

import dev.servicepool.PoolBuilder;
import dev.servicepool.Target;
import dev.servicepool.spring.options.PoolOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Strategy for what pools of the same kind have in common.
 */
interface PoolKind {

	/** Kind of the pools that are of no other kind. */
	PoolKind ANY = (factory) -> true;

	/**
	 * Return whether the pool of a factory is of this kind.
	 * @param factory the declared type of the factory
	 */
	boolean includes(ResolvableType factory);

	/**
	 * Parse a target. The name of a target is shown, so that it contains no part of an
	 * address that could be a password.
	 * @param text the configured text
	 * @throws IllegalArgumentException if the text is not a valid target for this kind of
	 * pool; the message is the remedy
	 */
	default Target target(String text) {
		try {
			URI uri = new URI(text);
			if (uri.getScheme() == null) {
				return Target.of(text);
			}
			if (uri.getHost() != null) {
				return Target.of(uri);
			}
			String masked = MaskedText.of(text);
			return masked.equals(text) ? Target.of(text) : new Target(masked, uri);
		}
		catch (URISyntaxException ex) {
			if (text.contains(":") && !MaskedText.of(text).equals(text)) {
				throw new IllegalArgumentException(
						"it must be a URI; percent-encode characters that a URI cannot contain, for example a space as %20");
			}
			return Target.of(text);
		}
	}

	/**
	 * Return why a pool of this kind cannot use the addresses of a target instead of the
	 * target.
	 * @param target the target, whose host is a name
	 * @return the problem as the end of a sentence; {@code null} if there is none
	 */
	default @Nullable String problemOfAddresses(Target target) {
		boolean http = target.uri() != null && "http".equalsIgnoreCase(target.uri().getScheme());
		return http ? null : "only HTTP targets can be resolved";
	}

	/**
	 * Return whether a pool of this kind requires targets.
	 */
	default boolean needsTargets() {
		return false;
	}

	/**
	 * Return the identity of a target. A pool must not have two targets of the same
	 * identity.
	 */
	default Object identity(Target target) {
		return target.name();
	}

	/**
	 * Return the options that differ from the builder's defaults.
	 */
	default PoolOptions defaults() {
		return new PoolOptions();
	}

	/** Set what follows from the client of the services, and is no option. */
	default void prepare(PoolBuilder builder) {
	}

	/**
	 * Check the options that apply to single requests, which only HTTP pools have.
	 * @throws PoolConfigurationException if an option is invalid, or does not apply to
	 * pools of this kind
	 */
	default void checkRequestOptions(PoolConfiguration configuration) {
		for (String option : List.of("retry.failures", "retry.statuses", "retry.methods", "deadline", "deadlineHeader",
				"hedge.percentile", "hedge.delay")) {
			if (configuration.keys().isSet(option)) {
				throw configuration.keys()
					.invalid(option, "is set", "remove it, because this pool does not accept HTTP requests", null);
			}
		}
	}

	/**
	 * Return the predicate for failures that count against a service.
	 * @throws PoolConfigurationException if the properties of the predicate are invalid
	 */
	default Predicate<Throwable> failureWhen(PoolConfiguration configuration) {
		if (configuration.failureStatuses() != null) {
			throw configuration.keys()
				.invalid("failureStatuses", "is set", "remove it, because this pool does not accept HTTP requests",
						null);
		}
		return (cause) -> true;
	}

}
