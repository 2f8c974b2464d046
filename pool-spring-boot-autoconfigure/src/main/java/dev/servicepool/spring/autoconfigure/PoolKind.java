package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.Predicate;

import dev.servicepool.PoolBuilder;
import dev.servicepool.Target;

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
	 * @param targets the number of configured targets
	 */
	default PoolOptions defaults(int targets) {
		return new PoolOptions();
	}

	/** Set what follows from the client of the services, and is no option. */
	default void prepare(PoolBuilder builder) {
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
